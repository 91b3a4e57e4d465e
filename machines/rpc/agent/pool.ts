import { invariant } from '../../../src/core/errors.ts';
import type { PoolTask, WorkerContext } from '../context.ts';
import type { Step } from '../step.ts';
import { stepOf } from '../step.ts';

/**
 * Hands a task to the pool: a free thread takes it, else it waits behind those that came before.
 *
 * @see PyTorch, `c10/core/thread_pool.cpp`, `ThreadPool::run`.
 */
export function submit(context: WorkerContext, task: PoolTask): Step {
  const { pool } = context;
  if (pool.running >= pool.size) {
    return stepOf({ ...context, pool: { ...pool, queue: [...pool.queue, task] } });
  }
  const busier = { ...pool, running: pool.running + 1 };
  return stepOf({ ...context, pool: busier }, { type: 'work.queued', work: task });
}

/** A thread of the pool is through with its task and takes the next one. */
export function leavePool(context: WorkerContext): Step {
  const { pool } = context;
  invariant(
    pool.running > 0,
    'rpc/idle-pool',
    `A thread of the pool of ${context.name} ended a task, but none is at work.`,
  );
  const [next, ...queue] = pool.queue;
  if (next === undefined) {
    return stepOf({ ...context, pool: { ...pool, running: pool.running - 1 } });
  }
  return stepOf({ ...context, pool: { ...pool, queue } }, { type: 'work.queued', work: next });
}
