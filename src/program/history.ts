/**
 * The state of a running user function: its history, newest cell first. Each cell is made canonical and
 * digested when it is born, and both are remembered for it, so extending and hashing a history costs the
 * same however long it is, and neither recurses. Two histories that share a past share its cells.
 */
import { canonical } from '../core/canonical.ts';
import { digest, formatDigest } from '../core/digest.ts';
import { SimulationError } from '../core/errors.ts';
import type { Failure } from './failure.ts';
import type { Call } from './function-registry.ts';
import type { Request } from './request.ts';

/** What a request was answered with. */
export type Outcome =
  | { readonly type: 'returned'; readonly value: unknown }
  | { readonly type: 'threw'; readonly error: Failure };

/** Enough of a request, and of the frame in which it was made, to know it again. */
export interface RequestMark {
  readonly type: string;
  readonly request: string;
  readonly frame: string;
}

/** Where a function waits for an answer: it has made the request `asked` after the cell `at`. */
export interface Waiting<Frame> {
  readonly at: Cell<Frame>;
  readonly asked: RequestMark;
  readonly frame: Frame;
}

/** The first cell of a history: a function was called (or made a checkpoint). */
export interface CalledCell<Frame> extends Call {
  readonly type: 'called';
  /** The function that waits for this one's result, if it was called by user code. */
  readonly caller?: Waiting<Frame>;
  /** How many callers are above it. */
  readonly depth: number;
  readonly frame: Frame;
  readonly length: 0;
}

/** Each later cell: a request was answered. `frame` is the frame after it. */
export interface AnsweredCell<Frame> {
  readonly type: 'answered';
  readonly asked: RequestMark;
  readonly called: CalledCell<Frame>;
  readonly frame: Frame;
  readonly length: number;
  readonly outcome: Outcome;
  readonly previous: Cell<Frame>;
}

/** A cell of a history. */
export type Cell<Frame> = CalledCell<Frame> | AnsweredCell<Frame>;

/** A running user function as plain data: it can go on, waits for an answer, or is over. */
export type ProgramState<Frame> =
  | { readonly type: 'ready'; readonly at: Cell<Frame> }
  | ({ readonly type: 'waiting' } & Waiting<Frame>)
  | { readonly type: 'ended'; readonly frame: Frame };

/**
 * A function that is about to start.
 *
 * @throws {SimulationError} `core/not-data` if the arguments or the frame are not plain data.
 */
export function begin<Frame>(call: Call, frame: Frame): ProgramState<Frame> {
  return ready(calledCell({ call, frame }));
}

/**
 * The state in which the request that `state` waits for is answered with `outcome`.
 *
 * @throws {SimulationError} `program/not-waiting` if there is none, `core/not-data`.
 */
export function answer<Frame>(state: ProgramState<Frame>, outcome: Outcome): ProgramState<Frame> {
  if (state.type !== 'waiting') {
    throw new SimulationError(
      'program/not-waiting',
      `An answer came to a function that is ${state.type}. Answer each request once.`,
    );
  }
  return ready(answeredCell({ waiting: state, outcome, frame: state.frame }));
}

/** The state that waits for the answer to a remote request. */
export function waitingState<Frame>(waiting: Waiting<Frame>): ProgramState<Frame> {
  const { asked, at, frame } = waiting;
  return canonical({ asked, at, frame, type: 'waiting' });
}

/** The state of a function that returned or threw; its history is forgotten. */
export function endedState<Frame>(frame: Frame): ProgramState<Frame> {
  return canonical({ frame, type: 'ended' });
}

/** The first cell of a called function. */
export function calledCell<Frame>(options: {
  readonly call: Call;
  readonly caller?: Waiting<Frame> | undefined;
  readonly frame: Frame;
}): CalledCell<Frame> {
  const { call, caller, frame } = options;
  const depth = caller === undefined ? 0 : functionAt(caller.at).depth + 1;
  const args = canonical(call.args, `arguments of ${call.fn}`);
  const rest = { depth, fn: call.fn, frame, length: 0, type: 'called' } as const;
  return born(caller === undefined ? { args, ...rest } : { args, caller, ...rest });
}

/** The cell after `waiting.at`. */
export function answeredCell<Frame>(options: {
  readonly waiting: Waiting<Frame>;
  readonly outcome: Outcome;
  readonly frame: Frame;
}): AnsweredCell<Frame> {
  const { waiting, outcome, frame } = options;
  const called = functionAt(waiting.at);
  return born({
    asked: waiting.asked,
    called,
    frame,
    length: waiting.at.length + 1,
    outcome: canonical(outcome, `answer to ${waiting.asked.type} of ${called.fn}`),
    previous: waiting.at,
    type: 'answered',
  });
}

/** The first cell of the history that `cell` belongs to. */
export function functionAt<Frame>(cell: Cell<Frame>): CalledCell<Frame> {
  return cell.type === 'called' ? cell : cell.called;
}

/** The answers up to `cell`, oldest first. */
export function answersUpTo<Frame>(cell: Cell<Frame>): readonly AnsweredCell<Frame>[] {
  const answers: AnsweredCell<Frame>[] = [];
  for (let at = cell; at.type === 'answered'; at = at.previous) answers.push(at);
  return answers.toReversed();
}

/** The mark of a canonical request made in a canonical frame. */
export function markOf(request: Request, frame: unknown): RequestMark {
  return {
    frame: formatDigest(digest(frame)),
    request: formatDigest(digest(request)),
    type: request.type,
  };
}

function ready<Frame>(at: Cell<Frame>): ProgramState<Frame> {
  return canonical({ at, type: 'ready' });
}

/** Members are written in the order of their names everywhere here: that form needs no copy. */
function born<T extends object>(value: T): T {
  const made = canonical(value, 'history');
  digest(made);
  return made;
}
