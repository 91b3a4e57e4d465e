/**
 * Dining philosophers who hand one another the forks: a dirty fork is cleaned and given to the
 * neighbour, a philosopher eats with two clean ones and makes them dirty. Forks change hands in one
 * step, so the table with all who sit at it is one actor, and who moves next is the environment's choice.
 *
 * @see Chandy and Misra, "The Drinking Philosophers Problem", 1984; the TLA+ module
 * `DiningPhilosophers`, whose model this is.
 */
import { assign, setup } from 'xstate';

import { always, sometimes } from '../../src/index.ts';
import type { Property, SystemDefinition, View } from '../../src/index.ts';
import { pictureOfTable } from './pictures/dining-philosophers.ts';

/** How many they are, and what is wrong with them. */
export interface DiningPhilosophersOptions {
  /** At least two. */
  readonly philosophers: number;
  readonly bug?: DiningPhilosophersBug;
}

/** Mistakes that can be planted, and what each is. */
export const diningPhilosophersBugs = {
  'eats-with-one-fork': 'a philosopher eats with one clean fork, at the left or at the right',
  'takes-what-is-clean': 'a philosopher eats when both forks are clean, whoever has them',
} as const;

/** A mistake to plant. */
export type DiningPhilosophersBug = keyof typeof diningPhilosophersBugs;

/**
 * The actor `table`. Five philosophers have 67 worlds, 336 steps and a depth of 29, as in the TLA+
 * examples, where a philosopher who can do nothing also moves: five steps from each world, and the start.
 */
export function diningPhilosophers(options: DiningPhilosophersOptions): SystemDefinition {
  const { philosophers } = options;
  return {
    name: 'dining-philosophers',
    actors: [
      {
        address: 'table',
        machine: tableMachine(options),
        input: { philosophers },
        inputs: seats(philosophers).map((seat) => ({ event: { type: movedAt(seat) } })),
      },
    ],
    picture: pictureOfTable(philosophers),
    properties: diningPhilosophersProperties(options),
  };
}

/** Neighbours never eat at once; and everybody can eat. */
export function diningPhilosophersProperties({
  philosophers,
}: DiningPhilosophersOptions): readonly Property[] {
  return [
    always('neighbours do not eat at once', (view) => {
      const eats = seats(philosophers).map((seat) => isEating(view, seat));
      return eats.every((one, seat) => !(one && eats[(seat + 1) % philosophers]));
    }),
    ...seats(philosophers).map((seat) =>
      sometimes(`${nameAt(seat)} eats`, (view) => isEating(view, seat)),
    ),
  ];
}

interface Fork {
  /** The seat of the philosopher who has it. */
  readonly holder: number;
  readonly isClean: boolean;
}

interface TableContext {
  /** Fork `seat` lies to the left of the philosopher at `seat`. */
  readonly forks: readonly Fork[];
}

interface Seated {
  readonly seat: number;
}

type Moved = `p${number}.moved`;

const tableSetup = setup({
  types: {
    input: {} as { readonly philosophers: number },
    context: {} as TableContext,
    events: {} as { readonly type: Moved },
  },
  actions: {
    dirtyForks: assign(({ context: { forks } }, { seat }: Seated) => ({
      forks: forks.map((fork, place) =>
        place === seat || place === rightOf(forks, seat) ? { ...fork, isClean: false } : fork,
      ),
    })),
    // The left one first, and one in a step.
    passFork: assign(({ context: { forks } }, { seat }: Seated) => {
      if (mayPass(forks, seat, seat)) return { forks: passed(forks, seat, leftOf(forks, seat)) };
      const right = rightOf(forks, seat);
      return mayPass(forks, right, seat) ? { forks: passed(forks, right, right) } : {};
    }),
  },
  guards: {
    canEat: ({ context: { forks } }, { seat }: Seated) =>
      isReady(forks, seat, seat) && isReady(forks, rightOf(forks, seat), seat),
  },
});

/** The table, with a region for each philosopher. */
function tableMachine({ bug, philosophers }: DiningPhilosophersOptions) {
  const machine = tableSetup.createMachine({
    id: 'table',
    // Each fork is with the first of its two neighbours, and dirty.
    context: ({ input }) => ({
      forks: seats(input.philosophers).map((seat) => ({
        holder: seat === 1 ? 0 : seat,
        isClean: false,
      })),
    }),
    type: 'parallel',
    states: Object.fromEntries(seats(philosophers).map((seat) => [nameAt(seat), regionAt(seat)])),
  });
  switch (bug) {
    case 'eats-with-one-fork':
      return machine.provide({
        guards: {
          canEat: ({ context: { forks } }, { seat }) =>
            isReady(forks, seat, seat) || isReady(forks, rightOf(forks, seat), seat),
        },
      });
    case 'takes-what-is-clean':
      return machine.provide({
        guards: {
          canEat: ({ context: { forks } }, { seat }) =>
            [seat, rightOf(forks, seat)].every((place) => forks[place]?.isClean),
        },
      });
    default:
      return machine;
  }
}

/**
 * A philosopher.
 *
 * `hungry -> eating -> sated -> thinking -> hungry`
 */
function regionAt(seat: number) {
  const moved = movedAt(seat);
  return tableSetup.createStateConfig({
    initial: 'hungry',
    states: {
      hungry: {
        on: {
          [moved]: [
            { guard: { type: 'canEat', params: { seat } }, target: 'eating' },
            { actions: { type: 'passFork', params: { seat } } },
          ],
        },
      },
      eating: {
        on: { [moved]: { target: 'sated', actions: { type: 'dirtyForks', params: { seat } } } },
      },
      sated: {
        on: { [moved]: { target: 'thinking', actions: { type: 'passFork', params: { seat } } } },
      },
      thinking: { on: { [moved]: 'hungry' } },
    },
  });
}

/** The place of the fork to the right, and the seat of the neighbour there. */
function rightOf({ length }: readonly Fork[], seat: number): number {
  return (seat + 1) % length;
}

function leftOf({ length }: readonly Fork[], seat: number): number {
  return (seat + length - 1) % length;
}

function seats(philosophers: number): readonly number[] {
  return Array.from({ length: philosophers }, (_, seat) => seat);
}

function nameAt(seat: number): `p${number}` {
  return `p${seat + 1}`;
}

function movedAt(seat: number): Moved {
  return `${nameAt(seat)}.moved`;
}

function mayPass(forks: readonly Fork[], place: number, seat: number): boolean {
  const fork = forks[place];
  return fork?.holder === seat && !fork.isClean;
}

function isReady(forks: readonly Fork[], place: number, seat: number): boolean {
  const fork = forks[place];
  return fork?.holder === seat && fork.isClean;
}

function passed(forks: readonly Fork[], place: number, holder: number): readonly Fork[] {
  return forks.with(place, { holder, isClean: true });
}

function isEating(view: View, seat: number): boolean {
  const value = view.actor('table')?.value;
  return (
    typeof value === 'object' && value !== null && Reflect.get(value, nameAt(seat)) === 'eating'
  );
}
