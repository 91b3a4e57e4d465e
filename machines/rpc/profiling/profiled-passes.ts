/**
 * Backward passes under a profiler: the call, and in it each node that runs on its worker, also when gradients
 * come from peers. What peers do for the pass is theirs: gradients go without an envelope.
 *
 * @see PyTorch, `torch/csrc/distributed/autograd/autograd.cpp`, `backward`; `torch/csrc/autograd/function.h`,
 * `Node::operator()`.
 */
import { TorchError } from '../../engine/torch-error.ts';
import { afterRaising } from '../agent/unsent.ts';
import type { WorkerContext } from '../context.ts';
import { answer } from '../futures/futures.ts';
import type { Part, Step } from '../step.ts';
import { andThen, stepOf } from '../step.ts';
import { putThread, threadOf } from '../threads/thread.ts';
import { failureOf } from '../user/failure.ts';
import { endCallRange } from './profiled-calls.ts';
import { begin, recordOps } from './profiling.ts';

/** A call of `backward`, and the operators that its function ran before. */
export interface AskedBackward {
  readonly ops: readonly string[] | undefined;
  readonly thread: string;
}

/** The call is recorded from here to the answer that its thread gets, if the thread has a profiler. */
export function recordingBackward(
  context: WorkerContext,
  { ops, thread: name }: AskedBackward,
  go: Part,
): Step {
  const { session } = threadOf(context, name);
  if (session === undefined) return go(context);
  const noted = recordOps(context, { ops, thread: name });
  const begun = begin(noted, {
    isScope: true,
    name: 'torch::distributed::autograd::backward',
    session,
    thread: name,
  });
  if (begun.event === undefined) return andThen(begun.step, go);
  const backward = { event: begun.event, session };
  try {
    return andThen(begun.step, (now) => go(putThread(now, { ...threadOf(now, name), backward })));
  } catch (thrown) {
    if (!(thrown instanceof TorchError)) throw thrown;
    return andThen(
      begun.step,
      (now) => endCallRange(afterRaising(now, thrown), backward),
      (now) => answer(now, { outcome: { type: 'threw', error: failureOf(thrown) }, thread: name }),
    );
  }
}

/** The call of `backward` of a thread is over. */
export function endBackward(context: WorkerContext, name: string): Step {
  const { backward, ...thread } = threadOf(context, name);
  return backward === undefined
    ? stepOf(context)
    : endCallRange(putThread(context, thread), backward);
}

/** A node ran in a pass on behalf of a thread. */
export function recordNode(
  context: WorkerContext,
  { name, thread }: { readonly name: string; readonly thread: string },
): Step {
  const { session } = threadOf(context, thread);
  if (session === undefined) return stepOf(context);
  const { event, step } = begin(context, { isScope: false, name, session, thread });
  return andThen(step, (now) => endCallRange(now, { event, session }));
}
