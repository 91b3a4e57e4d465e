import type { Call } from '../../machines/rpc/agent/call.ts';
import type { PoolTask, WorkerContext } from '../../machines/rpc/context.ts';
import { always, getIn, valuesOf } from '../../src/index.ts';
import type { Invariant, InvariantName } from './invariant.ts';
import { everyWorker } from './workers.ts';

/** P4. */
export const completedOnce: Invariant = onceAs('P4');

/** S10. */
export const futureCompletedOnce: Invariant = onceAs('S10');

function onceAs(name: InvariantName): Invariant {
  return {
    name,
    about: 'no call is about to end a second time, or to complete a future that is complete',
    of: ({ addresses }) => always(name, everyWorker(addresses, endsOnce)),
  };
}

function endsOnce({ agent, futures, pool }: WorkerContext): boolean {
  const ending = pool.queue.flatMap((task) => callsOf(task));
  if (new Set(ending).size < ending.length) return false;
  return valuesOf(agent.calls).every((call) => {
    if (call.isOver && ending.includes(call.id)) return false;
    // Its time-out ended it, or is about to.
    if (call.hasTimedOut && call.result?.type === 'response') return false;
    const target = targetOf(call);
    return target === undefined || getIn(futures, target)?.outcome === undefined;
  });
}

function callsOf(task: PoolTask): readonly number[] {
  return task.type === 'response.taken' ? [task.call] : [];
}

/** The future that the call is still to complete; one whose end is waited for has completed it. */
function targetOf({ continuation, isOver, result }: Call): string | undefined {
  return continuation.type === 'future-completed' && !isOver && result === undefined
    ? continuation.future
    : undefined;
}
