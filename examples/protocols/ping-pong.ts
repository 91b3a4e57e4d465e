/** Two actors that send a ball to and fro: the smallest system that talks. */
import { assign, sendTo, setup } from 'xstate';

import type { SystemDefinition } from '../../src/index.ts';

/** How long they play. */
export interface PingPongOptions {
  /** How often each of them hits the ball. */
  readonly hits: number;
}

/** The players `ping` and `pong`, each on a node of its own. */
export function pingPong({ hits }: PingPongOptions): SystemDefinition {
  return {
    name: 'ping-pong',
    actors: [
      { address: 'ping', machine: playerMachine, input: { hits, opponent: 'pong', serves: true } },
      { address: 'pong', machine: playerMachine, input: { hits, opponent: 'ping', serves: false } },
    ],
  };
}

interface PlayerContext {
  readonly hitsLeft: number;
  readonly opponent: string;
  readonly serves: boolean;
}

/**
 * A player.
 *
 * `ready -> playing -> tired`
 */
export const playerMachine = setup({
  types: {
    input: {} as { readonly hits: number; readonly opponent: string; readonly serves: boolean },
    context: {} as PlayerContext,
    events: {} as { readonly type: 'ball.arrived'; readonly hit: number },
  },
  actions: {
    hit: sendTo(
      ({ context, system }) => system.get(context.opponent),
      (_, { hit }: { readonly hit: number }) => ({ type: 'ball.arrived', hit }),
    ),
    tire: assign({ hitsLeft: ({ context }) => context.hitsLeft - 1 }),
  },
  guards: {
    isTired: ({ context }) => context.hitsLeft === 0,
    serves: ({ context }) => context.serves,
  },
}).createMachine({
  id: 'player',
  context: ({ input: { hits, opponent, serves } }) => ({ hitsLeft: hits, opponent, serves }),
  initial: 'ready',
  states: {
    ready: {
      always: [
        {
          guard: 'serves',
          target: 'playing',
          actions: ['tire', { type: 'hit', params: { hit: 1 } }],
        },
        { target: 'playing' },
      ],
    },
    playing: {
      on: {
        'ball.arrived': [
          { guard: 'isTired', target: 'tired' },
          { actions: ['tire', { type: 'hit', params: ({ event }) => ({ hit: event.hit + 1 }) }] },
        ],
      },
    },
    tired: { type: 'final' },
  },
});
