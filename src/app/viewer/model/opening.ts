/** From a link, a name or the text of a trace file to a run that one can walk along. */
import { invariant, SimulationError } from '../../../core/errors.ts';
import { randomWalk } from '../../../explore/strategies/random-walk.ts';
import type { FaultKind } from '../../../kernel/rules.ts';
import type { Step } from '../../../kernel/step.ts';
import type { World } from '../../../kernel/world.ts';
import type { System } from '../../../runtime/system.ts';
import { varied } from '../../../runtime/variant.ts';
import type { Variant } from '../../../runtime/variant.ts';
import { tracedMaker } from '../../../trace/judged.ts';
import { readTrace } from '../../../trace/read.ts';
import { formatTrace, recordTrace } from '../../../trace/record.ts';
import { replayTrace } from '../../../trace/replay.ts';
import type { BrokenProperty, Json, Trace } from '../../../trace/trace.ts';
import { eager } from '../../cli/eager.ts';
import { stage } from '../../cli/scenario.ts';
import type { Scenario } from '../../cli/scenario.ts';
import { courseOf, explore, jump } from '../../walk/branches.ts';
import type { Exploration } from '../../walk/branches.ts';
import {
  begin,
  endOf,
  follow,
  goOn,
  placed,
  runOf,
  stepsMaxDefault,
  tapeOf,
} from '../../walk/course.ts';
import type { Course } from '../../walk/course.ts';
import type { Bookmark } from './bookmark.ts';
import { scenarioNamed } from './catalogue.ts';
import type { Catalogue } from './catalogue.ts';

/** What is open. */
export interface Opened {
  readonly name: string;
  readonly params: Readonly<Record<string, Json>>;
  readonly scenario: Scenario;
  readonly variant: Variant;
  /** The system whose properties are meant: what runs may be a variant that it is held against. */
  readonly stated: System;
  readonly exploration: Exploration;
  /** What the trace that was opened says is broken. */
  readonly broken?: BrokenProperty;
  /** Where the run differs from its recording, in a sentence. */
  readonly warning?: string;
}

/** Longer traces are not drawn: each of their worlds is kept. */
const traceStepsMax = 100_000;

/**
 * Opens what a bookmark says.
 *
 * @throws {SimulationError} for a name, parameters or a tape that do not fit.
 */
export function openBookmark(catalogue: Catalogue, bookmark: Bookmark): Opened {
  const { at, params: given, scenario: name, steps, tape, variant } = bookmark;
  // A link to a scenario alone leaves to the page which run of it is worth seeing.
  if (steps === undefined && tape.length === 0 && Object.keys(variant).length === 0) {
    const opened = openScenario(catalogue, { name, params: given });
    return { ...opened, exploration: jump(opened.exploration, at) };
  }
  const { params, scenario, system } = stage(name, scenarioNamed(catalogue, name), given);
  const stated = varied(system, variant);
  const stepsMax = Math.min(steps ?? stepsMaxDefault, traceStepsMax);
  const course = follow(stated, { stepsMax, tape });
  return { exploration: explore(course, at), name, params, scenario, stated, variant };
}

/** Opens a scenario: in order, or by chance where a seed is given or nothing happens otherwise. */
export function openScenario(
  catalogue: Catalogue,
  { name, params = {}, seed, stepsMax = stepsMaxDefault }: Request,
): Opened {
  const staged = stage(name, scenarioNamed(catalogue, name), params);
  const first = begin(staged.system);
  const inOrder = seed === undefined ? goOn(first, { stepsMax }) : first;
  const course =
    endOf(inOrder) > 0 ? inOrder : goOn(first, { chooser: eager(randomWalk(seed ?? 1)), stepsMax });
  return {
    exploration: explore(course),
    name,
    params: staged.params,
    scenario: staged.scenario,
    stated: staged.system,
    variant: {},
  };
}

/** A scenario, its parameters as far as they are given, and how to run it. */
export interface Request {
  readonly name: string;
  readonly params?: Readonly<Record<string, Json>>;
  readonly seed?: number;
  readonly stepsMax?: number;
}

/**
 * Opens the text of a trace file. Nothing in it is evaluated.
 *
 * @throws {SimulationError} for a text that is no trace, or one of a system that is not known or has changed.
 */
export function openTrace(catalogue: Catalogue, text: string): Opened {
  const trace = readTrace(text);
  const { name, params: given, variant = {} } = trace.system;
  invariant(
    trace.steps <= traceStepsMax,
    'viewer/too-long',
    `This trace has ${trace.steps} steps, and up to ${traceStepsMax} are drawn. Make it smaller with "orrery shrink".`,
  );
  const { params, scenario, system } = stage(name, scenarioNamed(catalogue, name), given);
  const stated = varied(system, variant);
  const maker = tracedMaker(stated, trace.system);
  const { course, warning } = replayed(trace, maker);
  return {
    exploration: explore(course, trace.property === undefined ? 0 : endOf(course)),
    name,
    params,
    scenario,
    stated,
    variant,
    ...(trace.property === undefined ? {} : { broken: trace.property }),
    ...(warning === undefined ? {} : { warning }),
  };
}

function replayed(
  trace: Trace,
  system: System,
): { readonly course: Course; readonly warning?: string } {
  const steps: Step[] = [];
  const worlds: World[] = [];
  const replay = replayTrace(trace, system, {
    onStep: (step, world) => {
      steps.push(step);
      worlds.push(world);
    },
  });
  const course = { departures: placed(replay.run), steps, system, worlds };
  if (replay.type === 'same') return { course };
  return {
    course,
    warning: `It differs from the recording at step ${replay.step}: ${replay.why}.`,
  };
}

/** The bookmark of where one stands. */
export function bookmarkOf({ exploration, name, params, scenario, variant }: Opened): Bookmark {
  const course = courseOf(exploration);
  return {
    at: exploration.here.at,
    params: Object.fromEntries(
      Object.entries(params).filter(([key, value]) => value !== scenario.params[key]),
    ),
    scenario: name,
    steps: endOf(course),
    tape: tapeOf(course),
    variant,
  };
}

/**
 * The trace file of the branch that one stands on, and its name.
 *
 * @throws {SimulationError} `trace/not-repeatable`.
 */
export function traceOf({ broken, exploration, params, variant }: Opened): string {
  const course = courseOf(exploration);
  const run = runOf(course);
  const isRecorded = exploration.here.branch === 0 && broken !== undefined;
  return formatTrace(
    recordTrace(course.system, run, {
      params,
      ...(Object.keys(variant).length === 0 ? {} : { variant }),
      ...(isRecorded ? { property: broken } : {}),
    }),
  );
}

/**
 * The same run on the same system, one more fault of each of these kinds allowed. Its tape means the same
 * there, since faults come last among choices.
 *
 * @throws {SimulationError} `viewer/held-against` for a run of a variant that a property names.
 */
export function allowing(opened: Opened, kinds: readonly FaultKind[]): Opened {
  const course = courseOf(opened.exploration);
  const { faults: declared = {} } = course.system.definition;
  if (course.system !== opened.stated) {
    throw new SimulationError(
      'viewer/held-against',
      'This run is of a variant that a property holds the system against: it is shown as it is. ' +
        'Open the scenario itself to let faults happen.',
    );
  }
  const more = kinds.map((kind) => [kind, (declared[kind] ?? 0) + 1] as const);
  const variant = {
    ...opened.variant,
    faults: { ...opened.variant.faults, ...Object.fromEntries(more) },
  };
  const stated = varied(opened.stated, variant);
  const branches = opened.exploration.branches.map((branch) => ({
    ...branch,
    course: follow(stated, { stepsMax: endOf(branch.course), tape: tapeOf(branch.course) }),
  }));
  return { ...opened, exploration: { ...opened.exploration, branches }, stated, variant };
}
