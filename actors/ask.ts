/** What all helpers of user code are made of. */
import type { Tensor } from '../machines/engine/graph.ts';
import type { UserRequest } from '../machines/rpc/user/user-request.ts';
import type { Program } from '../src/index.ts';
import { perform } from '../src/index.ts';

/** Asks the worker for something. */
export function* ask<Answer>(request: UserRequest): Program<Answer> {
  return yield* perform<Answer>(request);
}

/** What a call takes along of the thread that makes it. */
export interface CallMode {
  readonly gradMode: boolean;
  /** The operators that are not yet recorded, where a profiler is on. */
  readonly ops?: readonly string[];
}

/** What calls that are made now take along. */
export function* callMode(): Program<CallMode> {
  return yield* perform<CallMode>({ type: 'rpc.call-mode' });
}

/** Whether gradients are recorded on this thread. */
export function* gradMode(): Program<boolean> {
  return yield* perform<boolean>({ type: 'torch.grad-mode' });
}

/** Runs `body` without recording gradients. */
export function noGrad<Result>(body: () => Program<Result>): Program<Result> {
  return withGradMode(false, body);
}

/** Runs `body` with recording, also where it was off. */
export function enableGrad<Result>(body: () => Program<Result>): Program<Result> {
  return withGradMode(true, body);
}

/** Runs `body` with recording on or off. */
export function* withGradMode<Result>(mode: boolean, body: () => Program<Result>): Program<Result> {
  const before = yield* gradMode();
  yield* setGradMode(mode);
  try {
    return yield* body();
  } finally {
    yield* setGradMode(before);
  }
}

/** Switches the recording of gradients on this thread on or off. */
function* setGradMode(mode: boolean): Program<void> {
  yield* perform<undefined>({ type: 'torch.set-grad-mode', gradMode: mode });
}

/** A tensor as it is by now, after changes in place of it, of what it is a view of, or of another view of that. */
export function* current(tensor: Tensor): Program<Tensor> {
  return yield* perform<Tensor>({ type: 'torch.current', tensor });
}
