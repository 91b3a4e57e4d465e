import type { WorkerContext } from '../../machines/rpc/context.ts';
import { atQuiescence, sizeOf, valuesOf } from '../../src/index.ts';
import type { View } from '../../src/index.ts';
import { happenedIn } from './happened.ts';
import type { Invariant } from './invariant.ts';
import { everyWorker } from './workers.ts';

/** P3. */
export const noStuckRequest: Invariant = {
  name: 'P3',
  about:
    'at rest, no function and no handler of a worker that is up still waits, and no call is open; a call ' +
    'without time-out whose message was lost may wait for ever',
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

function mayWait({ agent }: WorkerContext, view: View): boolean {
  return (
    happenedIn(view).isLossy &&
    valuesOf(agent.calls).some(({ isOver, timeoutMs }) => !isOver && timeoutMs === 0)
  );
}
