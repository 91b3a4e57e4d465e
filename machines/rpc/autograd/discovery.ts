/** The discovery of a pass between workers: questions are calls, and their answers are the acknowledgements. */
import { hasIn } from '../../../src/core/persistent-map.ts';
import {
  failDiscovery,
  startDiscovered,
  startDiscovery,
  startPass,
} from '../../autograd/backward.ts';
import { discover, forgetPass } from '../../autograd/discovery.ts';
import type { Tensor } from '../../engine/graph.ts';
import type { AutogradContextId } from '../../engine/ids.ts';
import { TorchError } from '../../engine/torch-error.ts';
import { isOn } from '../../switches/switches.ts';
import type { SmartAbortReq, SmartDiscoverReq } from '../agent/messages.ts';
import type { WorkerContext } from '../context.ts';
import { respond, respondWithError } from '../serving/respond.ts';
import type { Step, Work } from '../step.ts';
import { andThen, stepOf } from '../step.ts';
import { leavePoolOf } from '../threads/request-end.ts';
import { threadOf } from '../threads/thread.ts';
import { applyAutograd } from './autograd-effects.ts';
import { startPassOn, tell } from './passes.ts';

/** What user code calls `backward` with. */
export interface BackwardCall {
  readonly contextId: AutogradContextId;
  readonly retainGraph: boolean;
  readonly roots: readonly Tensor[];
  readonly thread: string;
}

/**
 * Begins the pass of a call of `backward`, which goes on when the pass is over on all workers; what it needs is
 * asked for before, if the mode says so.
 *
 * @throws {TorchError} what PyTorch raises before the pass runs.
 */
export function callBackward(context: WorkerContext, { thread, ...call }: BackwardCall): Step {
  const { autograd, switches } = context;
  if (autograd.mode === 'smart-discovery') {
    return applyAutograd(context, startDiscovery(autograd, { ...call, waiter: thread }));
  }
  const isNamed = !isOn(switches, 'de.restartAfterFailure');
  return startPassOn(context, { started: startPass(autograd, { ...call, isNamed }), thread });
}

/**
 * A peer asks about a message that was sent to it.
 *
 * @throws {TorchError} if there is no such context or send function, or the pass is over.
 */
export function receiveQuestion(
  context: WorkerContext,
  { body, thread }: { readonly body: SmartDiscoverReq; readonly thread: string },
): Step {
  const asked = applyAutograd(context, discover(context.autograd, { ...body, waiter: thread }));
  return andThen(asked, (now) => leavePoolOf(now, thread));
}

/** A peer says that a pass has failed. */
export function receiveAbort(
  context: WorkerContext,
  { body, thread }: { readonly body: SmartAbortReq; readonly thread: string },
): Step {
  return andThen(applyAutograd(context, forgetPass(context.autograd, body)), (now) =>
    respond(now, { body: { type: 'SMART_ABORT_RESP' }, thread }),
  );
}

/** All that a thread asked is answered, or there was an error. */
export function settleDiscovery(
  context: WorkerContext,
  settled: Extract<Work, { readonly type: 'discovery.settled' }>,
): Step {
  const { contextId, message, passId, waiter: thread } = settled;
  if (!hasIn(context.threads, thread)) return stepOf(context);
  if (threadOf(context, thread).request?.type === 'SMART_DISCOVER_REQ') {
    return message === undefined
      ? respond(context, { body: { type: 'SMART_DISCOVER_RESP' }, thread })
      : respondWithError(context, { message, prefixed: false, thread });
  }
  if (message !== undefined) return fail(context, { ...settled, message });
  try {
    const started = startDiscovered(context.autograd, { contextId, passId });
    return startPassOn(context, { started, thread });
  } catch (thrown) {
    if (!(thrown instanceof TorchError)) throw thrown;
    return fail(context, { ...settled, message: thrown.message });
  }
}

function fail(
  context: WorkerContext,
  settled: Extract<Work, { readonly type: 'discovery.settled' }> & { readonly message: string },
): Step {
  const { message, waiter: thread } = settled;
  const failed = applyAutograd(context, failDiscovery(context.autograd, settled));
  return andThen(failed, (now) => tell(now, { message, thread }));
}
