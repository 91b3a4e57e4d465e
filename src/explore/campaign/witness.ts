/** Runs that show what is broken, as data: a few of each kind are kept, the shortest first. */
import { runSystem } from '../../kernel/run.ts';
import type { Run } from '../../kernel/run.ts';
import { formatTape, parseTape } from '../../kernel/tape.ts';
import type { System } from '../../runtime/system.ts';
import type { Violation } from '../violation.ts';

/** A run that breaks a property. */
export interface Witness extends TapedRun {
  /** The number of the schedule that made it. */
  readonly schedule: number;
  /** The run that ends otherwise, where two must agree. */
  readonly other?: TapedRun;
}

/** Enough to make a run again. */
export interface TapedRun extends Pick<Run, 'ended'> {
  readonly steps: number;
  readonly tape: string;
}

/** So many are kept for each property and manner: the same bug is often found again. */
const witnessesMax = 2;

/** The witness of a run. */
export function witnessOf(schedule: number, run: Run, other?: Run): Witness {
  return {
    schedule,
    ...taped(run),
    ...(other === undefined ? {} : { other: taped(other) }),
  };
}

/** Those that are kept of all: the shortest, of equal ones those of the first schedules. */
export function shortest(witnesses: readonly Witness[]): readonly Witness[] {
  const bySchedule = new Map(witnesses.map((witness) => [witness.schedule, witness]));
  return [...bySchedule.values()]
    .toSorted((one, other) => one.steps - other.steps || one.schedule - other.schedule)
    .slice(0, witnessesMax);
}

/** Whether a run of so many steps would be kept beside these. */
export function isKept(witnesses: readonly Witness[], steps: number): boolean {
  return witnesses.length < witnessesMax || steps < (witnesses.at(-1)?.steps ?? 0);
}

/**
 * Makes the runs of a witness again.
 *
 * @throws {SimulationError} where its tape does not fit: the system is another one.
 */
export function violationOf(system: System, property: string, witness: Witness): Violation {
  const { other } = witness;
  return {
    property,
    run: played(system, witness),
    ...(other === undefined ? {} : { other: { run: played(system, other) } }),
  };
}

function taped({ ended, steps, tape }: Run): TapedRun {
  return { ended, steps: steps.length - 1, tape: formatTape(tape) };
}

function played(system: System, { ended, steps, tape }: TapedRun): Run {
  return runSystem(system, {
    replay: 'strict',
    stepsMax: ended === 'quiescent' ? steps + 1 : steps,
    tape: parseTape(tape),
    until: ({ ledger }) => ended === 'until' && ledger.steps >= steps,
  });
}
