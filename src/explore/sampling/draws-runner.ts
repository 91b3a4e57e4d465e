/** Many runs of one system, each by draws: what arrays of small numbers make of it. */
import { runSystem } from '../../kernel/run.ts';
import type { Run } from '../../kernel/run.ts';
import type { Predicate, Property } from '../../runtime/property.ts';
import type { System } from '../../runtime/system.ts';
import { createDecision } from '../interned/questions/decision.ts';
import { createRecordingView } from '../interned/questions/view-of-vector.ts';
import type { Space } from '../interned/space.ts';
import { createWalker } from '../interned/steps/walker.ts';
import { draws } from '../strategies/draws.ts';
import { createDrawsRun } from './draws-run.ts';
import type { DrawnWorld, DrawsRun, Drawn } from './draws-run.ts';
import { canWalk, isSpaceFull } from './interned-sampler.ts';
import { createJudge } from './judge.ts';
import type { JudgeMemory } from './judge.ts';
import { createPlainSampler } from './plain-sampler.ts';
import type { Made } from './sampler.ts';
import { createSightings } from './sightings.ts';

/** Makes runs by draws, prepared once for a system. */
export interface DrawsRunner {
  /**
   * Makes one run: each number is the answer at a point with more than one choice, dullest first, as
   * `draws` takes them.
   *
   * @throws {SimulationError} `explore/property-threw`, or whatever the system's own mistake is.
   */
  readonly run: (numbers: ArrayLike<number>) => DrawnRun;
  /** The `sometimes` properties that were seen to hold so far. */
  readonly reached: () => readonly string[];
}

/** A run that was drawn. */
export interface DrawnRun {
  /** The first property that it breaks. */
  readonly broken: string | undefined;
  readonly ended: Made['ended'];
  /** The run on the plain kernel, made when it is asked for. */
  readonly run: () => Run;
  readonly steps: number;
}

/** What runs are judged by, and how long they may be. */
export interface DrawsRunnerOptions {
  readonly properties?: readonly Property[];
  /** Steps after which a run is cut; 10,000 unless said otherwise. */
  readonly stepsMax?: number;
}

const stepsMaxDefault = 10_000;
const looksEvery = 64;
/** Runs that may be in vain before anything is made of it. */
const grace = 4;

/**
 * A runner for one system. Where nothing but the order of sending ranks what its worlds offer, runs are
 * made over interned worlds, where a step costs look-ups; else, and where tables are full, by the plain
 * kernel. Which of them it was cannot be told from the runs.
 */
export function createDrawsRunner(
  system: System,
  { properties = [], stepsMax = stepsMaxDefault }: DrawsRunnerOptions = {},
): DrawsRunner {
  const memory = { reached: new Set<string>(), tested: new Set<string>() };
  const sightings = createSightings(0);
  const plain = createPlainSampler(system, { memory, properties, sightings, stepsMax });
  const quickly =
    canWalk(properties) && system.definition.within === undefined
      ? createQuickRun(system, { memory, properties, stepsMax })
      : (): undefined => undefined;
  const run = (numbers: ArrayLike<number>): DrawnRun => {
    const drawn = quickly(numbers);
    if (drawn === undefined) {
      const { broken, ...made } = plain.make(0, draws(numbers));
      return { ...made, broken: broken?.[0] };
    }
    const { broken, ended, steps } = drawn;
    return {
      broken: broken?.[0],
      ended,
      steps,
      run: () =>
        runSystem(system, {
          chooser: draws(numbers),
          stepsMax,
          until: ({ ledger }) => ended === 'until' && ledger.steps >= steps,
        }),
    };
  };
  return { reached: () => [...memory.reached], run };
}

interface QuickOptions {
  readonly memory: JudgeMemory;
  readonly properties: readonly Property[];
  readonly stepsMax: number;
}

/** Gives up for good when most runs cannot be made, or when the tables are full. */
function createQuickRun(system: System, { memory, properties, stepsMax }: QuickOptions): DrawsRun {
  const walker = createWalker(system.mechanics);
  const { space } = walker;
  let readsMail = false;
  const noteMail = (): void => {
    readsMail = true;
  };
  const judge = createJudge<DrawnWorld>(properties, memory, {
    ask: (predicate) => createQuestion(space, predicate, noteMail),
    viewOf: ({ full }) => createRecordingView(space, full()).view,
  });
  const start = system.start().world;
  const runByDraws = createDrawsRun({ judge, readsMail: () => readsMail, start, stepsMax, walker });
  let runs = 0;
  let made = 0;
  let isOver = false;
  return (numbers): Drawn | undefined => {
    if (isOver) return undefined;
    const drawn = runByDraws(numbers);
    runs += 1;
    if (drawn !== undefined) made += 1;
    isOver = made * 2 < runs - grace || (runs % looksEvery === 0 && isSpaceFull(space));
    return drawn;
  };
}

/** A question with memory: about cells without mail, as long as it does not ask for messages. */
function createQuestion(
  space: Space,
  predicate: Predicate,
  noteMail: () => void,
): (world: DrawnWorld) => boolean {
  let readsMail = false;
  const askBare = createDecision(space, (view) =>
    predicate({
      ...view,
      messages: () => {
        readsMail = true;
        noteMail();
        return view.messages();
      },
    }),
  );
  const askFull = createDecision(space, predicate);
  return ({ bare, full }) => {
    if (readsMail) return askFull(full());
    try {
      const answer = askBare(bare);
      // What was found out about mail was not there to be seen.
      return readsMail ? askFull(full()) : answer;
    } catch (error) {
      if (!readsMail) throw error;
      return askFull(full());
    }
  };
}
