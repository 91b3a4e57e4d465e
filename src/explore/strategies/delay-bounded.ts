/**
 * All schedules with few delays: the dullest run, all runs in which one thing is put behind all that is
 * pending with it, and so on. An input, a fault, or another moment or outcome costs a delay as well.
 *
 * @see Emmi, Qadeer and Rakamarić, "Delay-Bounded Scheduling", POPL 2011, section 3.
 */
import type { Choice } from '../../kernel/choice.ts';
import { isExternal } from '../../kernel/choice.ts';
import type { Chooser } from '../../kernel/run.ts';
import { pendingOf } from './pending.ts';
import type { Pending } from './pending.ts';
import type { Strategy } from './strategy.ts';

/** How far schedules may be from the dullest. */
export interface DelayOptions {
  /** Delays of a run at most; 2 unless said otherwise. */
  readonly delaysMax?: number;
}

const delaysMaxDefault = 2;

/** All schedules by the number of their delays. */
export function byDelays({ delaysMax = delaysMaxDefault }: DelayOptions = {}): Strategy {
  return {
    name: `delay(${delaysMax})`,
    begin: () => {
      const made: MadePlan[] = [];
      const plans = plansFrom(made, delaysMax);
      let delays = 0;
      return {
        describe: () => wordsOf(delays),
        next: () => {
          const next = plans.next();
          if (next.done === true) return undefined;
          ({ delays } = next.value);
          const points: Point[] = [];
          made.push({ plan: next.value, points });
          return delayChooser(next.value, points);
        },
        notes: () => [
          `Schedules with up to ${delays === 1 ? '1 delay' : `${delays} delays`} were made.`,
        ],
      };
    },
  };
}

function wordsOf(delays: number): string {
  if (delays === 0) return 'no delay';
  return delays === 1 ? 'one delay' : `${delays} delays`;
}

/** Where a run departs from the dullest: at which points, by which alternative. */
interface Plan {
  readonly delays: number;
  readonly detours: readonly Detour[];
}

interface Detour {
  readonly alternative: number;
  readonly point: number;
}

/** What a point offered: so many delays can be made there, and so many other things can be taken. */
interface Point {
  readonly others: number;
  readonly rank: number;
}

interface MadePlan {
  readonly plan: Plan;
  readonly points: readonly Point[];
}

/** All plans by their delays; those of one more come from what the runs with fewer have met. */
function* plansFrom(made: readonly MadePlan[], delaysMax: number): Generator<Plan, undefined> {
  yield { delays: 0, detours: [] };
  for (let delays = 1; delays <= delaysMax; delays += 1) {
    for (const { plan, points } of made) {
      if (plan.delays >= delays) break;
      yield* extensionsOf(plan, points, delays);
    }
  }
  return undefined;
}

/** The plans with one more detour, behind the others, that have so many delays. */
function* extensionsOf(
  plan: Plan,
  points: readonly Point[],
  delays: number,
): Generator<Plan, void> {
  const { detours } = plan;
  const more = delays - plan.delays;
  for (let point = (detours.at(-1)?.point ?? -1) + 1; point < points.length; point += 1) {
    const { others, rank } = points[point] ?? { others: 0, rank: 0 };
    if (more < rank) yield { delays, detours: [...detours, { alternative: more, point }] };
    if (more > 1) continue;
    for (let other = 0; other < others; other += 1) {
      yield { delays, detours: [...detours, { alternative: rank + other, point }] };
    }
  }
}

/** Follows a plan, and notes what each point offers. */
function delayChooser({ detours }: Plan, points: Point[]): Chooser {
  const behind = new Map<string, ReadonlySet<string>>();
  let done = 0;
  return (options) => {
    const ranked = rankedOf(options, behind);
    const heads = ranked.map(({ indices }) => indices[0] ?? 0);
    // To end comes first where the system has nothing left to do; else the dullest of the system's own.
    const queue = options[0] === undefined ? [0] : heads;
    const others = options.flatMap((_, index) => (queue.includes(index) ? [] : [index]));
    const detour = detours[done]?.point === points.length ? detours[done] : undefined;
    points.push({ others: others.length, rank: queue.length });
    if (detour === undefined) return queue[0] ?? 0;
    done += 1;
    const { alternative } = detour;
    if (alternative >= queue.length) return others[alternative - queue.length] ?? 0;
    const delayed = ranked.slice(0, alternative).map(({ name }) => name);
    const rest = new Set(pendingNames(options).filter((name) => !delayed.includes(name)));
    for (const name of delayed) behind.set(name, rest);
    return queue[alternative] ?? 0;
  };
}

/** The system's own, dullest first, without what was put behind something that is still pending. */
function rankedOf(
  options: readonly (Choice | undefined)[],
  behind: ReadonlyMap<string, ReadonlySet<string>>,
): readonly Pending[] {
  const own = pendingOf(options.filter((choice) => choice === undefined || !isExternal(choice)));
  const names = new Set(own.map(({ name }) => name));
  const waits = ({ name }: Pending): boolean =>
    [...(behind.get(name) ?? [])].some((other) => names.has(other));
  const free = own.filter((one) => !waits(one));
  return free.length === 0 ? own.slice(0, 1) : free;
}

function pendingNames(options: readonly (Choice | undefined)[]): readonly string[] {
  return pendingOf(options).map(({ name }) => name);
}
