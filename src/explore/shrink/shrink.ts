/**
 * Makes a run that breaks a property smaller: the fewest faults first, then the fewest departures from
 * the run in which nothing goes wrong, then the fewest steps, then the fewest changes of actor. What
 * comes out breaks the same property; nothing else is ever taken for it.
 *
 * @see Scott et al., "Minimizing Faulty Executions of Distributed Systems", NSDI 2016: what came from
 * outside first, then deliveries; Jalbert and Sen, "A Trace Simplification Technique for Effective
 * Debugging of Concurrent Programs", FSE 2010: fewer switches.
 */
import { invariant, SimulationError } from '../../core/errors.ts';
import type { Choice } from '../../kernel/choice.ts';
import { runSystem } from '../../kernel/run.ts';
import type { Run } from '../../kernel/run.ts';
import type { Property } from '../../runtime/property.ts';
import { defineSystem } from '../../runtime/system.ts';
import type { System } from '../../runtime/system.ts';
import type { Loop } from '../violation.ts';
import { aimOf } from './aim.ts';
import { dullestFirst, isSmaller, shortestFirst, tapeOf } from './course.ts';
import type { Course, Size } from './course.ts';
import {
  dropActors,
  dropDepartures,
  dropMoreSteps,
  dropExternals,
  dropSteps,
  keepCausalPast,
  lookAround,
  takeEarlier,
} from './passes.ts';
import type { Pass, Workshop } from './passes.ts';
import { createRehearsal } from './rehearsal.ts';
import type { Spent } from './rehearsal.ts';
import { goneRound, modelOf } from './round.ts';
import type { Turn } from './round.ts';
import { withShorterTurn } from './shorter-turn.ts';

/** What to shrink, and how long. */
export interface ShrinkOptions {
  /** The part of the run that comes again and again, where only a run without end breaks it. */
  readonly loop?: Loop;
  /** What is broken; where two runs must agree, each of them is shrunk by itself, to the same end. */
  readonly property: Property;
  /** The run that breaks it. */
  readonly run: Pick<Run, 'steps' | 'tape'>;
  /** What counts first once the faults are the fewest: `departures`, unless said otherwise, or `steps`. */
  readonly fewest?: 'departures' | 'steps';
  /** Steps of replays after which the smallest run so far is given; 300,000 unless said otherwise. */
  readonly stepsMax?: number;
}

/** The smallest run that was found. */
export interface Shrunk {
  /** Whether the shrinking came to its end, not to its limit. */
  readonly complete: boolean;
  /** The size of the run that came in, cut where the property breaks first. */
  readonly from: Size;
  /** Where the run goes round, if the one that came in did; the turn may be shorter and begin in another world. */
  readonly loop?: Loop;
  /** It ends where the property breaks first, or after one turn. */
  readonly run: Run;
  readonly size: Size;
  readonly spent: Spent;
}

const stepsMaxDefault = 300_000;
const rememberedMax = 100_000;

/**
 * Shrinks a run, always to the same one.
 *
 * @throws {SimulationError} `explore/not-broken` if the run does not break the property,
 * `explore/nothing-to-shrink` for a property that no single run breaks, `explore/property-threw`.
 */
export function shrink(system: System, options: ShrinkOptions): Shrunk {
  const { fewest = 'departures', loop, property, run, stepsMax = stepsMaxDefault } = options;
  // Replays of one system come to the same states again and again.
  const quick = defineSystem({ ...system.definition, rememberedMax });
  const model = modelOf(quick, run, loop);
  const aim = aimOf(quick, property, model);
  if (aim === undefined) throw nothingToShrink(property);
  const rehearsal = createRehearsal({ aim, stepsMax, system: quick });
  const first = rehearsal.depart(run.tape, {
    departures: Number.POSITIVE_INFINITY,
    faults: Number.POSITIVE_INFINITY,
    steps: run.steps.length - 1,
    switches: Number.POSITIVE_INFINITY,
  });
  if (first === undefined) throw notBroken(property, run);
  const order = fewest === 'steps' ? shortestFirst : dullestFirst;
  const course = settle({ limit: roomFor(first.size), order, rehearsal }, first);
  const turn: Turn = { choices: choicesFrom(run, loop), hashes: model.round };
  const round = goneRound(quick, course, turn);
  const start = course.taken.length;
  const isRound =
    loop !== undefined && (property.type === 'eventually' || property.type === 'leadsTo');
  const whole = isRound ? withShorterTurn(quick, { property, start }, round) : round;
  const shrunk: Shrunk = {
    complete: rehearsal.hasBudget(),
    from: goneRound(quick, first, turn).size,
    run: perform(system, whole),
    size: whole.size,
    spent: rehearsal.spent(),
    ...(loop === undefined ? {} : { loop: { from: start + 1 } }),
  };
  return whole === round ? shrunk : further(system, options, shrunk);
}

/** A turn that became shorter has other worlds, to one of which the way may be shorter. */
function further(system: System, options: ShrinkOptions, shrunk: Shrunk): Shrunk {
  const { fewest, stepsMax = stepsMaxDefault } = options;
  const { from, loop, run, size, spent } = shrunk;
  const left = stepsMax - spent.steps;
  if (loop === undefined || left <= 0) return shrunk;
  const again = shrink(system, { ...options, loop, run, stepsMax: left });
  const order = fewest === 'steps' ? shortestFirst : dullestFirst;
  const replays = spent.replays + again.spent.replays;
  const all = { from, spent: { replays, steps: spent.steps + again.spent.steps } };
  return { ...(isSmaller(again.size, size, order) ? again : shrunk), ...all };
}

/** What was taken in the turn with which a run ends. */
function choicesFrom({ steps }: ShrinkOptions['run'], loop: Loop | undefined): readonly Choice[] {
  if (loop === undefined) return [];
  return steps.slice(loop.from).flatMap(({ choice }) => (choice === undefined ? [] : [choice]));
}

/** Two ways down: by leaving out steps first, and by leaving out departures first. */
const byStepsFirst: readonly Pass[] = [
  keepCausalPast,
  dropActors,
  dropExternals,
  dropSteps,
  dropDepartures,
  dropMoreSteps,
  takeEarlier,
];
const byDeparturesFirst: readonly Pass[] = [dropDepartures, dropMoreSteps, takeEarlier];

/**
 * Takes the best way again and again, until none leads further down; the last time within the size that
 * was reached, so that to shrink what is shrunk changes nothing.
 */
function settle(workshop: Workshop, first: Course): Course {
  let best = first;
  let { limit } = workshop;
  while (workshop.rehearsal.hasBudget()) {
    const better = descend({ ...workshop, limit }, best);
    const room = roomFor(better.size);
    if (better === best && limit.steps === room.steps) return best;
    best = better;
    limit = room;
  }
  return best;
}

/** What departs less may take more steps, but not any number: the end of what nobody waits for is far away. */
function roomFor(size: Size): Size {
  return { ...size, steps: size.steps + Math.max(8, Math.ceil(size.steps / 4)) };
}

function descend(workshop: Workshop, first: Course): Course {
  let best = first;
  for (const passes of [byStepsFirst, byDeparturesFirst, [lookAround, takeEarlier]]) {
    let course = first;
    for (const pass of passes) course = pass(workshop, course);
    if (
      isWithin(course.size, workshop.limit) &&
      isSmaller(course.size, best.size, workshop.order)
    ) {
      best = course;
    }
  }
  return best;
}

function isWithin(size: Size, limit: Size): boolean {
  return (
    size.faults <= limit.faults && size.departures <= limit.departures && size.steps <= limit.steps
  );
}

/** The course as a run of the system itself, which must come to the same end. */
function perform(system: System, course: Course): Run {
  const steps = course.taken.length;
  const run = runSystem(system, {
    tape: tapeOf(course),
    until: ({ ledger }) => ledger.steps >= steps,
  });
  const end = course.worlds.at(-1);
  invariant(
    end !== undefined && system.hash(end) === run.hash,
    'explore/not-repeatable',
    `A run of ${steps} steps came to another end when it was made again. A machine of "${system.name}" ` +
      'does not only depend on its state: look for a clock, a random number or a module variable.',
  );
  return run;
}

function nothingToShrink({ name, type }: Property): SimulationError {
  return new SimulationError(
    'explore/nothing-to-shrink',
    `No run breaks "${name}" (${type}), so there is none to shrink. ` +
      'Shrink a run that breaks a property of another kind.',
  );
}

function notBroken({ name }: Property, run: ShrinkOptions['run']): SimulationError {
  return new SimulationError(
    'explore/not-broken',
    `"${name}" is not broken by this run of ${run.steps.length - 1} steps. ` +
      'Give the property that it breaks, and the system on which it was found.',
  );
}
