/** A trace made to happen again, step by step against its log. */
import { invariant, SimulationError } from '../core/errors.ts';
import { describeChoice } from '../kernel/choice.ts';
import { runSystem } from '../kernel/run.ts';
import type { Run } from '../kernel/run.ts';
import type { Step } from '../kernel/step.ts';
import type { World } from '../kernel/world.ts';
import type { System } from '../runtime/system.ts';
import type { Trace } from './trace.ts';

/** How far to replay, and who watches. */
export interface ReplayOptions {
  /** The step to stop after; the end of the trace unless given. */
  readonly to?: number;
  readonly onStep?: (step: Step, world: World) => void;
}

/** Whether the run came out as recorded; if not, the first step that differs, and how. */
export type Replay =
  | { readonly type: 'same'; readonly run: Run }
  | { readonly type: 'differs'; readonly run: Run; readonly step: number; readonly why: string };

/**
 * Runs the departures of a trace on its system, strictly.
 *
 * @throws {SimulationError} `trace/other-system` for a trace of another system or of other parameters,
 * `trace/unknown-departure` for a choice that the system does not offer, `trace/no-such-step`.
 */
export function replayTrace(trace: Trace, system: System, options: ReplayOptions = {}): Replay {
  requireSystem(trace, system);
  const { to = trace.steps } = options;
  invariant(
    Number.isInteger(to) && to >= 0 && to <= trace.steps,
    'trace/no-such-step',
    `There is no step ${to} in this trace: it has steps 0 to ${trace.steps}.`,
  );
  requireDepartures(trace, system);
  let taken = -1;
  let difference: Difference | undefined;
  const run = strictly(
    trace,
    () => taken + 1,
    () =>
      runSystem(system, {
        tape: trace.departures,
        stepsMax: stepsMaxOf(trace),
        until: () => difference !== undefined || (to < trace.steps && taken >= to),
        onStep: (step, world) => {
          taken = step.index;
          difference = differenceAt(trace, step, system.hash(world));
          options.onStep?.(step, world);
        },
      }),
  );
  difference ??= to < trace.steps ? undefined : differenceAtEnd(trace, run);
  return difference === undefined ? { type: 'same', run } : { type: 'differs', run, ...difference };
}

/** One step more than recorded shows whether the run really ends there. */
function stepsMaxOf({ ended, steps }: Trace): number {
  return ended === 'quiescent' ? steps + 1 : steps;
}

/** A file that cannot be replayed says so before anything of it is shown. */
function requireDepartures(trace: Trace, system: System): void {
  let taken = -1;
  const { tape } = strictly(
    trace,
    () => taken + 1,
    () =>
      runSystem(system, {
        onStep: ({ index }) => {
          taken = index;
        },
        stepsMax: stepsMaxOf(trace),
        tape: trace.departures,
      }),
  );
  const left = trace.departures[tape.length];
  invariant(
    left === undefined,
    'trace/unknown-departure',
    `The trace takes "${left?.take}" where "${left?.at}" is next, which never was in ${taken} steps. ` +
      'The system or its parameters differ from those of the recording: replay it on the version that ' +
      'recorded it, or with --tolerant.',
  );
}

interface Difference {
  readonly step: number;
  readonly why: string;
}

function requireSystem({ system: recorded }: Trace, system: System): void {
  invariant(
    recorded.name === system.name,
    'trace/other-system',
    `This trace is of "${recorded.name}", not of "${system.name}". Replay it on the system that it names.`,
  );
  const start = system.hash(system.start().world);
  invariant(
    recorded.start === start,
    'trace/other-system',
    `"${system.name}" starts with hash ${start}, but this trace with ${recorded.start}: it is of other ` +
      'parameters or of another version of the system. Replay it on the version that recorded it.',
  );
}

/** A departure that does not fit is an error of the file, and says where. */
function strictly(trace: Trace, at: () => number, make: () => Run): Run {
  try {
    return make();
  } catch (thrown) {
    if (!(thrown instanceof SimulationError) || thrown.code !== 'kernel/tape-mismatch')
      throw thrown;
    throw new SimulationError(
      'trace/unknown-departure',
      `Step ${at()} of ${trace.steps} cannot be replayed. ${thrown.message}`,
      { cause: thrown },
    );
  }
}

function differenceAt(trace: Trace, { choice, index }: Step, hash: string): Difference | undefined {
  if (choice === undefined) return undefined;
  if (index > trace.steps) {
    return {
      step: index,
      why: `the recording had ended, this run goes on: ${describeChoice(choice)}`,
    };
  }
  const recorded = trace.log?.[index - 1];
  if (recorded === undefined) return undefined;
  if (recorded.name !== choice.name) {
    return {
      step: index,
      why: `recorded was "${recorded.what}" (${recorded.name}), this run takes "${describeChoice(choice)}" (${choice.name})`,
    };
  }
  if (!hash.startsWith(recorded.hash)) {
    return {
      step: index,
      why: `after "${recorded.what}" the world has hash ${hash}, recorded was ${recorded.hash}…`,
    };
  }
  return undefined;
}

function differenceAtEnd(trace: Trace, run: Run): Difference | undefined {
  const steps = run.steps.length - 1;
  if (steps < trace.steps) {
    const next = trace.log?.[steps]?.what;
    return {
      step: steps + 1,
      why: `this run has nothing left to do, the recording goes on${next === undefined ? '' : `: ${next}`}`,
    };
  }
  if (run.hash === trace.hash) return undefined;
  return { step: steps, why: `the run ends with hash ${run.hash}, recorded was ${trace.hash}` };
}
