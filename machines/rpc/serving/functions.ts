/**
 * User functions as actors: where they start, and where their results go.
 *
 * @see PyTorch, `torch/distributed/rpc/internal.py`, `_run_function`.
 */
import { numberedFrom } from '../../autograd/container.ts';
import type { Frame } from '../../engine/frame.ts';
import { isOn } from '../../switches/switches.ts';
import { endAskedFunction } from '../autograd/backward-functions.ts';
import type { WorkerContext } from '../context.ts';
import { startDevices } from '../devices/devices.ts';
import { endCallback } from '../futures/end-callback.ts';
import type { Outcome } from '../futures/futures.ts';
import { takeOps } from '../profiling/profiling.ts';
import type { Step } from '../step.ts';
import { andThen, stepOf } from '../step.ts';
import { endThread } from '../threads/thread-end.ts';
import { mainThread, newThread, putThread, threadOf } from '../threads/thread.ts';
import { endServedFunction } from './served-functions.ts';

/** The process starts, once more after each crash: so does the function of the user's own thread. */
export function startMain(before: WorkerContext): Step {
  const lives = before.lives + 1;
  const reusesIds = isOn(before.switches, 'da.reusesIds');
  const autograd = reusesIds ? before.autograd : numberedFrom(before.autograd, lives - 1);
  const started = startDevices({ ...before, autograd, lives });
  const { main } = before;
  if (main.type !== 'running') return started;
  const thread = newThread(before, mainThread);
  return andThen(started, (now) =>
    stepOf(putThread(now, thread), {
      type: 'function.started',
      input: { call: main.call, frame: thread.frame, id: mainThread },
    }),
  );
}

/** What the actor of a user function ends with. */
export type FunctionOutput = Outcome & { readonly frame: Frame };

/** The function of a thread is over: the user's own keeps its result, the others do something with it. */
export function endFunction(
  before: WorkerContext,
  { output, thread: name }: { readonly output: FunctionOutput; readonly thread: string },
): Step {
  const { frame: last, ...outcome } = output;
  const { context, frame } = takeOps(before, { frame: last, thread: name });
  const forgotten = stepOf(context, { type: 'function.forgotten', thread: name });
  return andThen(forgotten, (now) => {
    if (name === mainThread) return endThread({ ...now, main: outcome }, name);
    const thread = threadOf(now, name);
    if (thread.loop !== undefined) return endAskedFunction(now, { outcome, thread: name });
    return thread.callback === undefined
      ? endServedFunction(putThread(now, { ...thread, frame }), { outcome, thread: name })
      : endCallback(now, { outcome, thread: name });
  });
}
