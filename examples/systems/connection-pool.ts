/**
 * A pool of connections that are lent for the time of a user's function. What a pool does after somebody else's
 * code (take the connection back, count it off) it has to do on every way out: the code may throw.
 *
 * The pattern is `throwing-callback-skips-bookkeeping` of PyTorch's `TensorPipeAgent::markFutureWithError`, without
 * PyTorch; https://github.com/pytorch/pytorch/pull/45783 repairs an older case of it.
 */
import { assign, emit, enqueueActions, setup } from 'xstate';

import { honestCount, outcomes, sometimes, withPatterns } from '../../src/index.ts';
import type { SystemDefinition } from '../../src/index.ts';

/** What is wrong with it, and how large it is. */
export interface ConnectionPoolOptions {
  readonly bug?: ConnectionPoolBug;
  /** Connections that there are; 1 unless said otherwise. */
  readonly connections?: number;
  /** How often one is wanted; 2 unless said otherwise. */
  readonly jobs?: number;
}

/** Mistakes that can be planted, and what each is. */
export const connectionPoolBugs = {
  'counts-after-the-hook':
    'what throws in the function is passed on before the connection is counted off',
} as const;

/** A mistake to plant. */
export type ConnectionPoolBug = keyof typeof connectionPoolBugs;

/** The pool, whose users come one after the other. */
export function connectionPool({
  bug,
  connections = 1,
  jobs = 2,
}: ConnectionPoolOptions = {}): SystemDefinition {
  const machine =
    bug === undefined
      ? poolMachine
      : poolMachine.provide({ actions: { giveBackFailed: assign({}) } });
  const definition: SystemDefinition = {
    name: 'connection-pool',
    actors: [
      {
        address: 'pool',
        input: { connections },
        inputs: [{ budget: jobs, event: { type: 'connection.wanted' } }],
        machine,
      },
    ],
    properties: [
      sometimes('a function throws', (view) => view.actor('pool')?.context['failed'] === 1),
    ],
    time: 'untimed',
  };
  const honest = honestCount('counted is what is lent', {
    counted: (view) => Number(view.actor('pool')?.context['lent']),
    read: (fact) => {
      if (fact.type !== 'emitted') return undefined;
      return fact.event.type === 'connection.lent' ? 'opened' : 'closed';
    },
  });
  return withPatterns(definition, [honest]);
}

interface PoolContext {
  readonly connections: number;
  /** Whether a function has thrown, as 0 or 1. */
  readonly failed: number;
  readonly lent: number;
}

/**
 * The pool.
 *
 * `idle <-> lending`
 */
const poolMachine = setup({
  types: {
    input: {} as { readonly connections: number },
    context: {} as PoolContext,
    events: {} as { readonly type: 'connection.wanted' },
    emitted: {} as { readonly type: 'connection.lent' | 'job.ended' },
  },
  actions: {
    announceEnd: emit({ type: 'job.ended' }),
    giveBack: assign(({ context: { lent } }) => ({ lent: lent - 1 })),
    giveBackFailed: assign(({ context: { lent } }) => ({ lent: lent - 1 })),
    lend: enqueueActions(({ context: { lent }, enqueue }) => {
      enqueue.assign({ lent: lent + 1 });
      enqueue.emit({ type: 'connection.lent' });
    }),
    noteFailed: assign({ failed: 1 }),
  },
  actors: { userFunction: outcomes<string>({ reject: ['it threw'], resolve: ['done'] }) },
  guards: { isFree: ({ context: { connections, lent } }) => lent < connections },
}).createMachine({
  id: 'connection-pool',
  context: ({ input: { connections } }) => ({ connections, failed: 0, lent: 0 }),
  initial: 'idle',
  states: {
    idle: { on: { 'connection.wanted': { guard: 'isFree', target: 'lending' } } },
    lending: {
      entry: 'lend',
      invoke: {
        src: 'userFunction',
        onDone: { target: 'idle', actions: ['giveBack', 'announceEnd'] },
        onError: { target: 'idle', actions: ['noteFailed', 'giveBackFailed', 'announceEnd'] },
      },
    },
  },
});
