/** A system with everything that a picture can show: reordering, losses, timers, crashes, a partition. */
import { emit, sendTo, setup } from 'xstate';

import { defineSystem } from '../../src/index.ts';
import { ms } from '../../src/index.ts';
import type { System, SystemDefinition } from '../../src/index.ts';

const courierMachine = setup({
  types: {
    input: {} as { readonly next: string },
    context: {} as { readonly next: string },
    events: {} as
      | { readonly type: 'letter'; readonly hops: number }
      | { readonly type: 'parcel-of-great-weight.delivery' },
    emitted: {} as { readonly type: 'letter.read' },
  },
  actions: {
    pass: sendTo(
      ({ context, system }) => system.get(context.next),
      (_, { hops }: { readonly hops: number }) => ({ type: 'letter', hops }),
    ),
    passParcel: sendTo(({ context, system }) => system.get(context.next), {
      type: 'parcel-of-great-weight.delivery',
    }),
    tell: emit({ type: 'letter.read' }),
  },
  guards: { mayTravel: (_, { hops }: { readonly hops: number }) => hops > 0 },
  delays: { patience: 20 },
}).createMachine({
  id: 'courier',
  context: ({ input }) => input,
  entry: [{ type: 'pass', params: { hops: 2 } }, 'passParcel'],
  after: { patience: { actions: { type: 'pass', params: { hops: 0 } } } },
  on: {
    letter: [
      {
        guard: { type: 'mayTravel', params: ({ event }) => event },
        actions: ['tell', { type: 'pass', params: ({ event }) => ({ hops: event.hops - 1 }) }],
      },
      { actions: 'tell' },
    ],
  },
});

/** `count` couriers in a ring, on nodes of their own. */
export function couriers(count: number, options: Partial<SystemDefinition> = {}): System {
  const names = Array.from({ length: count }, (_, index) => `courier${index}`);
  return defineSystem({
    name: 'couriers',
    actors: names.map((address, index) => ({
      address,
      machine: courierMachine,
      input: { next: names[(index + 1) % count] },
    })),
    network: {
      latency: [ms(1), ms(2.5)],
      links: 'unordered',
      partitions: [{ name: 'rift', groups: [['courier0'], names.slice(1)], messages: 'drop' }],
    },
    ...options,
  });
}

/** Faults of every kind, once each. */
export const everyFault = {
  drop: 1,
  duplicate: 1,
  crash: 1,
  restart: 1,
  pause: 1,
  partition: 1,
} as const;
