/**
 * Selectively uniform random walk: interleavings of the events of interest are equally likely, as far as
 * it is known how many each actor has; and a fault falls anywhere in a run alike, also late.
 *
 * @see Zhao, Wolff, Mathur and Roychoudhury, "Selectively Uniform Concurrency Testing", ASPLOS 2025,
 * sections 3 (URW) and 4 (SURW). Here an actor's deliveries and timers are a thread, how many there will
 * be is the mean of the runs before, and all faults together are one more thread.
 */
import { createRandom } from '../../core/random.ts';
import type { Random } from '../../core/random.ts';
import type { Choice } from '../../kernel/choice.ts';
import { runSystem } from '../../kernel/run.ts';
import type { Chooser, Run } from '../../kernel/run.ts';
import { firstFaultOf } from './misfortune.ts';
import { pendingOf, receiverOf } from './pending.ts';
import type { Pending } from './pending.ts';
import { randomWalk } from './random-walk.ts';
import { seedOf } from './seeds.ts';
import type { Strategy } from './strategy.ts';

/** What is of interest. */
export interface SurwOptions {
  /** Faults of a run at most, each number up to it alike; what the budgets allow unless said otherwise. */
  readonly faultsMax?: number;
  /** The events whose order matters; all unless said otherwise. */
  readonly interest?: (choice: Choice) => boolean;
}

/** Uniform over interleavings, with faults anywhere. */
export function bySurw({ faultsMax, interest = () => true }: SurwOptions = {}): Strategy {
  return {
    name: 'surw',
    begin: ({ seed, stepsMax, system }) => {
      const { budgets } = system.mechanics.rules;
      const allowed = Object.values(budgets).reduce((sum: number, budget) => sum + budget, 0);
      const census = createCensus(interest);
      const chooser = randomWalk(seedOf(seed, -1), { faultRate: 0 });
      census.add(runSystem(system, { chooser, stepsMax }));
      return {
        learn: ({ run }) => {
          census.add(run);
        },
        next: (index) => {
          const random = createRandom(seedOf(seed, index));
          const faults = random.below(Math.min(allowed, faultsMax ?? allowed) + 1);
          return surwChooser({ faults, interest, left: census.means(), random });
        },
      };
    },
  };
}

interface SurwRun {
  /** Faults that are still to come. */
  readonly faults: number;
  readonly interest: (choice: Choice) => boolean;
  /** Events that each actor is expected to have still. */
  readonly left: Map<string, number>;
  readonly random: Random;
}

/** What an actor weighs of which nothing more was expected: little, so that it is not forgotten. */
const unexpected = 0.5;
const scale = 1 << 16;

function surwChooser({ faults, interest, left, random }: SurwRun): Chooser {
  let faultsLeft = faults;
  let intended: string | undefined;
  const weightOf = (actor: string): number => Math.max(left.get(actor) ?? 0, unexpected);
  const intend = (actors: readonly string[]): string | undefined => {
    const total = actors.reduce((sum, actor) => sum + weightOf(actor), 0);
    let drawn = (random.below(scale) / scale) * total;
    return actors.find((actor) => (drawn -= weightOf(actor)) < 0) ?? actors[0];
  };
  const isFault = (): boolean => {
    const events = [...left.values()].reduce((sum, count) => sum + Math.max(0, count), 0);
    return random.chance(faultsLeft / (faultsLeft + events));
  };
  return (options) => {
    const firstFault = firstFaultOf(options);
    if (faultsLeft > 0 && firstFault < options.length && isFault()) {
      faultsLeft -= 1;
      return firstFault + random.below(options.length - firstFault);
    }
    // Where the system has nothing left to do, to end is as likely as any input.
    if (options[0] === undefined && random.below(firstFault) === 0) return 0;
    const pending = pendingOf(options.slice(0, firstFault));
    const isWanted = ({ indices }: Pending): boolean => {
      const choice = options[indices[0] ?? 0];
      return choice !== undefined && interest(choice);
    };
    const wanted = pending.filter(isWanted);
    const actors = [...new Set(wanted.flatMap(({ receiver }) => receiver ?? []))];
    if (intended === undefined || !actors.includes(intended)) intended = intend(actors);
    const free = pending.filter((one) => one.receiver === intended || !wanted.includes(one));
    const taken = free[random.below(free.length)];
    if (taken === undefined) return 0;
    if (wanted.includes(taken)) {
      left.set(intended ?? '', (left.get(intended ?? '') ?? 0) - 1);
      intended = undefined;
    }
    return taken.indices[random.below(taken.indices.length)] ?? 0;
  };
}

interface Census {
  readonly add: (run: Run) => void;
  /** How many events each actor has had in a run, on average. */
  readonly means: () => Map<string, number>;
}

function createCensus(interest: (choice: Choice) => boolean): Census {
  const counts = new Map<string, number>();
  let runs = 0;
  return {
    add: ({ steps }) => {
      runs += 1;
      for (const { choice } of steps) {
        const actor = choice === undefined || !interest(choice) ? undefined : receiverOf(choice);
        if (actor !== undefined) counts.set(actor, (counts.get(actor) ?? 0) + 1);
      }
    },
    means: () => new Map([...counts].map(([actor, count]) => [actor, count / runs])),
  };
}
