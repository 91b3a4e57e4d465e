/**
 * What follows the answer to a fork request: the request that waited runs on the thread that brought the
 * news, and only when that is through is the parent told.
 *
 * @see PyTorch, `rref_context.cpp`, `notifyOwnerAndParentOfFork`, `finishForkRequest`.
 */
import { controlSettled } from '../../rref/control.ts';
import type { ForkId } from '../../rref/ids.ts';
import { acceptChild } from '../../rref/unpickling.ts';
import { delPendingUser, refusePendingUser } from '../../rref/users.ts';
import { closeCall } from '../agent/call.ts';
import type { WorkerContext } from '../context.ts';
import type { Step } from '../step.ts';
import { andThen, chain, stepOf } from '../step.ts';
import { putThread, threadOf } from '../threads/thread.ts';
import { applyRRefs } from './rref-effects.ts';

/** A fork that its owner knows; `call` is the one that asked, which ends once the parent is told. */
export interface SettledFork {
  readonly call: number;
  readonly forkId: ForkId;
  readonly parentId: number;
}

/** The owner knows the fork. */
export interface FinishedForkRequest {
  /** Whether a request goes on in this thread of the pool: then `settleFork` is left to its end. */
  readonly isPassedOn: boolean;
  readonly step: Step;
}

/** Confirms the fork, and tells its parent unless a request is to run first. */
export function finishForkRequest(context: WorkerContext, fork: SettledFork): FinishedForkRequest {
  const done = delPendingUser(context.rrefs, fork.forkId);
  const step = applyRRefs(context, done);
  const [waiter] = done.effects.flatMap((effect) =>
    effect.type === 'user.confirmed' ? effect.waiters : [],
  );
  if (waiter === undefined || threadOf(step.context, waiter).unconfirmed > 0) {
    return { isPassedOn: false, step: andThen(step, (now) => settleFork(now, fork)) };
  }
  const runs = (now: WorkerContext): Step => {
    const thread = threadOf(now, waiter);
    return stepOf(putThread(now, { ...thread, isOnPool: true, settles: fork }));
  };
  return { isPassedOn: true, step: andThen(step, runs) };
}

/** A fork that its owner could not be asked about. */
export interface RefusedFork {
  readonly forkId: ForkId;
  readonly message: string;
  readonly parentId: number;
}

/** Who waited for the fork is told, and the parent, which need not hold its own for this one. */
export function refuseFork(context: WorkerContext, fork: RefusedFork): Step {
  return chain(
    context,
    (now) => applyRRefs(now, refusePendingUser(now.rrefs, fork)),
    (now) => applyRRefs(now, acceptChild(now.rrefs, fork)),
    (now) => applyRRefs(now, controlSettled(now.rrefs)),
  );
}

/** Tells the parent of the fork; the count goes down last, so that it is never 0 in between. */
export function settleFork(context: WorkerContext, fork: SettledFork): Step {
  return chain(
    context,
    (now) => applyRRefs(now, acceptChild(now.rrefs, fork)),
    (now) => applyRRefs(now, controlSettled(now.rrefs)),
    (now) => closeCall(now, fork.call),
  );
}
