/** What is said of a program that cannot be run: why, and which of its values is the first that cannot be made. */
import type { ConformanceOutcome } from '../../../../actors/conformance/outcome.ts';
import type { ConformanceProgram } from '../../../../actors/conformance/program.ts';
import { failureOf } from '../failure.ts';

/** How a program failed. */
export interface FailedRun {
  /** Runs a part of the program in order; throws if it cannot be run. */
  readonly run: (part: ConformanceProgram) => unknown;
  /** The schedule, unless it was the one in order. */
  readonly seed: number | undefined;
  readonly thrown: unknown;
}

/** The outcome of a program that cannot be run. */
export function failedOutcome(
  program: ConformanceProgram,
  { run, seed, thrown }: FailedRun,
): ConformanceOutcome {
  const { code, message: reason } = failureOf(thrown);
  const value = seed === undefined ? firstFailing(program, run) : undefined;
  const what = value === undefined ? 'it cannot be run' : `value ${value} cannot be made`;
  const message = `${what}${seed === undefined ? '' : ` under seed ${seed}`}: ${reason}`;
  return {
    id: program.id,
    outcome: 'failed',
    error: { type: code, message },
    contexts_after: [],
    message,
  };
}

/** Values are made in order: if those up to one cannot be made, no more can. */
function firstFailing(
  { values, ...program }: ConformanceProgram,
  run: FailedRun['run'],
): string | undefined {
  // Without roots there is no backward pass that could fail.
  const fails = (count: number): boolean =>
    throws(() => run({ ...program, roots: [], values: values.slice(0, count) }));
  if (!fails(values.length)) return undefined;
  let [well, ill] = [0, values.length];
  while (ill - well > 1) {
    const middle = Math.floor((well + ill) / 2);
    if (fails(middle)) ill = middle;
    else well = middle;
  }
  return values[ill - 1]?.id;
}

function throws(go: () => unknown): boolean {
  try {
    go();
    return false;
  } catch {
    return true;
  }
}
