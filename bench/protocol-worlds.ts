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
  returnedReference,
  shutdownWithWork,
  unreadReference,
} from '../examples/tutorials/small-programs.ts';
import { defineSystem, zero } from '../src/index.ts';
import type { SearchOptions, SystemDefinition } from '../src/index.ts';
import { worldsOf } from './worlds.ts';
import type { Worlds } from './worlds.ts';

/** One program, and how it is run. */
export interface ProtocolCase {
  readonly fault: ProtocolFault;
  readonly poolSize: number;
  readonly scenario: keyof typeof scenarios;
  readonly workers: number;
}

/** What may come at any moment, once: a message is lost or doubled, a timer fires before it is due, a worker crashes. */
export type ProtocolFault = 'none' | 'drop' | 'duplicate' | 'time-out' | 'crash';

const scenarios = {
  creation: { make: creation, workers: [2, 3] },
  'sharing-with-owner': { make: sharingWithOwner, workers: [2, 3] },
  'sharing-by-owner': { make: sharingByOwner, workers: [2, 3] },
  'sharing-among-users': { make: sharingAmongUsers, workers: [3] },
  'remote-to-self': { make: remoteToSelf, workers: [2, 3] },
  'fetch-against-delete': { make: fetchAgainstDelete, workers: [2, 3] },
  'nested-calls': { make: nestedCalls, workers: [2, 3] },
  'shutdown-with-work': { make: shutdownWithWork, workers: [2, 3] },
  'returned-reference': { make: returnedReference, workers: [2] },
  'unread-reference': { make: unreadReference, workers: [3] },
} as const satisfies Readonly<
  Record<
    string,
    {
      readonly make: (setting: ClusterSetting) => SystemDefinition;
      readonly workers: readonly number[];
    }
  >
>;

const faults: readonly ProtocolFault[] = ['none', 'drop', 'duplicate', 'time-out', 'crash'];
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

/** Looks at all worlds of one case. */
export function protocolVerdict(
  one: ProtocolCase,
  { profile, ...limits }: SearchOptions & { readonly profile: Profile },
): Worlds {
  const definition = definitionOf(one, profile);
  return worldsOf(defineSystem(definition), definition.properties ?? [], limits);
}

/** Messages take no time, so that whatever is under way may come next. */
function definitionOf(
  { fault, poolSize, scenario, workers }: ProtocolCase,
  profile: Profile,
): SystemDefinition {
  return scenarios[scenario].make({
    ...settingOf(fault),
    network: { latency: [zero] },
    poolSize,
    profile,
    workers,
  });
}

/** What lets the fault come once. */
export function settingOf(fault: ProtocolFault): ClusterSetting {
  switch (fault) {
    case 'none':
      return {};
    case 'time-out':
      return { faults: { early: 1 } };
    default:
      return { faults: { [fault]: 1 } };
  }
}
