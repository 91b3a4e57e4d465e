/** Looks for a run that breaks a property, and makes it small. */
import { sample } from '../../../explore/sampling/sample.ts';
import { goalOf } from '../../../explore/shrink/goal.ts';
import { shrink } from '../../../explore/shrink/shrink.ts';
import type { Property } from '../../../runtime/property.ts';
import type { System } from '../../../runtime/system.ts';
import { follow } from '../../walk/course.ts';
import type { Course } from '../../walk/course.ts';

/** Random runs that are made, and how long each may be: a moment's work for most systems. */
const effort = { schedules: 300, stepsMax: 200 } as const;
const shrinkStepsMax = 50_000;

/** Whether a run by itself can break the property, so that one can be looked for. */
export function canHunt(system: System, property: Property): boolean {
  return goalOf(system, property) !== undefined;
}

/** The shortest run that breaks the property of those that were found; `undefined` where none was. */
export function huntFor(system: System, property: Property, seed: number): Course | undefined {
  const { violations } = sample(system, { ...effort, properties: [property], seed, statesMax: 0 });
  const run = violations[0]?.run;
  if (run === undefined) return undefined;
  const small = shrink(system, { property, run, stepsMax: shrinkStepsMax }).run;
  return follow(system, { stepsMax: small.steps.length - 1, tape: small.tape });
}
