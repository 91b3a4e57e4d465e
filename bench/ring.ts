/** A token goes round a ring of actors, here and under XState's own runtime. */
import { assign, createActor, sendTo, setup, spawnChild } from 'xstate';

import { built } from './built.ts';

/** How large the ring is, and how often the token is passed on. */
export interface Ring {
  readonly actors: number;
  readonly deliveries: number;
}

/** The milliseconds that a ring takes on this runtime: the dullest choice each time, no hash. */
export function timeOurs(ring: Ring): number {
  const system = built.defineSystem({
    name: 'ring',
    actors: membersOf(ring).map((input) => ({
      address: input.name,
      input,
      inputs: [{ event: { type: 'token' }, budget: 1 }],
      machine: memberMachine,
      node: 'home',
    })),
  });
  let { world } = system.start();
  let next = system.choices(world)[0];
  const before = performance.now();
  let deliveries = 0;
  while (next !== undefined) {
    ({ world } = system.apply(world, next));
    next = system.dullest(world);
    deliveries += 1;
  }
  const span = performance.now() - before;
  requireAll(ring, deliveries);
  return span;
}

/** The milliseconds that it takes under `createActor`, all members being children of one actor. */
export function timeXState(ring: Ring): number {
  const members = membersOf(ring);
  const root = createActor(
    setup({ actors: { member: memberMachine } }).createMachine({
      entry: members.map((input) =>
        spawnChild('member', { id: input.name, input, systemId: input.name }),
      ),
    }),
  ).start();
  const refs = Object.values(root.getSnapshot().children);
  const before = performance.now();
  refs[0]?.send({ type: 'token' });
  const span = performance.now() - before;
  const seen = refs.map((ref) => Number(ref?.getSnapshot().context.seen));
  root.stop();
  requireAll(
    ring,
    seen.reduce((sum, count) => sum + count, 0),
  );
  return span;
}

interface Member {
  readonly laps: number;
  readonly name: string;
  readonly next: string;
}

function membersOf({ actors, deliveries }: Ring): readonly Member[] {
  const laps = deliveries / actors;
  return Array.from({ length: actors }, (_, index) => ({
    laps,
    name: `member${index}`,
    next: `member${(index + 1) % actors}`,
  }));
}

/** The last member keeps the token of the last lap; what came first is counted too. */
function requireAll({ deliveries }: Ring, seen: number): void {
  if (seen !== deliveries + 1) throw new Error(`The token was passed ${seen} times.`);
}

const memberMachine = setup({
  types: {
    input: {} as Member,
    context: {} as Member & { readonly seen: number },
    events: {} as { readonly type: 'token' },
  },
  actions: {
    count: assign({ seen: ({ context }) => context.seen + 1 }),
    passOn: sendTo(({ context, system }) => system.get(context.next), { type: 'token' }),
  },
  guards: { isOver: ({ context }) => context.seen === context.laps },
}).createMachine({
  id: 'member',
  context: ({ input }) => ({ ...input, seen: 0 }),
  on: { token: [{ guard: 'isOver', actions: 'count' }, { actions: ['count', 'passOn'] }] },
});
