/** A trace followed as far as it goes on a system that has changed since it was recorded. */
import { goalOf } from '../explore/shrink/goal.ts';
import { runSystem } from '../kernel/run.ts';
import type { Run } from '../kernel/run.ts';
import type { Step } from '../kernel/step.ts';
import type { Departure, Tape } from '../kernel/tape.ts';
import type { World } from '../kernel/world.ts';
import type { Property } from '../runtime/property.ts';
import type { System } from '../runtime/system.ts';
import type { Trace } from './trace.ts';

/** Who watches, and where to stop. */
export interface FollowOptions {
  readonly onStep?: (step: Step, world: World) => void;
  /** Stops where one world breaks it; else at the end of the trace, or at rest. */
  readonly property?: Property;
  /** Steps beyond those of the trace after which a run that looks for the property ends; 1,000 unless said otherwise. */
  readonly moreMax?: number;
}

/** What came of following. */
export interface Followed {
  readonly run: Run;
  /** Whether the system starts as the one that was recorded. */
  readonly isSameStart: boolean;
  /** Whether the last world breaks the property; absent where no single world could. */
  readonly isBroken?: boolean;
  /** The departures that no longer fitted. */
  readonly skipped: Tape;
}

const moreMaxDefault = 1_000;

/** Takes the departures of a trace where the system still offers them, by name, and is dull elsewhere. */
export function followTrace(trace: Trace, system: System, options: FollowOptions = {}): Followed {
  const { moreMax = moreMaxDefault, onStep, property } = options;
  const isBroken = property && goalOf(system, property);
  const run = runSystem(system, {
    replay: 'tolerant',
    stepsMax: isBroken === undefined ? trace.steps : trace.steps + moreMax,
    tape: trace.departures,
    ...(isBroken === undefined ? {} : { until: isBroken }),
    ...(onStep === undefined ? {} : { onStep }),
  });
  return {
    isSameStart: system.hash(system.start().world) === trace.system.start,
    run,
    skipped: without(trace.departures, run.tape),
    ...(isBroken === undefined ? {} : { isBroken: isBroken(run.world) }),
  };
}

/** The departures of a tape that were not taken. */
function without(tape: Tape, taken: Tape): Tape {
  const left = new Map<string, number>();
  for (const one of taken) left.set(keyOf(one), (left.get(keyOf(one)) ?? 0) + 1);
  return tape.filter((one) => {
    const count = left.get(keyOf(one)) ?? 0;
    left.set(keyOf(one), count - 1);
    return count <= 0;
  });
}

function keyOf({ at, take }: Departure): string {
  return `${at}>${take}`;
}
