/**
 * Looks at all runs, the smallest first (those with the fewest faults and departures, or with the fewest
 * steps), until one breaks the property or so many worlds were seen. A world that was come to before is
 * not gone on from: what costs less came there first. Worlds of one hash may still rank their choices otherwise
 * (`ranking.ts`), so that they are told apart where there are few enough of them.
 *
 * @see Emmi, Qadeer and Rakamaric, "Delay-Bounded Scheduling", POPL 2011, section 3 (a departure is a
 * delay there); Dijkstra, "A Note on Two Problems in Connexion with Graphs", 1959.
 */
import type { Choice } from '../../kernel/choice.ts';
import { isFault } from '../../kernel/choice.ts';
import type { World } from '../../kernel/world.ts';
import type { System } from '../../runtime/system.ts';
import type { Aim, Mood } from './aim.ts';
import { attempt } from './attempt.ts';
import { dullestOf } from './course.ts';
import type { Order, Size } from './course.ts';
import { rankingOf } from './ranking.ts';

/** Where to look, and how far. */
export interface SweepOptions {
  readonly aim: Aim;
  /** Whether worlds that differ in nothing but what is dull in them are told apart. */
  readonly isExact: boolean;
  /** Told of each step that is made; whether there may be more. */
  readonly mayGoOn: () => boolean;
  /** What makes a run small. */
  readonly order: Order;
  readonly system: System;
  /** Nothing that is larger is looked at. */
  readonly within: Pick<Size, 'departures' | 'faults' | 'steps'>;
}

/** The choices of the smallest run that breaks the property. */
export function sweep({
  aim,
  isExact,
  mayGoOn,
  order,
  system,
  within,
}: SweepOptions): readonly Choice[] | undefined {
  const queue = createQueue(order);
  const seen = new Set<string>();
  const { world: opening } = system.start();
  const mood = aim(opening, 'open');
  queue.add({ departures: 0, faults: 0, mood, steps: 0, world: opening });
  for (;;) {
    const place = queue.take();
    if (place === undefined) return undefined;
    if (place.mood === 'met') return choicesTo(place);
    const ranking = isExact ? ` ${rankingOf(place.world)}` : '';
    const key = `${place.mood} ${system.hash(place.world)}${ranking}`;
    if (place.mood === 'lost' || seen.has(key)) continue;
    seen.add(key);
    const offered = system.choices(place.world);
    const dull = dullestOf(offered);
    for (const choice of offered) {
      const departures = place.departures + (choice === dull ? 0 : 1);
      const faults = place.faults + (isFault(choice) ? 1 : 0);
      const steps = place.steps + 1;
      if (departures > within.departures || faults > within.faults || steps > within.steps)
        continue;
      if (!mayGoOn()) return undefined;
      const made = attempt(() => {
        const { world } = system.apply(place.world, choice);
        return { mood: aim(world, place.mood), world };
      });
      if (made !== undefined) {
        queue.add({ ...made, before: place, choice, departures, faults, steps });
      }
    }
  }
}

/** A world, and how it was come to. */
interface Place {
  readonly before?: Place;
  readonly choice?: Choice;
  readonly departures: number;
  readonly faults: number;
  readonly mood: Mood;
  readonly steps: number;
  readonly world: World;
}

interface Queue {
  readonly add: (place: Place) => void;
  readonly take: () => Place | undefined;
}

/** Places by what they cost, the cheapest first, and of equal ones the first that came. */
function createQueue(order: Order): Queue {
  const keys = order.filter((key) => key !== 'switches');
  const shelves = new Map<string, Shelf>();
  let sorted: Shelf[] = [];
  return {
    add: (place) => {
      const cost = keys.map((key) => place[key]);
      let shelf = shelves.get(cost.join());
      if (shelf === undefined) {
        shelf = { cost, next: 0, places: [] };
        shelves.set(cost.join(), shelf);
        sorted = [...sorted, shelf].toSorted(byCost);
      }
      shelf.places.push(place);
    },
    take: () => {
      for (;;) {
        const [shelf] = sorted;
        if (shelf === undefined) return undefined;
        const place = shelf.places[shelf.next];
        shelf.next += 1;
        if (place !== undefined) return place;
        shelves.delete(shelf.cost.join());
        sorted = sorted.slice(1);
      }
    },
  };
}

interface Shelf {
  readonly cost: readonly number[];
  next: number;
  readonly places: Place[];
}

function byCost({ cost: one }: Shelf, { cost: other }: Shelf): number {
  for (const [index, count] of one.entries()) {
    const difference = count - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function choicesTo(place: Place): readonly Choice[] {
  const choices: Choice[] = [];
  for (let at: Place | undefined = place; at?.choice !== undefined; at = at.before) {
    choices.push(at.choice);
  }
  return choices.toReversed();
}
