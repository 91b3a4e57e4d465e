/** Two runs that share a beginning, step beside step: what both do in the same order stands in one row. */
import { diffArrays } from 'diff';

import type { Course } from '../course.ts';

/** A row: a step of both runs, or of one alone. */
export interface Row {
  readonly failing?: number;
  readonly passing?: number;
  /** Where the other run takes the same step at another time, the number of its step. */
  readonly elsewhere?: number;
}

/** Longer ends are not compared. */
const stepsMax = 2_000;

/** The rows after the last step that both have, in the order of both. */
export function sideBySide(failing: Course, passing: Course, sharedTo: number): readonly Row[] {
  const [ours, theirs] = [stepsAfter(failing, sharedTo), stepsAfter(passing, sharedTo)];
  const rows: Row[] = [];
  let [left, right] = [0, 0];
  for (const { added, count, removed } of diffArrays(named(ours), named(theirs))) {
    for (let at = 0; at < count; at += 1) {
      const [our, their] = [ours[left], theirs[right]];
      if (!added && our !== undefined) left += 1;
      if (!removed && their !== undefined) right += 1;
      if (added && their !== undefined)
        rows.push({ ...placeIn(ours, their), passing: their.index });
      else if (removed && our !== undefined)
        rows.push({ ...placeIn(theirs, our), failing: our.index });
      else if (our !== undefined && their !== undefined) {
        rows.push({ failing: our.index, passing: their.index });
      }
    }
  }
  return rows;
}

interface Named {
  readonly index: number;
  readonly name: string;
}

function stepsAfter({ steps }: Course, sharedTo: number): readonly Named[] {
  return steps
    .slice(sharedTo + 1, sharedTo + 1 + stepsMax)
    .map(({ choice, index }) => ({ index, name: choice?.name ?? 'start' }));
}

function named(steps: readonly Named[]): string[] {
  return steps.map(({ name }) => name);
}

function placeIn(steps: readonly Named[], { name }: Named): { readonly elsewhere?: number } {
  const found = steps.find((step) => step.name === name);
  return found === undefined ? {} : { elsewhere: found.index };
}
