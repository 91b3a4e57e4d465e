import { expect, test } from 'vitest';

import { protocolScenarios } from '../../../src/app/cli/scenarios/protocols.ts';
import { endOf, follow } from '../../../src/app/walk/course.ts';
import type { Course } from '../../../src/app/walk/course.ts';
import { fatesOf } from '../../../src/app/walk/fate/fates.ts';
import { nearestPassing } from '../../../src/app/walk/fate/nearest-passing.ts';
import { check } from '../../../src/index.ts';
import type { Property, System } from '../../../src/index.ts';
import { last } from './last.ts';

/** Of each protocol the first mistake that can be planted in it. */
const planted = Object.entries(protocolScenarios).flatMap(([name, { bugs = {}, params, make }]) =>
  Object.keys(bugs)
    .slice(0, 1)
    .map((bug) => ({ bug, name, system: make({ ...params, bug }) })),
);

test.each(planted)(
  '$name, $bug: the run fails to its end, and its neighbour does not',
  ({ system }) => {
    const { course, property } = broken(system);
    const fates = last(fatesOf(course, property, { walkStepsMax: 80, walks: 6, worldsMax: 300 }));
    expect(fates?.points.at(-1)).toMatchObject({ share: 1, step: endOf(course) });
    const { inevitableFrom = -1 } = fates ?? {};
    const isCounted =
      fates?.points.find(({ step }) => step === inevitableFrom)?.drawn === undefined;
    const passing = last(nearestPassing(course, property));
    // Whoever leaves later than it became inevitable fails as well.
    const isTooLate = isCounted && passing !== undefined && passing.sharedTo >= inevitableFrom;
    expect(isTooLate).toBe(false);
    expect(passing === undefined).toBe(inevitableFrom === 0);
  },
);

/** The shortest run that breaks a property of one world or of one rest. */
function broken(system: System): { readonly course: Course; readonly property: Property } {
  const { violations } = check(system, { schedules: 4_000, strategy: 'random', stepsMax: 120 });
  for (const { property: name, run } of violations) {
    const property = system.definition.properties?.find((one) => one.name === name);
    if (property === undefined || run === undefined) continue;
    if (!['always', 'never', 'atQuiescence', 'deadlockFree'].includes(property.type)) continue;
    const course = follow(system, { stepsMax: run.steps.length - 1, tape: run.tape });
    return { course, property };
  }
  throw new Error('nothing is broken');
}
