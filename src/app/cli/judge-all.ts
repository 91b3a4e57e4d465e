/** Many programs under many schedules, in as many processes as there are processors to spare. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { ConformanceProgram } from '../../../actors/conformance/program.ts';
import { SimulationError } from '../../core/errors.ts';
import { createJudge, plainSetting } from './conform/judge.ts';
import type { Seeds, Setting, Verdict } from './conform/judge.ts';
import type { Reply, Task } from './judge-process.ts';

/** Which schedules, and how. */
export interface JudgeOptions {
  /** Schedules for each program beside the one in order. */
  readonly count: number;
  /** The n-th schedule is drawn from `seed + n`. */
  readonly seed: number;
  /** How the cluster runs; without PyTorch's races and in its own mode unless given. */
  readonly setting?: Setting;
  /** Processes that may be used; the answer is the same with any number. */
  readonly processes: number;
  /** Told of each run, and of which program. */
  readonly tick: (id: string) => void;
}

/** A process is worth starting for so many runs. */
const runsPerProcess = 60;
/** Runs in one piece of work: few enough that all processes end together. */
const runsPerTask = 20;

// Runs make much that dies young: with more room a schedule takes about a tenth less processor time.
const roomForYoung = '--max-semi-space-size=32';

/** The verdicts, in the order of the programs. */
export async function judgeAll(
  programs: readonly ConformanceProgram[],
  options: JudgeOptions,
): Promise<readonly Verdict[]> {
  const { count, seed, processes, setting = plainSetting, tick } = options;
  const useful = Math.floor((programs.length * (count + 1)) / runsPerProcess);
  if (Math.min(processes, useful) > 1)
    return judgeInProcesses(programs, options, Math.min(processes, useful));
  return programs.map((program) => {
    const judge = createJudge(program, setting);
    tick(program.id);
    return judge({ count, from: seed }, () => tick(program.id));
  });
}

async function judgeInProcesses(
  programs: readonly ConformanceProgram[],
  { count, seed, setting = plainSetting, tick }: JudgeOptions,
  processes: number,
): Promise<readonly Verdict[]> {
  const piles = programs.map((program, index) =>
    piecesOf({ count, from: seed }).map((seeds): Task => ({ index, program, seeds, setting })),
  );
  const verdicts = new Map<number, Verdict>();
  const settle = ({ index, program }: Task, verdict: Verdict): void => {
    const known = verdicts.get(index);
    if (known === undefined) tick(program.id);
    verdicts.set(index, known === undefined ? verdict : earlier(known, verdict));
  };
  const next = createCounter(piles);
  await Promise.all(Array.from({ length: processes }, () => work({ next, settle, tick })));
  return programs.flatMap((_, index) => verdicts.get(index) ?? []);
}

/** At least one piece, so that each program runs in order. */
function piecesOf({ count, from }: Seeds): readonly Seeds[] {
  const pieces = Math.max(1, Math.ceil(count / runsPerTask));
  return Array.from({ length: pieces }, (_, piece) => ({
    count: Math.min(runsPerTask, count - piece * runsPerTask),
    from: from + piece * runsPerTask,
  }));
}

/**
 * Where processes fetch their tasks: more of the program that they know, else of one that nobody has begun,
 * else of the one with the most left to do.
 */
function createCounter(piles: readonly (readonly Task[])[]): Shift['next'] {
  const left = piles.map((pile) => [...pile]);
  return (last) => {
    const known = last === undefined ? undefined : left[last.index]?.shift();
    if (known !== undefined) return known;
    const fresh = left.find((pile, index) => pile.length === piles[index]?.length);
    if (fresh !== undefined && fresh.length > 0) return fresh.shift();
    return left.reduce((most, pile) => (pile.length > most.length ? pile : most), []).shift();
  };
}

/** The verdict with the smaller seed, so that it does not matter which process was faster. */
function earlier(first: Verdict, second: Verdict): Verdict {
  const [one, other] = [seedOf(first), seedOf(second)];
  if (one === undefined) return second;
  return other === undefined || one < other ? first : second;
}

function seedOf({ dissent, failedAt }: Verdict): number | undefined {
  return dissent?.seed ?? failedAt;
}

interface Shift {
  readonly next: (last?: Task) => Task | undefined;
  readonly settle: (task: Task, verdict: Verdict) => void;
  readonly tick: (id: string) => void;
}

/** One process takes tasks until none is left. */
async function work({ next, settle, tick }: Shift): Promise<void> {
  const file = new URL(`./judge-process${extname(import.meta.url)}`, import.meta.url);
  const child = fork(fileURLToPath(file), {
    // As in `main.ts`.
    execArgv: [...process.execArgv, roomForYoung, '--enable-source-maps'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  try {
    for (let task = next(); task !== undefined; task = next(task)) {
      settle(task, await carryOut(child, task, tick));
    }
  } finally {
    child.kill();
  }
}

function carryOut(child: ChildProcess, task: Task, tick: Shift['tick']): Promise<Verdict> {
  return new Promise((resolve, reject) => {
    const listen = (reply: Reply): void => {
      if (reply.type === 'ran') {
        tick(task.program.id);
        return;
      }
      child.off('message', listen);
      child.off('exit', fail);
      if (reply.type === 'judged') resolve(reply.verdict);
      else reject(new SimulationError(reply.code, reply.message));
    };
    const fail = (code: number | null): void => {
      const message = `A process that ran "${task.program.id}" ended with code ${code}. Try again, or one program at a time.`;
      reject(new SimulationError('cli/process-ended', message));
    };
    child.on('message', listen);
    child.once('exit', fail);
    child.send(task);
  });
}
