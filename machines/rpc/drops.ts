/**
 * Letting go of references: PyTorch's destructors, each a critical section that may come at any time.
 *
 * @see PyTorch, `user_rref.cpp`, `~UserRRef`, `tryDel`; `rref_context.cpp`, `delUser`.
 */
import { eraseUser, tryDel } from '../rref/deletion.ts';
import { dropHandle, isHeld } from '../rref/handles.ts';
import type { ForkId, RRefKey } from '../rref/ids.ts';
import type { WorkerContext } from './context.ts';
import { applyRRefs } from './rref-effects.ts';
import type { Step } from './step.ts';
import { andThen, queueWork, stepOf } from './step.ts';

/** One handle less; the last one lets go of the reference. */
export function dropOne(context: WorkerContext, { key }: { readonly key: RRefKey }): Step {
  return applyRRefs(context, dropHandle(context.rrefs, key));
}

/** Nothing holds the UserRRef, unless it came in once more meanwhile: its owner is told. */
export function deleteUser(context: WorkerContext, { forkId }: { readonly forkId: ForkId }): Step {
  if (isHeld(context.rrefs, forkId)) return stepOf(context);
  return andThen(
    applyRRefs(context, tryDel(context.rrefs, forkId)),
    queueWork({ type: 'user-rref.deleted', forkId }),
  );
}

/** The UserRRef is forgotten. */
export function forgetUser(context: WorkerContext, { forkId }: { readonly forkId: ForkId }): Step {
  return applyRRefs(context, eraseUser(context.rrefs, forkId));
}
