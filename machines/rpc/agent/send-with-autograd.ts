/**
 * Calls that may take part in an autograd context.
 *
 * @see PyTorch, `torch/csrc/distributed/autograd/utils.cpp`, `sendMessageWithAutograd`.
 */
import { getMessageWithAutograd } from '../../autograd/recording.ts';
import { newFrame } from '../../engine/frame.ts';
import type { Tensor } from '../../engine/graph.ts';
import type { AutogradContextId } from '../../engine/ids.ts';
import { threadId } from '../../engine/ids.ts';
import type { WorkerContext } from '../context.ts';
import { nameOfWorker } from '../context.ts';
import { mapFor } from '../devices/devices.ts';
import type { RecordedCall } from '../profiling/profiled-calls.ts';
import { envelop } from '../profiling/profiled-calls.ts';
import type { Step } from '../step.ts';
import type { ForwardAutogradReq, RRefFetchCall, WrappableCall } from './messages.ts';
import type { Sending } from './send.ts';
import { send } from './send.ts';

/** What a call that may take part in an autograd context is made of. */
export interface AutogradSending extends Sending {
  readonly body: WrappableCall;
  readonly contextId: AutogradContextId | undefined;
  /** Whether it is wrapped also where no tensor requires a gradient. */
  readonly force: boolean;
  readonly gradMode: boolean;
  /** The name under which it is recorded, if its handler is to be recorded too. */
  readonly recorded?: RecordedCall | undefined;
  readonly tensors: readonly Tensor[];
  readonly thread: string;
}

/**
 * Sends a call of user code, within the autograd context of the thread that makes it.
 *
 * @throws {TorchError} if that context was cleaned up.
 */
export function sendWithAutograd(context: WorkerContext, sending: AutogradSending): Step {
  const { body, contextId, force, gradMode, tensors, to } = sending;
  const recorder = threadId(`${context.name}/send-${context.agent.nextMessageId}`);
  const wrapped = getMessageWithAutograd(context.autograd, {
    current: contextId,
    force,
    frame: { ...newFrame(recorder), gradMode },
    tensors,
    to,
  });
  const after = { ...context, autograd: wrapped.container };
  const deviceMap = mapFor(context, nameOfWorker(context, to));
  const enveloped: ForwardAutogradReq | WrappableCall =
    wrapped.metadata === undefined
      ? body
      : {
          type: 'FORWARD_AUTOGRAD_REQ',
          ...wrapped.metadata,
          ...(deviceMap === undefined ? {} : { deviceMap }),
          fromWorkerId: context.id,
          inner: body,
        };
  return sendProfiled(after, { ...sending, body: enveloped });
}

/** Puts a call that is recorded into the outermost envelope; a fetch never goes into it. */
function sendProfiled(
  context: WorkerContext,
  {
    body,
    recorded,
    ...sending
  }: Omit<AutogradSending, 'body'> & { readonly body: ForwardAutogradReq | WrappableCall },
): Step {
  if (recorded === undefined || isFetch(body)) return send(context, { ...sending, body });
  const { context: after, ...enveloped } = envelop(context, { body, recorded });
  return send(after, { ...sending, ...enveloped });
}

function isFetch(body: ForwardAutogradReq | WrappableCall): body is RRefFetchCall {
  return body.type === 'PYTHON_RREF_FETCH_CALL' || body.type === 'SCRIPT_RREF_FETCH_CALL';
}
