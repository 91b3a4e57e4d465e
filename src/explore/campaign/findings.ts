/**
 * What schedules have shown, as data. Findings of parts that have no schedule in common join to those of
 * the whole, in any order.
 */
import type { Covered, MachineCoverage } from '../../runtime/coverage.ts';
import { emptySketch, joinSketches } from './sketch.ts';
import type { Sketch } from './sketch.ts';
import { shortest } from './witness.ts';
import type { Witness } from './witness.ts';

/** What was found. */
export interface Findings {
  readonly broken: readonly Broken[];
  /** What the machines have been seen to do. */
  readonly coverage: readonly MachineCoverage[];
  /** Runs that were cut. */
  readonly cut: number;
  /** The worlds of the longest run. */
  readonly depth: number;
  /** Actors that failed, in words. */
  readonly failures: readonly string[];
  /** The `sometimes` properties that were seen to hold. */
  readonly reached: readonly string[];
  readonly schedules: number;
  readonly steps: number;
  /** The properties that were put to the test. */
  readonly tested: readonly string[];
  /** Walks hash worlds otherwise than the plain kernel: what both saw cannot be told to be the same. */
  readonly worlds: { readonly plain: Sketch; readonly walked: Sketch };
}

/** A property that is broken. */
export interface Broken {
  readonly property: string;
  /** How many schedules broke it. */
  readonly schedules: number;
  readonly witnesses: readonly Witness[];
}

/** Nothing. */
export const noFindings: Findings = {
  broken: [],
  coverage: [],
  cut: 0,
  depth: 0,
  failures: [],
  reached: [],
  schedules: 0,
  steps: 0,
  tested: [],
  worlds: { plain: emptySketch, walked: emptySketch },
};

/** What both found. */
export function joinFindings(one: Findings, other: Findings): Findings {
  return {
    broken: joinBroken([...one.broken, ...other.broken]),
    coverage: joinCoverage(one.coverage, other.coverage),
    cut: one.cut + other.cut,
    depth: Math.max(one.depth, other.depth),
    failures: union(one.failures, other.failures),
    reached: union(one.reached, other.reached),
    schedules: one.schedules + other.schedules,
    steps: one.steps + other.steps,
    tested: union(one.tested, other.tested),
    worlds: {
      plain: joinSketches(one.worlds.plain, other.worlds.plain),
      walked: joinSketches(one.worlds.walked, other.worlds.walked),
    },
  };
}

function joinBroken(all: readonly Broken[]): readonly Broken[] {
  const names = union(
    all.map(({ property }) => property),
    [],
  );
  return names.map((property) => {
    const those = all.filter((one) => one.property === property);
    return {
      property,
      schedules: those.reduce((sum, { schedules }) => sum + schedules, 0),
      witnesses: shortest(those.flatMap(({ witnesses }) => witnesses)),
    };
  });
}

/** What either did was done. */
function joinCoverage(
  one: readonly MachineCoverage[],
  other: readonly MachineCoverage[],
): readonly MachineCoverage[] {
  const machines = union(
    one.map(({ machine }) => machine),
    other.map(({ machine }) => machine),
  );
  return machines.flatMap((machine) => {
    const [first, second] = [one, other].map((all) => all.find((each) => each.machine === machine));
    if (first === undefined || second === undefined) return first ?? second ?? [];
    return [
      {
        machine,
        events: joinCovered(first.events, second.events),
        states: joinCovered(first.states, second.states),
        transitions: joinCovered(first.transitions, second.transitions),
      },
    ];
  });
}

function joinCovered(one: Covered, other: Covered): Covered {
  const never = new Set(other.never);
  return { all: one.all, never: one.never.filter((text) => never.has(text)) };
}

/** Sorted, so that the order of joining does not show. */
function union(one: readonly string[], other: readonly string[]): readonly string[] {
  return [...new Set([...one, ...other])].toSorted();
}
