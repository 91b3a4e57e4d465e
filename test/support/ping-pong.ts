import { assign, sendTo, setup } from 'xstate';

import type { SystemDefinition } from '../../src/index.ts';

/** How the ball goes. */
export interface PingPongOptions {
  /** How often the first player hits the ball. */
  readonly rounds: number;
  /** Whether both players live on one node. */
  readonly isLocal?: boolean;
}

/** Two actors that send a ball to and fro: `ping` begins, and stops after so many rounds. */
export function pingPong({ rounds, isLocal = false }: PingPongOptions): SystemDefinition {
  const node = isLocal ? { node: 'table' } : {};
  return {
    name: 'ping-pong',
    actors: [
      { address: 'ping', machine: pingMachine, input: { rounds }, ...node },
      { address: 'pong', machine: pongMachine, ...node },
    ],
  };
}

/** Hits the ball to `pong` as often as it may. */
const pingMachine = setup({
  types: {
    input: {} as { readonly rounds: number },
    context: {} as { readonly left: number },
    events: {} as { readonly type: 'pong.hit' },
  },
  actions: {
    hit: sendTo(({ system }) => system.get('pong'), { type: 'ping.hit' }),
    countDown: assign(({ context }) => ({ left: context.left - 1 })),
  },
  guards: { isOver: ({ context }) => context.left === 0 },
}).createMachine({
  id: 'ping',
  context: ({ input }) => ({ left: input.rounds - 1 }),
  entry: 'hit',
  on: { 'pong.hit': [{ guard: 'isOver' }, { actions: ['countDown', 'hit'] }] },
});

/** Hits back. */
const pongMachine = setup({
  types: {
    context: {} as { readonly hits: number },
    events: {} as { readonly type: 'ping.hit' },
  },
  actions: {
    hitBack: sendTo(({ system }) => system.get('ping'), { type: 'pong.hit' }),
    count: assign(({ context }) => ({ hits: context.hits + 1 })),
  },
}).createMachine({
  id: 'pong',
  context: { hits: 0 },
  on: { 'ping.hit': { actions: ['count', 'hitBack'] } },
});
