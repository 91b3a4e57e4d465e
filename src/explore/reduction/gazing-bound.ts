/** The bound on worlds, and what it looks at: two steps that change that are dependent. */
import type { Predicate } from '../../runtime/property.ts';
import { createDecision } from '../interned/questions/decision.ts';
import type { Decision } from '../interned/questions/decision.ts';
import type { Space } from '../interned/space.ts';
import { asked } from '../verdict.ts';
import { boundName } from '../within.ts';
import { createGaze } from './gaze.ts';
import type { Gaze } from './gaze.ts';

/** A bound whose reading is noted. */
export interface GazingBound extends Pick<Gaze, 'sight' | 'size'> {
  readonly isWithin: Decision;
}

/** The bound of a system, if it has one. */
export function boundIn(space: Space, within: Predicate | undefined): GazingBound | undefined {
  if (within === undefined) return undefined;
  const { sight, size, watched } = createGaze(space, [
    { holds: within, name: boundName, type: 'always' },
  ]);
  const holds = watched[0]?.holds ?? within;
  return { isWithin: createDecision(space, asked(boundName, holds)), sight, size };
}
