/** All worlds of the smallest programs of remote references, with every invariant, without and with one fault. */
import type { ClusterSetting, Profile } from '../actors/index.ts';
import {
  sharingAmongUsers,
  sharingByOwner,
  sharingWithOwner,
} from '../examples/tutorials/sharing.ts';
import {
  creation,
  fetchAgainstDelete,
  nestedCalls,
  remoteToSelf,
} from '../examples/tutorials/small-programs.ts';
import { defineSystem, search } from '../src/index.ts';
import type { SearchResult, SystemDefinition } from '../src/index.ts';
import type { Section } from './section.ts';

/** One program, and how it is run. */
export interface ProtocolCase {
  readonly fault: ProtocolFault;
  readonly poolSize: number;
  readonly scenario: keyof typeof scenarios;
  readonly workers: number;
}

/** What may come at any moment, once; a time-out is what a node that stops for a while brings about. */
export type ProtocolFault = 'none' | 'drop' | 'duplicate' | 'pause' | 'crash';

const scenarios = {
  creation: { make: creation, workers: [2, 3] },
  'sharing-with-owner': { make: sharingWithOwner, workers: [2] },
  'sharing-by-owner': { make: sharingByOwner, workers: [2] },
  'sharing-among-users': { make: sharingAmongUsers, workers: [3] },
  'remote-to-self': { make: remoteToSelf, workers: [2] },
  'fetch-against-delete': { make: fetchAgainstDelete, workers: [2, 3] },
  'nested-calls': { make: nestedCalls, workers: [2, 3] },
} as const satisfies Readonly<
  Record<
    string,
    {
      readonly make: (setting: ClusterSetting) => SystemDefinition;
      readonly workers: readonly number[];
    }
  >
>;

const faults: readonly ProtocolFault[] = ['none', 'drop', 'duplicate', 'pause', 'crash'];
const poolSizes: readonly number[] = [1, 2];

/** All cases. */
export function protocolCases(): readonly ProtocolCase[] {
  // cast -- the keys of a literal
  const names = Object.keys(scenarios) as readonly (keyof typeof scenarios)[];
  return names.flatMap((scenario) =>
    scenarios[scenario].workers.flatMap((workers) =>
      poolSizes.flatMap((poolSize) =>
        faults.map((fault) => ({ fault, poolSize, scenario, workers })),
      ),
    ),
  );
}

/** What came of one case: the invariants that are broken, and the worlds that were looked at without them. */
export interface ProtocolVerdict {
  readonly broken: readonly string[];
  readonly result: SearchResult;
}

/** Looks at all worlds of one case; again without each invariant that is broken, until none is. */
export function protocolVerdict(
  { fault, poolSize, scenario, workers }: ProtocolCase,
  { profile, statesMax }: { readonly profile: Profile; readonly statesMax: number },
): ProtocolVerdict {
  const definition = scenarios[scenario].make({
    ...(fault === 'none' ? {} : { faults: { [fault]: 1 } }),
    poolSize,
    profile,
    workers,
  });
  const system = defineSystem(definition);
  const broken: string[] = [];
  for (;;) {
    const properties = (definition.properties ?? []).filter(({ name }) => !broken.includes(name));
    const result = search(system, { properties, statesMax });
    if (result.violations.length === 0) return { broken, result };
    broken.push(...result.violations.map(({ property }) => property));
  }
}

// What a case may take of the time of whoever takes the figures.
const statesMaxOfEvidence = 300_000;

/** The hardened protocol, case by case. */
export function protocolWorlds(): Section {
  return {
    title: 'The hardened protocol',
    method:
      'Exhaustive search, breadth first, of every interleaving, with all invariants of clusters in force ' +
      'and at most one fault at any moment. Time goes from due moment to due moment; `pause` stops a node ' +
      'for as long as it takes, so that calls to it time out and their answers come late. An invariant ' +
      'that is broken is named, and left out when the worlds are counted.',
    header: ['program', 'workers', 'pool', 'fault', 'worlds', 'depth', 'complete', 'broken'],
    rows: protocolCases().map((one) => {
      const { broken, result } = protocolVerdict(one, {
        profile: 'hardened',
        statesMax: statesMaxOfEvidence,
      });
      return [
        one.scenario,
        `${one.workers}`,
        `${one.poolSize}`,
        one.fault,
        `${result.states}`,
        `${result.depth}`,
        result.complete ? 'yes' : 'no',
        broken.length === 0 ? 'none' : broken.join(' '),
      ];
    }),
  };
}
