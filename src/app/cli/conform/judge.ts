/** One program under many schedules: whatever comes first, the outcome must be one. */
import { conformanceSystem, outcomeOf } from '../../../../actors/conformance/outcome.ts';
import type { ConformanceOutcome } from '../../../../actors/conformance/outcome.ts';
import type { ConformanceProgram } from '../../../../actors/conformance/program.ts';
import { waitsOf } from '../../../../actors/conformance/waits.ts';
import type { BackwardMode, Profile } from '../../../../actors/index.ts';
import { rootOf } from '../../../core/address.ts';
import { ms } from '../../../core/duration.ts';
import { randomWalk } from '../../../explore/strategies/random-walk.ts';
import { runSystem } from '../../../kernel/run.ts';
import type { Run } from '../../../kernel/run.ts';
import type { System } from '../../../runtime/system.ts';
import { formatTrace, recordTrace } from '../../../trace/record.ts';
import type { Json } from '../../../trace/trace.ts';
import { firstDifference } from './agreement.ts';
import { failedOutcome } from './failed-program.ts';

/** What came of a program when nothing went wrong and messages arrived in order, and of the others. */
export interface Verdict {
  readonly outcome: ConformanceOutcome;
  /** Messages between workers that arrived in the run in order. */
  readonly messages: number;
  /** The first schedule that came out otherwise. */
  readonly dissent?: Dissent;
  /** The seed of the first schedule that could not be run. */
  readonly failedAt?: number;
}

/** A schedule with another outcome. */
export interface Dissent {
  readonly difference: string;
  readonly seed: number;
  /** The name that its trace file should have, and the text of it. */
  readonly file: string;
  readonly trace: string;
}

/** Schedules drawn from the seeds `from` to `from + count - 1`. */
export interface Seeds {
  readonly count: number;
  readonly from: number;
}

/** Judges one program by any seeds; it remembers the run in order. */
export type Judge = (seeds: Seeds, tick: () => void) => Verdict;

/** Steps that are kept: schedules of one program go through the same local states. */
const rememberedMax = 50_000;
/** Far more than any program takes. */
const stepsMax = 200_000;

/** In which of its ways the cluster runs programs. */
export interface Setting {
  readonly mode: BackwardMode;
  readonly profile: Profile;
  /** In seconds; 0 is without end. */
  readonly rpcTimeout: number;
}

/** PyTorch's own mode and time-out, without its races. */
export const plainSetting: Setting = { mode: 'fast', profile: 'hardened', rpcTimeout: 60 };

/** Runs the program in order and prepares to run it otherwise; one that cannot be run has failed. */
export function createJudge(program: ConformanceProgram, setting: Setting = plainSetting): Judge {
  try {
    return prepare(program, setting);
  } catch (thrown) {
    const verdict = failedVerdict({ program, setting }, thrown);
    return () => verdict;
  }
}

interface Judged {
  readonly program: ConformanceProgram;
  readonly setting: Setting;
}

function failedVerdict({ program, setting }: Judged, thrown: unknown, seed?: number): Verdict {
  const run = (part: ConformanceProgram): Run => runSystem(systemOf(part, setting), { stepsMax });
  return {
    messages: 0,
    outcome: failedOutcome(program, { run, seed, thrown }),
    ...(seed === undefined ? {} : { failedAt: seed }),
  };
}

function prepare(program: ConformanceProgram, setting: Setting): Judge {
  const system = systemOf(program, setting);
  const run = runSystem(system, { stepsMax });
  const plain = outcomeOf(program, run);
  const waits =
    plain.outcome === 'stuck' || plain.outcome === 'time-out' ? waitsOf(program, system, run) : [];
  const known = { messages: messagesIn(run), outcome: outcomeOf(program, run, waits) };
  return ({ count, from }, tick) => {
    for (let seed = from; seed < from + count; seed += 1) {
      let other: Run;
      try {
        other = runSystem(system, { chooser: randomWalk(seed), stepsMax });
      } catch (thrown) {
        return failedVerdict({ program, setting }, thrown, seed);
      }
      tick();
      const difference = differenceOf(program, other, plain);
      if (difference === undefined) continue;
      const file = fileOf(system, other, { difference, program, setting });
      return { ...known, dissent: { difference, seed, ...file } };
    }
    return known;
  };
}

/** The cluster of a program. */
export function systemOf(
  program: ConformanceProgram,
  { mode, profile, rpcTimeout }: Setting,
): System {
  return conformanceSystem(program, {
    backwardMode: mode,
    profile,
    rememberedMax,
    rpcTimeout: ms(rpcTimeout * msPerSecond),
  });
}

const msPerSecond = 1_000;

function messagesIn({ steps }: Run): number {
  return steps.filter(
    ({ choice }) => choice?.type === 'deliver' && rootOf(choice.from) !== rootOf(choice.to),
  ).length;
}

function differenceOf(
  program: ConformanceProgram,
  run: Run,
  expected: ConformanceOutcome,
): string | undefined {
  if (run.ended !== 'quiescent') return `it did not come to rest within ${stepsMax} steps`;
  const found = outcomeOf(program, run);
  // Which of several errors comes first, and what is left then, is up to the order of messages.
  const isCutOff = expected.outcome === 'stuck' || expected.outcome === 'time-out';
  return isCutOff
    ? firstDifference(found.outcome, expected.outcome, 'outcome')
    : firstDifference(found, expected);
}

interface Finding extends Judged {
  readonly difference: string;
}

function fileOf(
  system: System,
  run: Run,
  { difference, program, setting }: Finding,
): Pick<Dissent, 'file' | 'trace'> {
  // The whole program, so that the file needs nothing beside it.
  const json: Json = JSON.parse(JSON.stringify(program));
  const trace = recordTrace(system, run, {
    params: { program: json, ...setting },
    property: { name: 'agrees with the run in order', message: difference },
  });
  return {
    file: `${program.id.replaceAll(/[^\w.-]/g, '_')}-${trace.id}.trace.json`,
    trace: formatTrace(trace),
  };
}
