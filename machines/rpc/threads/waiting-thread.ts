/**
 * A function that waits gives its thread of the pool to others, and takes one again before it goes on.
 * PyTorch's keeps it, so that calls which need each other's threads wait for ever.
 */
import { isOn } from '../../switches/switches.ts';
import { leavePool, submit } from '../agent/pool.ts';
import type { WorkerContext } from '../context.ts';
import type { FunctionEvent, Step } from '../step.ts';
import { andThen, stepOf } from '../step.ts';
import { putThread, threadOf } from './thread.ts';

/** The function of the thread begins to wait; one that only sleeps keeps its thread. */
export function yieldPool(context: WorkerContext, name: string): Step {
  const thread = threadOf(context, name);
  if (isOn(context.switches, 'agent.waitKeepsThread')) return stepOf(context);
  if (!thread.isOnPool || thread.sleep !== undefined) return stepOf(context);
  return leavePool(putThread(context, { ...thread, isOnPool: false, wait: {} }));
}

/** What the function waited for is there: it goes on as soon as a thread of the pool is free. */
export function awaitPool(
  context: WorkerContext,
  { event, thread: name }: { readonly event: FunctionEvent; readonly thread: string },
): Step {
  const waiting = putThread(context, { ...threadOf(context, name), wait: { answer: event } });
  return submit(waiting, { type: 'function.resumed', thread: name });
}

/** A thread of the pool goes on with a function. */
export function resumeFunction(
  context: WorkerContext,
  { thread: name }: { readonly thread: string },
): Step {
  const { wait, ...thread } = threadOf(context, name);
  const resumed = stepOf(putThread(context, { ...thread, isOnPool: true }));
  const event = wait?.answer;
  if (event === undefined) return resumed;
  return andThen(resumed, (now) =>
    stepOf(now, { type: 'function.told', delayMs: 0, event, thread: name }),
  );
}
