/**
 * One stretch of a program: from an answer to the next request that leaves the step, or to its end.
 * Local requests on the way are answered here, and nothing of them is recorded.
 */
import { canonical } from '../core/canonical.ts';
import { SimulationError, messageOf } from '../core/errors.ts';
import { toError, toFailure } from './failure.ts';
import type { Failure } from './failure.ts';
import type { Call, FunctionRegistry } from './function-registry.ts';
import type { Outcome } from './history.ts';
import type { LocalOutcome, LocalTable } from './local.ts';
import { isName } from './request.ts';
import type { Program, Request } from './request.ts';

/** What runs a program: its functions, and what answers its local requests. */
export interface Host<Frame> {
  /**
   * What user code gives, a request or its result, as it is by now: what it has in hand may stand for something
   * that its frame changed since. As it is, unless given; a pure function, as a local handler.
   */
  readonly current?: CurrentReader<Frame>;
  readonly local: LocalTable<Frame>;
  /** How user code sees data; as it is, unless given. */
  readonly presenter?: Presenter;
  readonly registry: FunctionRegistry;
}

/** Shows data to user code, and reads what it gives: objects with methods stand for plain handles. */
export interface Presenter {
  /** A pure function: equal data look alike. */
  readonly present: (data: unknown) => unknown;
  /** The data behind what user code gives. */
  readonly plain: (value: unknown) => unknown;
}

/** Reads data anew. */
export type CurrentReader<Frame> = {
  read(frame: Frame, given: unknown): LocalOutcome<Frame>;
}['read'];

/** How a stretch ended, and the frame then. */
export type Stop<Frame> = { readonly frame: Frame } & (
  | { readonly type: 'requested'; readonly request: Request }
  | { readonly type: 'returned'; readonly value: unknown }
  | { readonly type: 'threw'; readonly error: Failure }
);

/** Where a stretch begins. */
export interface Stretch<Frame> {
  /** Called once for each step that records nothing; it throws when there were too many. */
  readonly countStep: () => void;
  readonly fn: string;
  readonly frame: Frame;
  readonly program: Program<unknown>;
  /** What the program waits for; absent before its first step. */
  readonly resume: Outcome | undefined;
}

type Move =
  | { readonly type: 'yielded'; readonly request: Request }
  | { readonly type: 'returned'; readonly value: unknown }
  | { readonly type: 'threw'; readonly error: Failure };

/**
 * Runs a program up to its next recorded request, or its end.
 *
 * @throws {SimulationError} what user code did not catch of it, `program/not-a-request`,
 * `program/local-failed`, `program/asynchronous`, `core/not-data`.
 */
export function runStretch<Frame>(host: Host<Frame>, stretch: Stretch<Frame>): Stop<Frame> {
  const { countStep, fn, program } = stretch;
  let { frame, resume } = stretch;
  for (;;) {
    const moved = move(host, program, resume);
    if (moved.type === 'threw') return { type: 'threw', error: canonical(moved.error), frame };
    const isEnd = moved.type === 'returned';
    const given = isEnd ? moved.value : moved.request;
    if (!isEnd) checkRequest(fn, given);
    if (!isEnd && isName(moved.request)) {
      countStep();
      resume = { type: 'returned', value: host.registry.nameOf(moved.request.fn) };
      continue;
    }
    const now = currentOf(host, frame, plainOf(host, given));
    frame = canonical(now.frame, `frame of ${fn}`);
    if ('thrown' in now) {
      const error = canonical(now.thrown);
      if (isEnd) return { type: 'threw', error, frame };
      countStep();
      resume = { type: 'threw', error };
      continue;
    }
    if (isEnd) return { type: 'returned', value: result(fn, now.answer), frame };
    const asked = requestOf(fn, now.answer);
    if (!Object.hasOwn(host.local, asked.type)) return { type: 'requested', request: asked, frame };
    countStep();
    const outcome = answerLocally(host.local, asked, frame);
    frame = canonical(outcome.frame, `frame of ${fn}`);
    resume = toOutcome(outcome, `answer to ${asked.type} of ${fn}`);
  }
}

/** The program that a call stands for, its arguments as user code sees them. */
export function startProgram<Frame>(
  { presenter, registry }: Host<Frame>,
  { args, fn }: Call,
): Program<unknown> {
  const shown = presenter === undefined ? args : args.map((arg) => presenter.present(arg));
  return registry.start({ args: shown, fn });
}

function requestOf(fn: string, given: unknown): Request {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing changed its type
  const request = given as Request;
  return canonical(request, `request ${request.type} of ${fn}`);
}

function currentOf<Frame>(
  { current }: Host<Frame>,
  frame: Frame,
  given: unknown,
): LocalOutcome<Frame> {
  return current === undefined ? { answer: given, frame } : current(frame, given);
}

function plainOf<Frame>({ presenter }: Host<Frame>, value: unknown): unknown {
  return presenter === undefined ? value : presenter.plain(value);
}

function move<Frame>(
  { presenter }: Host<Frame>,
  program: Program<unknown>,
  resume: Outcome | undefined,
): Move {
  const shown =
    presenter === undefined || resume?.type !== 'returned'
      ? resume
      : { ...resume, value: presenter.present(resume.value) };
  try {
    const { done, value } = stepOf(program, shown);
    return done === true ? { type: 'returned', value } : { type: 'yielded', request: value };
  } catch (error) {
    // A mistake in how Orrery is used is no event of the simulated system.
    if (error instanceof SimulationError) throw error;
    return { type: 'threw', error: toFailure(error) };
  }
}

function stepOf(
  program: Program<unknown>,
  resume: Outcome | undefined,
): IteratorResult<Request, unknown> {
  if (resume === undefined) return program.next();
  if (resume.type === 'threw') return program.throw(toError(resume.error));
  return program.next(resume.value);
}

function answerLocally<Frame>(
  local: LocalTable<Frame>,
  request: Request,
  frame: Frame,
): LocalOutcome<Frame> {
  const handler = local[request.type];
  if (handler === undefined) {
    throw new SimulationError('program/local-failed', `No handler answers "${request.type}".`);
  }
  try {
    return handler(frame, request);
  } catch (error) {
    if (error instanceof SimulationError) throw error;
    throw new SimulationError(
      'program/local-failed',
      `The handler of "${request.type}" threw "${messageOf(error)}". ` +
        'To give user code an error, return { frame, thrown: { name, message } }.',
      { cause: error },
    );
  }
}

function toOutcome(outcome: LocalOutcome<unknown>, path: string): Outcome {
  return 'thrown' in outcome
    ? { type: 'threw', error: outcome.thrown }
    : { type: 'returned', value: canonical(outcome.answer, path) };
}

function result(fn: string, value: unknown): unknown {
  if (typeof value === 'object' && value !== null && 'then' in value) {
    throw new SimulationError(
      'program/asynchronous',
      `Function "${fn}" returned a promise. Nothing waits in a simulation: write ` +
        '"function*" for "async function", and "yield*" for "await".',
    );
  }
  return canonical(value, `result of ${fn}`);
}

function checkRequest(fn: string, request: unknown): void {
  if (
    typeof request === 'object' &&
    request !== null &&
    'type' in request &&
    typeof request.type === 'string'
  ) {
    return;
  }
  throw new SimulationError(
    'program/not-a-request',
    `Function "${fn}" yielded ${describe(request)}. Write "yield*" with a helper that makes a request.`,
  );
}

function describe(value: unknown): string {
  const isGenerator = typeof value === 'object' && value !== null && 'next' in value;
  return isGenerator ? 'a generator instead of what it yields' : messageOf(value);
}
