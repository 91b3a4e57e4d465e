/** Small systems of letters in flight, to see in which orders a strategy delivers them. */
import { assign, sendTo, setup } from 'xstate';

import { runSystem } from '../../../src/index.ts';
import type { Chooser, Strategy, System, SystemDefinition } from '../../../src/index.ts';

/** Writers `w1`, `w2`, … that send one letter each, all to one reader or each to one of its own. */
export function letters(writers: number, isShared = true): SystemDefinition {
  const readerOf = (place: number): string => (isShared ? 'reader' : `reader${place}`);
  const places = Array.from({ length: writers }, (_, place) => place + 1);
  const readers = [...new Set(places.map(readerOf))];
  return {
    name: 'letters',
    actors: [
      ...readers.map((address) => ({ address, machine: readerMachine })),
      ...places.map((place) => ({
        address: `w${place}`,
        machine: writerMachine,
        input: { name: `w${place}`, reader: readerOf(place) },
      })),
    ],
    time: 'untimed',
  };
}

/** The run of each schedule: who was read in which order, as one word. */
export function ordersOf(
  system: System,
  strategy: Strategy,
  { runs, seed = 1 }: { readonly runs: number; readonly seed?: number },
): readonly string[] {
  const campaign = strategy.begin({ seed, stepsMax: 1_000, system });
  const orders: string[] = [];
  for (let index = 0; index < runs; index += 1) {
    const chooser: Chooser | undefined = campaign.next(index);
    if (chooser === undefined) break;
    const run = runSystem(system, { asksAlways: true, chooser });
    orders.push(
      run.steps
        .flatMap(({ choice }) => (choice?.type === 'deliver' ? [choice.from.slice(1)] : []))
        .join(''),
    );
    campaign.learn?.({ index, newWorlds: 0, run });
  }
  return orders;
}

/** How often each value occurs. */
export function counted(values: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

const readerMachine = setup({
  types: { context: {} as { readonly read: readonly string[] } },
  actions: {
    note: assign({ read: ({ context }, { from }: { from: string }) => [...context.read, from] }),
  },
}).createMachine({
  context: { read: [] },
  on: {
    letter: { actions: { type: 'note', params: ({ event }) => ({ from: String(event['from']) }) } },
  },
});

const writerMachine = setup({
  types: { context: {} as Letter, input: {} as Letter },
  actions: {
    write: sendTo(
      ({ context, system }) => system.get(context.reader),
      ({ context }) => ({ type: 'letter', from: context.name }),
    ),
  },
}).createMachine({ context: ({ input }) => input, entry: 'write' });

interface Letter {
  readonly name: string;
  readonly reader: string;
}
