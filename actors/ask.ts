import type { UserRequest } from '../machines/rpc/user-request.ts';
/** What all helpers of user code are made of. */
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
