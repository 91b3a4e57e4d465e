/** Looks for a run that breaks a property, and makes it small. */
import { createRuns } from '../../../explore/sampling/runs.ts';
import { goalOf } from '../../../explore/shrink/goal.ts';
import { shrink } from '../../../explore/shrink/shrink.ts';
import { byRandom } from '../../../explore/strategies/random-walk.ts';
import type { Property } from '../../../runtime/property.ts';
import type { System } from '../../../runtime/system.ts';
import { follow } from '../../walk/course.ts';
import type { Course } from '../../walk/course.ts';

/** Random runs that are made at the most, and how long each may be. */
const runsMax = 20_000;
const stepsMax = 300;
const shrinkStepsMax = 50_000;

/** Whether a run by itself can break the property, so that one can be looked for. */
export function canHunt(system: System, property: Property): boolean {
  return goalOf(system, property) !== undefined;
}

/**
 * A short run that breaks the property; nothing where none was found. It rests after each run that it makes,
 * and says which share of them is made.
 */
export function* huntFor(
  system: System,
  property: Property,
  seed: number,
): Generator<number, Course | undefined> {
  const properties = [property];
  const strategy = byRandom();
  const { make } = createRuns(system, { properties, seed, statesMax: 0, stepsMax, strategy });
  for (let index = 0; index < runsMax; index += 1) {
    yield index / runsMax;
    const made = make(index);
    if (made === undefined) return undefined;
    if (made.broken === undefined) continue;
    const { run } = shrink(system, { property, run: made.run(), stepsMax: shrinkStepsMax });
    return follow(system, { stepsMax: run.steps.length - 1, tape: run.tape });
  }
  return undefined;
}
