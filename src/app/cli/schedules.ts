/** One program under many schedules: whatever comes first, the outcome must be one. */
import { conformanceSystem, outcomeOf } from '../../../actors/conformance/outcome.ts';
import type { ConformanceOutcome } from '../../../actors/conformance/outcome.ts';
import type { ConformanceProgram } from '../../../actors/conformance/program.ts';
import { randomWalk } from '../../explore/strategies/random-walk.ts';
import { runSystem } from '../../kernel/run.ts';
import type { Run } from '../../kernel/run.ts';
import type { System } from '../../runtime/system.ts';
import { formatTrace, recordTrace } from '../../trace/record.ts';
import type { Json } from '../../trace/trace.ts';
import { firstDifference } from './agreement.ts';

/** Which schedules. */
export interface ScheduleOptions {
  readonly count: number;
  /** The n-th schedule is drawn from `seed + n`. */
  readonly seed: number;
  /** Told of each run. */
  readonly tick: () => void;
}

/** What came of a program when nothing went wrong and messages arrived in order, and of the others. */
export interface Verdict {
  readonly outcome: ConformanceOutcome;
  readonly run: Run;
  /** The first schedule that came out otherwise. */
  readonly dissent?: Dissent;
}

/** A schedule with another outcome. */
export interface Dissent {
  readonly difference: string;
  readonly seed: number;
  /** The text of its trace file, and the name that the file should have. */
  readonly file: string;
  readonly trace: string;
}

/** Far more than any program takes. */
const stepsMax = 200_000;

/** Runs a program in order and under schedules drawn at random. */
export function judge(
  program: ConformanceProgram,
  { count, seed, tick }: ScheduleOptions,
): Verdict {
  const system = conformanceSystem(program);
  const run = runSystem(system, { stepsMax });
  const outcome = outcomeOf(program, run);
  tick();
  for (let drawn = seed; drawn < seed + count; drawn += 1) {
    const other = runSystem(system, { chooser: randomWalk(drawn), stepsMax });
    tick();
    const difference = differenceOf(program, other, outcome);
    if (difference === undefined) continue;
    const dissent = { difference, seed: drawn, ...fileOf(system, other, { difference, program }) };
    return { dissent, outcome, run };
  }
  return { outcome, run };
}

function differenceOf(
  program: ConformanceProgram,
  run: Run,
  expected: ConformanceOutcome,
): string | undefined {
  if (run.ended !== 'quiescent') return `it did not come to rest within ${stepsMax} steps`;
  return firstDifference(outcomeOf(program, run), expected);
}

interface Finding {
  readonly difference: string;
  readonly program: ConformanceProgram;
}

function fileOf(
  system: System,
  run: Run,
  { difference, program }: Finding,
): Pick<Dissent, 'file' | 'trace'> {
  const trace = recordTrace(system, run, {
    // The whole program, so that the file needs nothing beside it.
    params: { program: asJson(program) },
    property: { name: 'agrees with the run in order', message: difference },
  });
  return { file: `${program.id}-${trace.id}.trace.json`, trace: formatTrace(trace) };
}

function asJson(program: ConformanceProgram): Json {
  const json: Json = JSON.parse(JSON.stringify(program));
  return json;
}
