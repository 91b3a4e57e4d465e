import type { WorkerContext } from '../../machines/rpc/context.ts';
import type { Thread } from '../../machines/rpc/threads/thread.ts';
import { atQuiescence, sizeOf, valuesOf } from '../../src/index.ts';
import type { View } from '../../src/index.ts';
import { happenedIn } from './happened.ts';
import type { Invariant } from './invariant.ts';
import { everyWorker } from './workers.ts';

/** P3. */
export const noStuckRequest: Invariant = {
  name: 'P3',
  about:
    'at rest, no function and no handler of a worker that is up still waits, and no call is open; where a message ' +
    'was lost, calls without time-out may wait for ever, and functions of their workers with them',
  of: ({ addresses }) =>
    atQuiescence(
      'P3',
      everyWorker(addresses, (worker, view) => isDone(worker) || mayWait(worker, view)),
    ),
};

function isDone({ agent, main, pool, threads }: WorkerContext): boolean {
  return (
    main.type !== 'running' &&
    sizeOf(threads) === 0 &&
    pool.queue.length === 0 &&
    valuesOf(agent.calls).every(({ isOver }) => isOver)
  );
}

function mayWait({ agent, name, pool, threads }: WorkerContext, view: View): boolean {
  const open = valuesOf(agent.calls).filter(({ isOver }) => !isOver);
  return (
    happenedIn(view).isLossy &&
    open.length > 0 &&
    open.every(({ timeoutMs }) => timeoutMs === 0) &&
    pool.queue.length === 0 &&
    valuesOf(threads).every((thread) => mayAwaitCall(thread, view.actor(`${name}/${thread.name}`)))
  );
}

/** A function may wait for the answer, and so may a request whose result is a future. */
function mayAwaitCall({ result }: Thread, running: unknown): boolean {
  return running !== undefined || result?.type === 'future';
}
