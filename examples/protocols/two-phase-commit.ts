/**
 * Two-phase commit: a transaction manager lets all resource managers commit once each of them has
 * prepared, or makes them all abort. Messages stay readable for ever (persistent links), and whoever
 * may decide something decides it at any time.
 *
 * @see Gray and Lamport, "Consensus on Transaction Commit", 2006, section 3; the TLA+ module `TwoPhase`.
 */
import { assign, enqueueActions, sendTo, setup } from 'xstate';

import type { ActorDefinition, SystemDefinition } from '../../src/index.ts';

/** How large the system is. */
export interface TwoPhaseCommitOptions {
  /** The number of resource managers. */
  readonly rms: number;
}

/** Resource managers `rm1`, `rm2`, … and their transaction manager `tm`. */
export function twoPhaseCommit({ rms }: TwoPhaseCommitOptions): SystemDefinition {
  const names = Array.from({ length: rms }, (_, index) => `rm${index + 1}`);
  return {
    name: 'two-phase-commit',
    actors: [transactionManager(names), ...names.map(resourceManager)],
    network: { links: 'persistent' },
    unhandled: 'keep',
  };
}

function transactionManager(rms: readonly string[]): ActorDefinition {
  return {
    address: 'tm',
    machine: transactionManagerMachine,
    input: { rms },
    inputs: [{ event: { type: 'commit.decided' } }, { event: { type: 'abort.decided' } }],
  };
}

function resourceManager(name: string): ActorDefinition {
  return {
    address: name,
    machine: resourceManagerMachine,
    input: { name },
    inputs: [{ event: { type: 'prepare.decided' } }, { event: { type: 'abort.decided' } }],
  };
}

interface TransactionManagerContext {
  /** In the order of their names, so that the order in which they prepared leaves no trace. */
  readonly prepared: readonly string[];
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
    input: {} as { readonly rms: readonly string[] },
    context: {} as TransactionManagerContext,
    events: {} as TransactionManagerEvent,
  },
  actions: {
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
  context: ({ input }) => ({ prepared: [], rms: input.rms }),
  initial: 'collecting',
  states: {
    collecting: {
      on: {
        'rm.prepared': { actions: { type: 'notePrepared', params: ({ event }) => event } },
        'commit.decided': { guard: 'areAllPrepared', target: 'committed' },
        'abort.decided': 'aborted',
      },
    },
    committed: { entry: { type: 'tellAll', params: { verdict: 'tm.committed' } } },
    aborted: { entry: { type: 'tellAll', params: { verdict: 'tm.aborted' } } },
  },
});

type Verdict = 'tm.aborted' | 'tm.committed';

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
    input: {} as { readonly name: string },
    context: {} as { readonly name: string },
    events: {} as ResourceManagerEvent,
  },
  actions: {
    tellManager: sendTo(
      ({ system }) => system.get('tm'),
      ({ context }) => ({ type: 'rm.prepared', rm: context.name }),
    ),
  },
}).createMachine({
  id: 'resource-manager',
  context: ({ input }) => ({ name: input.name }),
  initial: 'working',
  on: { 'tm.committed': '.committed', 'tm.aborted': '.aborted' },
  states: {
    working: { on: { 'prepare.decided': 'prepared', 'abort.decided': 'aborted' } },
    prepared: { entry: 'tellManager' },
    committed: {},
    aborted: {},
  },
});
