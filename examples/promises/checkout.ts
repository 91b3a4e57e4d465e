/**
 * A machine from an application, promise and all, and how to see all that can become of it: the promise
 * is replaced by what it may come to and when, and then each world is a value that can be visited.
 */
import { assign, fromPromise, setup } from 'xstate';

import { ms, outcomes, seconds } from '../../src/index.ts';
import type { Duration, System, SystemDefinition, World } from '../../src/index.ts';

/**
 * A checkout page: it charges a card, and when no answer comes in time it tries once more.
 *
 * `open -> charging -> paid | refused | given-up`
 */
export const checkoutMachine = setup({
  types: {
    input: {} as { readonly patienceMs: number },
    context: {} as {
      readonly charges: number;
      readonly patienceMs: number;
      readonly tries: number;
    },
    events: {} as { readonly type: 'order.placed' },
  },
  actors: {
    chargeCard: fromPromise(() =>
      fetch('https://pay.example/charges', { method: 'POST' }).then((answer) => answer.text()),
    ),
  },
  actions: {
    begin: assign({
      charges: ({ context }) => context.charges + 1,
      tries: ({ context }) => context.tries + 1,
    }),
    takeBack: assign({ charges: ({ context }) => context.charges - 1 }),
  },
  delays: { patience: ({ context }) => context.patienceMs },
  guards: { mayRetry: ({ context }) => context.tries < 2 },
}).createMachine({
  id: 'checkout',
  context: ({ input: { patienceMs } }) => ({ charges: 0, patienceMs, tries: 0 }),
  initial: 'open',
  states: {
    open: { on: { 'order.placed': 'charging' } },
    charging: {
      entry: 'begin',
      invoke: {
        src: 'chargeCard',
        onDone: 'paid',
        onError: { actions: 'takeBack', target: 'refused' },
      },
      after: {
        patience: [
          { guard: 'mayRetry', reenter: true, target: 'charging' },
          { target: 'given-up' },
        ],
      },
    },
    paid: { type: 'final' },
    refused: { type: 'final' },
    'given-up': { type: 'final' },
  },
});

/** What the page and the payment service may do. */
export interface CheckoutOptions {
  /** How long the page waits for an answer. */
  readonly patience: Duration;
}

/** The page, with a payment service that takes the money or refuses, soon or after eight seconds. */
export function checkout({ patience }: CheckoutOptions): SystemDefinition {
  const chargeCard = outcomes({
    resolve: ['receipt'],
    reject: [new Error('card refused')],
    within: [ms(100), seconds(8)],
  });
  return {
    name: 'checkout',
    actors: [
      {
        address: 'page',
        machine: checkoutMachine.provide({ actors: { chargeCard } }),
        input: { patienceMs: patience / ms(1) },
        inputs: [{ event: { type: 'order.placed' }, budget: 1 }],
      },
    ],
  };
}

/** Each world that the system can come to, once; those in which nothing is left to do are its ends. */
export function worldsOf(system: System): readonly VisitedWorld[] {
  const seen = new Set<string>();
  const found: VisitedWorld[] = [];
  const open = [system.start().world];
  for (let world = open.pop(); world !== undefined; world = open.pop()) {
    const hash = system.hash(world);
    if (seen.has(hash)) continue;
    seen.add(hash);
    const choices = system.choices(world);
    found.push({ isEnd: choices.length === 0, world });
    for (const choice of choices) open.push(system.apply(world, choice).world);
  }
  return found;
}

/** A world, and whether nothing is left to do in it. */
export interface VisitedWorld {
  readonly isEnd: boolean;
  readonly world: World;
}
