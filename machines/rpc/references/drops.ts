/**
 * Letting go of references: PyTorch's destructors, each a critical section that may come at any time.
 *
 * @see PyTorch, `user_rref.cpp`, `~UserRRef`, `tryDel`; `rref_context.cpp`, `delUser`.
 */
import { deleteIn, hasIn } from '../../../src/core/persistent-map.ts';
import { eraseUser, tryDel } from '../../rref/deletion.ts';
import { dropHandle, isHeld } from '../../rref/handles.ts';
import type { ForkId, RRefKey } from '../../rref/ids.ts';
import type { WorkerContext } from '../context.ts';
import { forgetCreation } from '../profiling/profiling.ts';
import type { Step } from '../step.ts';
import { andThen, queueWork, stepOf } from '../step.ts';
import { applyRRefs } from './rref-effects.ts';
import { forgetType } from './rref-types.ts';

/** So many handles less; the last one lets go of the reference. */
export function dropHandles(
  context: WorkerContext,
  { count, key }: { readonly count: number; readonly key: RRefKey },
): Step {
  let step = stepOf(context);
  for (let nr = 0; nr < count; nr += 1) {
    step = andThen(step, (now) => applyRRefs(now, dropHandle(now.rrefs, key)));
  }
  return step;
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
  const creationErrors = deleteIn(context.creationErrors, forkId);
  return andThen(
    applyRRefs(
      forgetCreation({ ...context, creationErrors }, forkId),
      eraseUser(context.rrefs, forkId),
    ),
    (now) => (hasIn(now.rrefs.users, forkId) ? stepOf(now) : forgetType(now, forkId)),
  );
}
