/**
 * A register that every replica writes at once and tells the others of afterwards: the later version wins,
 * by a logical clock, and of one time the name decides. What is told twice, or in another order, does no harm.
 *
 * @see Shapiro, Preguiça, Baquero and Zawirski, "A Comprehensive Study of Convergent and Commutative
 * Replicated Data Types", 2011, section 3.2.1.
 */
import { assign, emit, enqueueActions, setup } from 'xstate';

import { always, atQuiescence, sometimes } from '../../src/index.ts';
import type {
  ActorDefinition,
  EventObject,
  Monitor,
  Property,
  SystemDefinition,
  View,
} from '../../src/index.ts';
import { isBefore, isSame } from './ballot.ts';
import type { Ballot } from './ballot.ts';

/** How large the system is, what may befall it, and what is wrong with it. */
export interface LastWriterWinsOptions {
  readonly replicas: number;
  /** How often each of them is written. */
  readonly writes: number;
  /** How many messages may be delivered twice; none unless said otherwise. */
  readonly duplicates?: number;
  readonly bug?: LastWriterWinsBug;
}

/** Mistakes that can be planted, and what each is. */
export const lastWriterWinsBugs = {
  'ignores-names': 'of two versions of one time, each replica keeps the one that it has',
  'clock-stands-still': 'a write is given the same time, whatever the replica has heard of',
} as const;

/** A mistake to plant. */
export type LastWriterWinsBug = keyof typeof lastWriterWinsBugs;

/** The replicas `r1`, `r2`, … */
export function lastWriterWins(options: LastWriterWinsOptions): SystemDefinition {
  const machine = machineWith(options.bug);
  const names = Array.from({ length: options.replicas }, (_, index) => `r${index + 1}`);
  return {
    name: 'last-writer-wins',
    actors: names.map((name) => ({ ...replica(name, names, options), machine })),
    faults: { duplicate: options.duplicates ?? 0 },
    monitors: [latestVersions()],
    network: { links: 'unordered' },
    properties: lastWriterWinsProperties(names),
    time: 'untimed',
  };
}

/** All come to hold the same, and none ever gives up a version for an older one. */
function lastWriterWinsProperties(names: readonly string[]): readonly Property[] {
  const stamps = (view: View): readonly Ballot[] =>
    names.flatMap((name) => {
      // cast -- the context of a replica
      const context = view.actor(name)?.context as ReplicaContext | undefined;
      return context === undefined ? [] : [context.version.stamp];
    });
  return [
    atQuiescence('replicas agree', (view) => {
      const [first, ...rest] = stamps(view);
      return first === undefined || rest.every((stamp) => isSame(stamp, first));
    }),
    always('no replica goes back', (view) => {
      // cast -- what that monitor keeps
      const latest = view.monitor('latest-versions') as Latest;
      return !latest.wentBack;
    }),
    sometimes('two are written at once', (view) =>
      stamps(view).some((one) =>
        stamps(view).some((two) => one[0] === two[0] && one[1] !== two[1]),
      ),
    ),
  ];
}

interface Latest {
  readonly stamps: Readonly<Record<string, Ballot>>;
  readonly wentBack: boolean;
}

function latestVersions(): Monitor {
  return {
    name: 'latest-versions',
    facts: ['emitted'],
    initial: { stamps: {}, wentBack: false } satisfies Latest,
    step: ({ stamps, wentBack }: Latest, fact): Latest => {
      if (fact.type !== 'emitted') return { stamps, wentBack };
      // cast -- replicas announce nothing else
      const { stamp } = fact.event as EventObject & VersionHeld;
      const before = stamps[fact.actor];
      return {
        stamps: { ...stamps, [fact.actor]: stamp },
        wentBack: wentBack || (before !== undefined && isBefore(stamp, before)),
      };
    },
  };
}

function replica(
  address: string,
  names: readonly string[],
  { writes }: LastWriterWinsOptions,
): Omit<ActorDefinition, 'machine'> {
  const input: ReplicaInput = { name: address, peers: names.filter((name) => name !== address) };
  const inputs = [{ event: { type: 'value.written', value: `of ${address}` }, budget: writes }];
  return { address, input, inputs };
}

function machineWith(bug?: LastWriterWinsBug): typeof replicaMachine {
  switch (bug) {
    case 'ignores-names':
      return replicaMachine.provide({
        guards: { isNewer: ({ context }, { stamp }) => stamp[0] > context.version.stamp[0] },
      });
    case 'clock-stands-still':
      return replicaMachine.provide({
        actions: {
          write: assign(({ context: { name } }, { value }) => ({
            version: { stamp: [1, name] as const, value },
          })),
        },
      });
    default:
      return replicaMachine;
  }
}

interface Version {
  readonly stamp: Ballot;
  readonly value: string;
}

interface ReplicaInput {
  readonly name: string;
  readonly peers: readonly string[];
}

interface ReplicaContext extends ReplicaInput {
  readonly version: Version;
}

interface VersionHeld {
  readonly type: 'version.held';
  readonly stamp: Ballot;
}

type ReplicaEvent =
  | ({ readonly type: 'register.version' } & Version)
  | { readonly type: 'value.written'; readonly value: string };

/** A replica. It has one state, and a version. */
export const replicaMachine = setup({
  types: {
    input: {} as ReplicaInput,
    context: {} as ReplicaContext,
    events: {} as ReplicaEvent,
    emitted: {} as VersionHeld,
  },
  actions: {
    announce: emit(({ context: { version } }) => ({
      type: 'version.held' as const,
      stamp: version.stamp,
    })),
    take: assign((_, { stamp, value }: Version) => ({ version: { stamp, value } })),
    tellAll: enqueueActions(({ context: { peers, version }, enqueue }) => {
      for (const peer of peers) {
        const message: ReplicaEvent = { type: 'register.version', ...version };
        enqueue.sendTo(({ system }) => system.get(peer), message);
      }
    }),
    write: assign(({ context: { name, version } }, { value }: { readonly value: string }) => ({
      version: { stamp: [version.stamp[0] + 1, name] as const, value },
    })),
  },
  guards: {
    isNewer: ({ context }, { stamp }: Version) => isBefore(context.version.stamp, stamp),
  },
}).createMachine({
  id: 'replica',
  context: ({ input }) => ({ ...input, version: { stamp: [0, ''], value: '' } }),
  on: {
    'value.written': {
      actions: [{ type: 'write', params: ({ event }) => event }, 'announce', 'tellAll'],
    },
    'register.version': {
      guard: { type: 'isNewer', params: ({ event }) => event },
      actions: [{ type: 'take', params: ({ event }) => event }, 'announce'],
    },
  },
});
