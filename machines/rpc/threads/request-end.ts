import { leavePool } from '../agent/pool.ts';
import type { WorkerContext } from '../context.ts';
import { settleFork } from '../references/fork-requests.ts';
import type { Step } from '../step.ts';
import { andThen, chain, stepOf } from '../step.ts';
import { endThread } from './thread-end.ts';
import { putThread, threadOf } from './thread.ts';

/**
 * The thread of the pool goes on to other things while the request waits for something. Before that it
 * tells the parent of the fork whose confirmation it brought.
 */
export function leavePoolOf(context: WorkerContext, name: string): Step {
  const { agent } = context;
  const { isAsync, ...thread } = threadOf(context, name);
  const waiting = putThread(context, { ...thread, isAsync: true });
  const serverActiveAsyncCalls = agent.serverActiveAsyncCalls + (isAsync ? 0 : 1);
  const counted = { ...waiting, agent: { ...agent, serverActiveAsyncCalls } };
  return freePool(counted, name);
}

/** The request was answered: what holds its arguments is gone. */
export function endRequest(context: WorkerContext, name: string): Step {
  const { agent } = context;
  const { isAsync } = threadOf(context, name);
  const counted = {
    ...context,
    agent: {
      ...agent,
      serverActiveAsyncCalls: agent.serverActiveAsyncCalls - (isAsync ? 1 : 0),
      serverActiveCalls: agent.serverActiveCalls - 1,
    },
  };
  return chain(
    counted,
    (now) => freePool(now, name),
    (now) => endThread(now, name),
  );
}

function freePool(context: WorkerContext, name: string): Step {
  const { settles, ...thread } = threadOf(context, name);
  if (!thread.isOnPool) return stepOf(context);
  const freed = putThread(context, { ...thread, isOnPool: false });
  const settled = settles === undefined ? stepOf(freed) : settleFork(freed, settles);
  return andThen(settled, leavePool);
}
