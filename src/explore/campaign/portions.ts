/** Portions of an exhaustive search as a campaign counts them: each is a schedule. */
import type { Property } from '../../runtime/property.ts';
import type { System } from '../../runtime/system.ts';
import { isOfWorlds } from '../exhaustive/of-worlds.ts';
import { searchPortion } from '../exhaustive/portion.ts';
import type { PortionResult } from '../exhaustive/portion.ts';
import type { Violation } from '../violation.ts';
import { joinFindings, noFindings } from './findings.ts';
import type { Broken, Findings } from './findings.ts';
import { createSketcher } from './sketch.ts';
import type { Sketch } from './sketch.ts';
import { witnessOf } from './witness.ts';

/** Which portions of how many, and what is asked of the worlds. */
export interface PortionsOptions {
  readonly count: number;
  readonly from: number;
  readonly portions: number;
  /** Those that are not decided world by world are left out. */
  readonly properties: readonly Property[];
}

/** Worlds after which a portion is cut. */
export const portionStatesMax = 10_000_000;

/** Searches each portion for itself, so that what it shows does not depend on what is searched beside it. */
export function searchPortions(
  system: System,
  { count, from, portions, properties }: PortionsOptions,
): Findings {
  const options = {
    portions,
    properties: properties.filter(isOfWorlds),
    statesMax: portionStatesMax,
  };
  return Array.from({ length: count }, (_, place) => from + place)
    .map((index) => {
      const { add, sketch } = createSketcher();
      const result = searchPortion(system, { ...options, index, onWorld: add });
      return findingsOf(index, result, sketch());
    })
    .reduce(joinFindings, noFindings);
}

function findingsOf(
  index: number,
  { depth, isCut, reached, tested, transitions, violations }: PortionResult,
  worlds: Sketch,
): Findings {
  return {
    ...noFindings,
    broken: violations.flatMap((violation) => brokenBy(index, violation)),
    cut: isCut ? 1 : 0,
    depth,
    reached,
    schedules: 1,
    steps: transitions,
    tested,
    worlds: { ...noFindings.worlds, walked: worlds },
  };
}

function brokenBy(index: number, { property, run }: Violation): readonly Broken[] {
  if (run === undefined) return [];
  return [{ property, schedules: 1, witnesses: [witnessOf(index, run)] }];
}
