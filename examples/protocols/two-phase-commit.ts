/**
 * Two-phase commit: a transaction manager lets all resource managers commit once each of them has
 * prepared, or makes them all abort. Messages stay readable for ever (persistent links), and whoever
 * may decide something decides it at any time.
 *
 * @see Gray and Lamport, "Consensus on Transaction Commit", 2006, section 3; the TLA+ module `TwoPhase`.
 */
import { assign, enqueueActions, sendTo, setup } from 'xstate';

import { always, sometimes } from '../../src/index.ts';
import type { ActorDefinition, Property, SystemDefinition, View } from '../../src/index.ts';
import { pictureOfCommit } from './pictures/two-phase-commit.ts';

/** How large the system is, and what is wrong with it. */
export interface TwoPhaseCommitOptions {
  /** The number of resource managers. */
  readonly rms: number;
  readonly bug?: TwoPhaseCommitBug;
  /** Whether to obey or to note once more what is still there to be read is a step; not unless said so. */
  readonly repeats?: boolean;
}

/** Mistakes that can be planted, and what each is. */
export const twoPhaseCommitBugs = {
  'commits-without-all-votes':
    'the manager lets them commit although not each of them has prepared',
  'aborts-after-preparing':
    'a resource manager that has prepared still believes that it may abort alone',
} as const;

/** A mistake to plant. */
export type TwoPhaseCommitBug = keyof typeof twoPhaseCommitBugs;

/**
 * Resource managers `rm1`, `rm2`, … and their transaction manager `tm`.
 *
 * The worlds are those of `TwoPhase`: 56, 288 and 8,832 for 2, 3 and 5 resource managers. With
 * `repeats` so are the steps between them: 154, 1,146 and 58,146, the start being one. There whoever
 * has read a message may read it again, a step that leads back to the same world; here that is one as
 * soon as it is announced. Without, a run comes to rest.
 */
export function twoPhaseCommit(options: TwoPhaseCommitOptions): SystemDefinition {
  const { repeats = false } = options;
  const names = namesOf(options);
  const manager = resourceManager(options);
  return {
    name: 'two-phase-commit',
    actors: [
      transactionManager(options),
      ...names.map((name) => ({ ...manager, address: name, input: { name, repeats } })),
    ],
    network: { links: 'persistent' },
    picture: pictureOfCommit(names),
    properties: twoPhaseCommitProperties(options),
    symmetry: [names],
    unhandled: 'keep',
  };
}

/** Nobody commits while another aborts; and either can be reached. */
export function twoPhaseCommitProperties(options: TwoPhaseCommitOptions): readonly Property[] {
  const names = namesOf(options);
  const isEach = (view: View, value: string): boolean =>
    names.every((name) => view.actor(name)?.value === value);
  return [
    always('consistent', (view) => {
      const values = names.map((name) => view.actor(name)?.value);
      return !(values.includes('committed') && values.includes('aborted'));
    }),
    sometimes('all commit', (view) => isEach(view, 'committed')),
    sometimes('all abort', (view) => isEach(view, 'aborted')),
  ];
}

function namesOf({ rms }: TwoPhaseCommitOptions): readonly string[] {
  return Array.from({ length: rms }, (_, index) => `rm${index + 1}`);
}

function transactionManager(options: TwoPhaseCommitOptions): ActorDefinition {
  const { bug, repeats = false } = options;
  return {
    address: 'tm',
    machine:
      bug === 'commits-without-all-votes'
        ? transactionManagerMachine.provide({ guards: { areAllPrepared: () => true } })
        : transactionManagerMachine,
    input: { repeats, rms: namesOf(options) },
    inputs: [{ event: { type: 'commit.decided' } }, { event: { type: 'abort.decided' } }],
  };
}

/** What all resource managers have in common. */
function resourceManager({ bug }: TwoPhaseCommitOptions): Omit<ActorDefinition, 'address'> {
  return {
    machine:
      bug === 'aborts-after-preparing'
        ? resourceManagerMachine.provide({ guards: { breaksItsWord: () => true } })
        : resourceManagerMachine,
    inputs: [{ event: { type: 'prepare.decided' } }, { event: { type: 'abort.decided' } }],
  };
}

interface TransactionManagerContext {
  /** In the order of their names, so that the order in which they prepared leaves no trace. */
  readonly prepared: readonly string[];
  readonly repeats: boolean;
  readonly rms: readonly string[];
}

type TransactionManagerEvent =
  | { readonly type: 'abort.decided' }
  | { readonly type: 'commit.decided' }
  | { readonly type: 'rm.prepared'; readonly rm: string };

/**
 * The transaction manager.
 *
 * `collecting -> committed | aborted`
 */
export const transactionManagerMachine = setup({
  types: {
    input: {} as Omit<TransactionManagerContext, 'prepared'>,
    context: {} as TransactionManagerContext,
    events: {} as TransactionManagerEvent,
    emitted: {} as { readonly type: 'preparation.noted' },
  },
  actions: {
    announceNoted: enqueueActions(({ context, enqueue }) => {
      if (context.repeats) enqueue.emit({ type: 'preparation.noted' });
    }),
    notePrepared: assign(({ context: { prepared } }, { rm }: { readonly rm: string }) => ({
      prepared: [...new Set([...prepared, rm])].toSorted(),
    })),
    tellAll: enqueueActions(({ context, enqueue }, { verdict }: { readonly verdict: Verdict }) => {
      for (const rm of context.rms) {
        enqueue.sendTo(({ system }) => system.get(rm), { type: verdict });
      }
    }),
  },
  guards: {
    areAllPrepared: ({ context: { prepared, rms } }) => prepared.length === rms.length,
  },
}).createMachine({
  id: 'transaction-manager',
  context: ({ input }) => ({ ...input, prepared: [] }),
  initial: 'collecting',
  states: {
    collecting: {
      on: {
        'rm.prepared': {
          actions: [{ type: 'notePrepared', params: ({ event }) => event }, 'announceNoted'],
        },
        'commit.decided': { guard: 'areAllPrepared', target: 'committed' },
        'abort.decided': 'aborted',
      },
    },
    committed: { entry: { type: 'tellAll', params: { verdict: 'tm.committed' } } },
    aborted: { entry: { type: 'tellAll', params: { verdict: 'tm.aborted' } } },
  },
});

type Verdict = 'tm.aborted' | 'tm.committed';

interface ResourceManagerContext {
  readonly name: string;
  readonly repeats: boolean;
}

type ResourceManagerEvent =
  | { readonly type: 'abort.decided' }
  | { readonly type: 'prepare.decided' }
  | { readonly type: Verdict };

/**
 * A resource manager: it may abort alone until it has prepared.
 *
 * `working -> prepared -> committed | aborted`
 */
export const resourceManagerMachine = setup({
  types: {
    input: {} as ResourceManagerContext,
    context: {} as ResourceManagerContext,
    events: {} as ResourceManagerEvent,
    emitted: {} as { readonly type: 'verdict.obeyed' },
  },
  actions: {
    announceObeyed: enqueueActions(({ context, enqueue }) => {
      if (context.repeats) enqueue.emit({ type: 'verdict.obeyed' });
    }),
    tellManager: sendTo(
      ({ system }) => system.get('tm'),
      ({ context }) => ({ type: 'rm.prepared', rm: context.name }),
    ),
  },
  guards: {
    breaksItsWord: () => false,
  },
}).createMachine({
  id: 'resource-manager',
  context: ({ input }) => input,
  initial: 'working',
  on: {
    'tm.committed': { target: '.committed', actions: 'announceObeyed' },
    'tm.aborted': { target: '.aborted', actions: 'announceObeyed' },
  },
  states: {
    working: { on: { 'prepare.decided': 'prepared', 'abort.decided': 'aborted' } },
    prepared: {
      entry: 'tellManager',
      on: { 'abort.decided': { guard: 'breaksItsWord', target: 'aborted' } },
    },
    committed: {},
    aborted: {},
  },
});
