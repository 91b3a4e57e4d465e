/**
 * From a history to the generator that has it behind it. User code runs again and is given the recorded
 * answers; each request that it makes on the way has to be the recorded one.
 */
import { canonical } from '../core/canonical.ts';
import { digest, formatDigest } from '../core/digest.ts';
import { SimulationError, unreachable } from '../core/errors.ts';
import { answersUpTo, functionAt, markOf } from './history.ts';
import type { AnsweredCell, Cell, Outcome } from './history.ts';
import { runStretch, startProgram } from './segment.ts';
import type { Host, Stop, Stretch } from './segment.ts';
import { createStepCounter } from './step-counter.ts';

const shownMax = 160;

/** A program that is about to be given the outcome of the newest cell of its history. */
export type Replayed<Frame> = Omit<Stretch<Frame>, 'countStep'>;

/**
 * The program at `cell`, made by running it again from its start.
 *
 * @param stepsMax the limit on local requests between two recorded ones.
 * @throws {SimulationError} `program/not-deterministic` when it makes another request than recorded.
 */
export function replay<Frame>(
  host: Host<Frame>,
  cell: Cell<Frame>,
  stepsMax: number,
): Replayed<Frame> {
  const called = functionAt(cell);
  const program = startProgram(host, called);
  let frame = called.frame;
  let resume: Outcome | undefined;
  for (const recorded of answersUpTo(cell)) {
    const countStep = createStepCounter(called.fn, stepsMax);
    const stop = runStretch(host, { countStep, fn: called.fn, frame, program, resume });
    checkReplayed(recorded, stop);
    ({ frame, outcome: resume } = recorded);
  }
  return { fn: called.fn, frame, program, resume };
}

/**
 * Compares what one stretch came to when it was run twice.
 *
 * @throws {SimulationError} `program/not-deterministic`
 */
export function checkSame<Frame>(cell: Cell<Frame>, first: Stop<Frame>, second: Stop<Frame>): void {
  if (digestOf(first) === digestOf(second)) return;
  throw notDeterministic(
    cell,
    `it ${describeStop(first)} when it ran first, and ${describeStop(second)} when it ran again`,
  );
}

function checkReplayed<Frame>(recorded: AnsweredCell<Frame>, stop: Stop<Frame>): void {
  const { asked, previous } = recorded;
  const was = `the history has "${asked.type}" (${asked.request}) there`;
  if (stop.type !== 'requested') {
    throw notDeterministic(previous, `${was}, and now it ${describeStop(stop)}`);
  }
  const now = markOf(stop.request, stop.frame);
  if (now.type !== asked.type || now.request !== asked.request) {
    throw notDeterministic(previous, `${was}, and now it ${describeStop(stop)} (${now.request})`);
  }
  if (now.frame === asked.frame) return;
  throw notDeterministic(
    previous,
    `"${asked.type}" was made in another frame (${asked.frame}) than now: ${show(stop.frame)}`,
  );
}

function notDeterministic(cell: Cell<unknown>, what: string): SimulationError {
  return new SimulationError(
    'program/not-deterministic',
    `Step ${cell.length + 1} of function "${functionAt(cell).fn}" differs: ${what}. User code may ` +
      'depend on its arguments and answers only: no clock, no random numbers, no variable that ' +
      'outlives the call, and local handlers that are pure.',
  );
}

function describeStop(stop: Stop<unknown>): string {
  switch (stop.type) {
    case 'requested':
      return `requests ${show(stop.request)}`;
    case 'returned':
      return `returns ${show(stop.value)}`;
    case 'threw':
      return `throws ${stop.error.name}: ${stop.error.message}`;
    default:
      return unreachable(stop);
  }
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > shownMax ? `${text.slice(0, shownMax)}…` : text;
}

function digestOf(stop: Stop<unknown>): string {
  return formatDigest(digest(canonical({ ...stop })));
}
