/** The run that passes and shares the longest beginning with one that fails. */
import { randomWalk } from '../../../explore/strategies/random-walk.ts';
import type { Chooser } from '../../../kernel/run.ts';
import { endPoint } from '../../../kernel/tape.ts';
import type { Property } from '../../../runtime/property.ts';
import { eager } from '../../cli/eager.ts';
import { cutAfter, endOf, goOn, isAtRest, take, worldAt } from '../course.ts';
import type { Course, TakenDeparture } from '../course.ts';
import { judgeOf, phasesOf } from './judge.ts';
import type { Judge, Phase } from './judge.ts';
import { turnsIn } from './turns.ts';

/** A run that does not break the property. */
export interface Passing {
  readonly course: Course;
  /** The last step that both have. */
  readonly sharedTo: number;
  /** Whether it comes to rest or is decided; else it only has not failed as far as it goes. */
  readonly isDecided: boolean;
}

/** Steps that are made in all at the most, and in one run beyond the failing one. */
const stepsInAllMax = 200_000;
const beyond = 200;
const seeds = [1, 2, 3];

/**
 * From the end of the failing run backwards: another choice at a step, and from there the rest of the failing
 * run's own departures, or in order, or by chance. It rests after each try; nothing where none was found.
 */
export function* nearestPassing(
  course: Course,
  property: Property,
): Generator<number, Passing | undefined> {
  const { system } = course;
  const judge = judgeOf(system, property);
  if (judge === undefined) return undefined;
  const phases = phasesOf(judge, course.worlds);
  const broken = phases.indexOf('fails');
  const last = broken < 0 ? endOf(course) : broken;
  let steps = 0;
  for (let at = last - 1; at >= 0 && steps < stepsInAllMax; at -= 1) {
    const beginning = cutAfter(course, at);
    const taken = course.steps[at + 1]?.choice?.name;
    const others = turnsIn(system, worldAt(course, at)).filter(({ name }) => name !== taken);
    const later = course.departures.filter(({ step }) => step > at + 1);
    const stepsMax = 2 * (last - at) + beyond;
    for (const choice of others) {
      const fork = take(beginning, at, choice);
      for (const chooser of choosersFor(later)) {
        yield (last - at) / last;
        const other = goOn(fork, { stepsMax, ...(chooser === undefined ? {} : { chooser }) });
        steps += endOf(other) - at;
        const end = endOfRun({ course: other, from: at }, judge, phases[at] ?? 'open');
        if (end !== 'fails') return { course: other, isDecided: end === 'passes', sharedTo: at };
      }
    }
  }
  return undefined;
}

function choosersFor(later: readonly TakenDeparture[]): readonly (Chooser | undefined)[] {
  const byChance = seeds.map((seed) => eager(randomWalk(seed, { faultRate: 0 })));
  return later.length === 0 ? [undefined, ...byChance] : [leaving(later), undefined, ...byChance];
}

/** In order but where a departure fits. */
function leaving(departures: readonly TakenDeparture[]): Chooser {
  return (options) => {
    const point = options[0]?.name ?? endPoint;
    const found = departures.find(({ at }) => at === point);
    return Math.max(
      0,
      options.findIndex((option) => option !== undefined && option.name === found?.take),
    );
  };
}

/** How a run ends that leaves the failing one after a step, in that phase. */
function endOfRun(
  { course, from }: { readonly course: Course; readonly from: number },
  judge: Judge,
  before: Phase,
): Phase {
  let phase = before;
  for (const world of course.worlds.slice(from + 1)) phase = judge(phase, world);
  if (phase === 'open' && isAtRest(course)) return 'passes';
  return phase === 'owing' ? 'fails' : phase;
}
