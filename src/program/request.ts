/**
 * What a user function can ask for. A request is plain data that it yields, and the value of the `yield`
 * is the answer; the helpers here give each request the type of its answer. User code only ever writes
 * `yield* helper(...)`, so an error that answers a request crosses it as in ordinary code.
 */
import type { ResultOf, UserFunction } from './function-registry.ts';

/** Something that a user function asks for: plain data, told apart by its `type`. */
export interface Request {
  readonly type: string;
}

/**
 * A computation of user code that ends in a `Result`. What comes back from a bare `yield` is unknown,
 * because only the helper that made the request knows the type of its answer.
 */
export type Program<Result> = Generator<Request, Result, unknown>;

/** Asks to run a registered function as a recorded call. */
export interface CallRequest extends Request {
  readonly type: 'program.call';
  readonly fn: string;
  readonly args: readonly unknown[];
}

/** Asks to forget the history of the running function and start it again with `state`. */
export interface CheckpointRequest extends Request {
  readonly type: 'program.checkpoint';
  readonly state: unknown;
}

/** Asks for the name of a function; the only request that holds one, so it never leaves the step. */
export interface NameRequest extends Request {
  readonly type: 'program.name';
  readonly fn: UserFunction;
}

/**
 * Makes `request` and gives its answer, or throws what it was answered with.
 *
 * The caller tells the type of the answer; whoever answers has to keep to it.
 */
export function* perform<Answer>(
  request: Request | (Request & Readonly<Record<string, unknown>>),
): Program<Answer> {
  const answer: unknown = yield request;
  if (isProbe(answer)) throw answer[located](new Error('here'));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one place where an answer gets its type
  return answer as Answer;
}

/** Stands in for an answer: the program is not to go on, but to tell where it is. */
export interface Probe {
  readonly [located]: (here: Error) => Error;
}

/** The member by which a probe is known, to other copies of this package too. */
export const located: unique symbol = Symbol.for('orrery.located');

function isProbe(answer: unknown): answer is Probe {
  return typeof answer === 'object' && answer !== null && located in answer;
}

/** The name under which `fn` is registered with whatever runs this, for requests that send it away. */
export function* named(fn: UserFunction): Program<string> {
  const request: NameRequest = { type: 'program.name', fn };
  return yield* perform<string>(request);
}

/**
 * Runs a registered function with a history of its own, and keeps only its result when it returned:
 * plain `yield* fn(...args)` means the same, but leaves every answer in the history of the caller.
 *
 * @throws {SimulationError} `program/unknown-function` if `fn` is in no registry.
 */
export function* call<Fn extends UserFunction>(
  fn: Fn,
  args: Readonly<Parameters<Fn>>,
): Program<ResultOf<Fn>> {
  const request: CallRequest = { type: 'program.call', fn: yield* named(fn), args };
  return yield* perform<ResultOf<Fn>>(request);
}

/**
 * Starts the running function again with `state` as its single argument and an empty history, so that
 * a loop can run for ever: `return yield* checkpoint({ step: step + 1, weights })`. What runs is the
 * function that was called by name, also when a helper that it delegates to asks for it. Nothing after
 * it is run, no `finally` either.
 */
export function* checkpoint(state: unknown): Program<never> {
  const request: CheckpointRequest = { type: 'program.checkpoint', state };
  return yield* perform<never>(request);
}

/** Whether a request was made by `call`. */
export function isCall(request: Request): request is CallRequest {
  return request.type === 'program.call';
}

/** Whether a request was made by `checkpoint`. */
export function isCheckpoint(request: Request): request is CheckpointRequest {
  return request.type === 'program.checkpoint';
}

/** Whether a request was made by `named`. */
export function isName(request: Request): request is NameRequest {
  return request.type === 'program.name';
}
