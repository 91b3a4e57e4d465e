/**
 * User code that a distributed backward pass calls at a node: a function that is differentiated by user code, or
 * a hook. It runs on a thread of its own and records nothing. That thread is in no context, whichever worker it is
 * on: calls that it makes belong to none, and it may make one for a pass of its own.
 *
 * @see PyTorch, `dist_engine.cpp`, `execute_graph_task_until_ready_queue_empty`, which others run by `at::launch`.
 */
import { hasIn } from '../../../src/core/persistent-map.ts';
import type { WorkerContext } from '../context.ts';
import type { Outcome } from '../futures/futures.ts';
import type { Step } from '../step.ts';
import { andThen, stepOf } from '../step.ts';
import { endThread } from '../threads/thread-end.ts';
import { newThread, putThread, threadOf } from '../threads/thread.ts';
import type { GraphTaskFact } from './passes.ts';

/** A node asks for a function. */
export function startAskedFunction(
  context: WorkerContext,
  { call, graphTask, loop }: GraphTaskFact<'function.asked'>,
): Step {
  if (!hasIn(context.passes, graphTask)) return stepOf(context);
  const name = `${graphTask}-${loop}`;
  const thread = newThread(context, name);
  const frame = { ...thread.frame, gradMode: false };
  return stepOf(putThread(context, { ...thread, frame, loop: { graphTask, loop } }), {
    type: 'function.started',
    input: { call, frame, id: name },
  });
}

/** The function has ended: the node goes on with what it gave, unless the pass is over. */
export function endAskedFunction(
  context: WorkerContext,
  { outcome, thread: name }: { readonly outcome: Outcome; readonly thread: string },
): Step {
  const { loop: waiting } = threadOf(context, name);
  const ended = endThread(context, name);
  if (waiting === undefined || !hasIn(context.passes, waiting.graphTask)) return ended;
  const { graphTask, loop } = waiting;
  const event =
    outcome.type === 'returned'
      ? ({ type: 'function.answered', answer: outcome.value, loop } as const)
      : ({
          type: 'function.answered',
          answer: undefined,
          error: outcome.error.message,
          loop,
        } as const);
  return andThen(ended, (now) => stepOf(now, { type: 'graph-task.told', event, graphTask }));
}
