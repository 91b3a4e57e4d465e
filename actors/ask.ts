import type { UserRequest } from '../machines/rpc/user-request.ts';
/** What all helpers of user code are made of. */
import type { Program } from '../src/index.ts';
import { perform } from '../src/index.ts';

/** Asks the worker for something. */
export function* ask<Answer>(request: UserRequest): Program<Answer> {
  return yield* perform<Answer>(request);
}

/** Whether gradients are recorded on this thread. */
export function* gradMode(): Program<boolean> {
  return yield* perform<boolean>({ type: 'torch.grad-mode' });
}
