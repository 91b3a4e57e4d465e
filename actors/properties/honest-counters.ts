import type { WorkerContext } from '../../machines/rpc/context.ts';
import { always, valuesOf } from '../../src/index.ts';
import type { Invariant } from './invariant.ts';
import { everyWorker } from './workers.ts';

/** P5. */
export const honestCounters: Invariant = {
  name: 'P5',
  about: 'on workers that are up, each counter of activity is the number of what it counts',
  of: ({ addresses }) =>
    always(
      'P5',
      everyWorker(addresses, (worker) => {
        const { agent, threads } = worker;
        const serving = valuesOf(threads).filter(({ request }) => request !== undefined);
        const open = valuesOf(agent.calls).filter(({ isOver }) => !isOver);
        return (
          agent.clientActiveCalls === open.length &&
          agent.serverActiveCalls === serving.length &&
          agent.serverActiveAsyncCalls === serving.filter(({ isAsync }) => isAsync).length
        );
      }),
    ),
};

/** S11. */
export const countersInBounds: Invariant = {
  name: 'S11',
  about: 'no counter is negative, and no more calls are served asynchronously than are served',
  of: ({ addresses }) => always('S11', everyWorker(addresses, isInBounds)),
};

function isInBounds({ agent, pool, rrefs }: WorkerContext): boolean {
  const { clientActiveCalls, serverActiveAsyncCalls, serverActiveCalls } = agent;
  const counts = [
    clientActiveCalls,
    serverActiveAsyncCalls,
    serverActiveCalls,
    pool.running,
    rrefs.numPendingFutures,
  ];
  return counts.every((count) => count >= 0) && serverActiveAsyncCalls <= serverActiveCalls;
}
