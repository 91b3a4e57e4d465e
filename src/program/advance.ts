/**
 * The step of user code: a pure function from a state to the next request, result or error. Recorded
 * calls are entered and left within the step; only remote requests end it early.
 */
import { SimulationError, invariant } from '../core/errors.ts';
import type { Failure } from './failure.ts';
import type { Call, FunctionRegistry } from './function-registry.ts';
import {
  answeredCell,
  calledCell,
  endedState,
  functionAt,
  markOf,
  waitingState,
} from './history.ts';
import type { Cell, Outcome, ProgramState, Waiting } from './history.ts';
import { defaultLimits } from './limits.ts';
import type { Limits } from './limits.ts';
import { checkSame, replay } from './replay.ts';
import type { Replayed } from './replay.ts';
import { isCall, isCheckpoint } from './request.ts';
import type { Request } from './request.ts';
import { runStretch } from './segment.ts';
import type { Host, Stop } from './segment.ts';
import { createStepCounter } from './step-counter.ts';

/** How user code is run. */
export interface ProgramHost<Frame> extends Host<Frame> {
  readonly limits?: Partial<Limits>;
  /**
   * `when-needed` (the default) goes on with a live generator when there is one; `always` replays from
   * the start as well, each time, and compares: for tests of user code and of local handlers.
   */
  readonly replay?: 'always' | 'when-needed';
}

/** What a step came to. */
export type Advance<Frame> = { readonly state: ProgramState<Frame> } & (
  | { readonly type: 'requested'; readonly request: Request }
  | { readonly type: 'returned'; readonly value: unknown; readonly frame: Frame }
  | { readonly type: 'threw'; readonly error: Failure; readonly frame: Frame }
);

interface Run<Frame> {
  readonly countStep: () => void;
  readonly host: ProgramHost<Frame>;
  readonly limits: Limits;
}

/**
 * Runs user code from `state` to its next remote request or to its end.
 *
 * @throws {SimulationError} `program/not-ready` if it waits or has ended, `program/not-deterministic`,
 * `program/too-many-steps`, `program/history-too-long`, `program/too-deep`, `program/unknown-function`,
 * `program/not-a-request`, `program/local-failed`, `program/asynchronous`, `core/not-data`.
 */
export function advance<Frame>(
  options: ProgramHost<Frame> & { readonly state: ProgramState<Frame> },
): Advance<Frame> {
  const { state } = options;
  if (state.type !== 'ready') {
    throw new SimulationError(
      'program/not-ready',
      `A function that is ${state.type} cannot go on. Answer its request first.`,
    );
  }
  const limits = { ...defaultLimits, ...options.limits };
  const countStep = createStepCounter(functionAt(state.at).fn, limits.stepsMax);
  const run = { countStep, host: options, limits };
  let { at } = state;
  for (;;) {
    const stop = runFrom(run, at);
    const next = stop.type === 'requested' ? enter(run, at, stop) : leave(at, stop);
    if ('state' in next) return next;
    countStep();
    at = next;
  }
}

/** A request that is a call or a checkpoint leads to the first cell of a function; others leave. */
function enter<Frame>(
  { host, limits }: Run<Frame>,
  at: Cell<Frame>,
  { request, frame }: Stop<Frame> & { readonly type: 'requested' },
): Cell<Frame> | Advance<Frame> {
  const called = functionAt(at);
  if (isCheckpoint(request)) {
    const call = { fn: called.fn, args: [request.state] };
    return calledCell({ call, caller: called.caller, frame });
  }
  checkLength(at, limits);
  const waiting: Waiting<Frame> = { at, asked: markOf(request, frame), frame };
  if (!isCall(request)) return { type: 'requested', request, state: waitingState(waiting) };
  checkCall(request, host.registry);
  const cell = calledCell({ call: request, caller: waiting, frame });
  checkDepth(cell.depth, called.fn, limits);
  return cell;
}

/** A result goes to the caller, in whose history it stands for all that the call did. */
function leave<Frame>(
  at: Cell<Frame>,
  stop: Exclude<Stop<Frame>, { readonly type: 'requested' }>,
): Cell<Frame> | Advance<Frame> {
  const { frame } = stop;
  const { caller } = functionAt(at);
  if (caller === undefined) return { ...stop, state: endedState(frame) };
  const outcome: Outcome =
    stop.type === 'returned'
      ? { type: 'returned', value: stop.value }
      : { type: 'threw', error: stop.error };
  return answeredCell({ waiting: caller, outcome, frame });
}

function runFrom<Frame>({ countStep, host, limits }: Run<Frame>, at: Cell<Frame>): Stop<Frame> {
  const start = liveAt(host, at) ?? replay(host, at, limits.stepsMax);
  const stop = runStretch(host, { ...start, countStep });
  if (host.replay === 'always') {
    const again = replay(host, at, limits.stepsMax);
    const countAgain = createStepCounter(again.fn, limits.stepsMax);
    checkSame(at, stop, runStretch(host, { ...again, countStep: countAgain }));
  }
  if (stop.type === 'requested') host.registry.live.keep(at, start.program, host.local);
  return stop;
}

/** The generator that has waited for the outcome of `at`, if nobody has gone on with it yet. */
function liveAt<Frame>(host: Host<Frame>, at: Cell<Frame>): Replayed<Frame> | undefined {
  if (at.type === 'called') return undefined;
  const program = host.registry.live.take(at.previous, host.local);
  if (program === undefined) return undefined;
  return { fn: at.called.fn, frame: at.frame, program, resume: at.outcome };
}

function checkLength(at: Cell<unknown>, { historyMax }: Limits): void {
  invariant(
    at.length < historyMax,
    'program/history-too-long',
    `Function "${functionAt(at).fn}" has made ${historyMax} requests. End each turn of a long loop ` +
      'with "return yield* checkpoint(state)", or do a part of it in "yield* call(fn, args)".',
  );
}

function checkDepth(depth: number, fn: string, { depthMax }: Limits): void {
  invariant(
    depth <= depthMax,
    'program/too-deep',
    `Function "${fn}" made a call ${depth} deep; ${depthMax} are allowed. Look for a recursion ` +
      'that never ends, or raise depthMax.',
  );
}

function checkCall(call: Call, registry: FunctionRegistry): void {
  invariant(
    registry.has(call.fn),
    'program/unknown-function',
    `"${call.fn}" is not registered. Known are ${registry.names.join(', ')}. Add it to defineFunctions.`,
  );
}
