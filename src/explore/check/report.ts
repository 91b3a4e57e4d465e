/** What a check has to say. */
import type { MachineCoverage } from '../../runtime/coverage.ts';
import type { Property } from '../../runtime/property.ts';
import type { System } from '../../runtime/system.ts';
import type { Seen } from './look.ts';
import type { Vacuous } from './vacuity.ts';
import type { CheckedViolation } from './violations.ts';

/**
 * The verdict, what it rests on, and what was not looked at. `states` are different worlds, `depth` is how
 * many worlds the longest way had. Of a search, `transitions` are ways from world to world, the start
 * being one, and `schedules` is 0; of runs, they are the steps of all of them, and how many they were.
 */
export interface Report extends Omit<Seen, 'vacuous' | 'violations' | 'waiting'> {
  /** The properties that were looked at. */
  readonly properties: readonly Property[];
  /** What is broken. */
  readonly violations: readonly CheckedViolation[];
  /** Properties that were not put to the test. */
  readonly vacuous: readonly Vacuous[];
  /** What the machines have been seen to do, and what they never did. */
  readonly coverage: readonly MachineCoverage[];
  /** The system as it was checked, on which the runs of violations replay. */
  readonly system: System;
}
