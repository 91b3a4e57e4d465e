import { addRecvRpcBackward, receiveLeaves } from '../../autograd/recording.ts';
import { newFrame } from '../../engine/frame.ts';
import type { Tensor } from '../../engine/graph.ts';
import { threadId } from '../../engine/ids.ts';
import type { RRefKey } from '../../rref/ids.ts';
import type { ForkData } from '../../rref/pickling.ts';
import { isAnswerLate } from '../autograd/ended-contexts.ts';
import type { WorkerContext } from '../context.ts';
import { arrive, sameReady } from '../devices/device-streams.ts';
import type { Readiness } from '../devices/devices.ts';
import { fillTensors, forksIn } from '../references/pickle.ts';
import { unpickle } from '../references/pickling.ts';
import type { Step } from '../step.ts';
import { stepOf } from '../step.ts';
import type { Call } from './call.ts';
import type { Response, ResponseBody } from './messages.ts';

/** A response without its envelope, and the value in it. */
export interface DecodedResponse {
  readonly body: Exclude<ResponseBody, { readonly type: 'FORWARD_AUTOGRAD_RESP' }>;
  readonly keys: readonly RRefKey[];
  /** When its tensors are ready on their devices. */
  readonly ready?: Readiness | undefined;
  readonly step: Step;
  readonly value: unknown;
}

/**
 * Takes a response apart: its tensors get a recv function as history, or become leaves; its references
 * become this worker's own, and nobody waits for their confirmation.
 *
 * @throws {TorchError} what decoding raises.
 * @see PyTorch, `torch/csrc/distributed/rpc/utils.cpp`, `deserializeResponse`.
 */
export function decodeResponse(
  context: WorkerContext,
  { call, message }: { readonly call: Call; readonly message: Response },
): DecodedResponse {
  const { context: arrived, ready, tensors: came } = arrive(context, { tensors: message.tensors });
  const { context: received, tensors } = receiveTensors(arrived, {
    call,
    message: came === message.tensors ? message : { ...message, tensors: came },
  });
  const body = message.type === 'FORWARD_AUTOGRAD_RESP' ? message.inner : message;
  if (!('pickle' in body)) return { body, keys: [], step: stepOf(received), value: undefined };
  const { keys, step, value } = unpickle(received, body.pickle);
  const filled = fillTensors(value, sameReady(tensors, came));
  return { body, keys, ready: context.devices && ready, step, value: filled };
}

/** The copies of references in a response. */
export function forksOfResponse(message: Response): readonly ForkData[] {
  const body = message.type === 'FORWARD_AUTOGRAD_RESP' ? message.inner : message;
  return 'pickle' in body ? forksIn(body.pickle) : [];
}

interface ReceivedTensors {
  readonly context: WorkerContext;
  readonly tensors: readonly Tensor[];
}

/** Under the grad mode of the call: PyTorch's callback restores the state of the thread that made it. */
function receiveTensors(
  context: WorkerContext,
  { call, message }: { readonly call: Call; readonly message: Response },
): ReceivedTensors {
  const thread = threadId(`${context.name}/reply-${call.id}`);
  const frame = { ...newFrame(thread), gradMode: call.gradMode };
  const { tensors } = message;
  if (message.type !== 'FORWARD_AUTOGRAD_RESP' || isAnswerLate(context, message.contextId)) {
    return { context, tensors: receiveLeaves(frame, tensors).tensors };
  }
  const { autogradMessageId, contextId, fromWorkerId, lineage } = message;
  const received = addRecvRpcBackward(context.autograd, {
    autogradMessageId,
    contextId,
    frame,
    from: fromWorkerId,
    lineage,
    tensors,
  });
  return { context: { ...context, autograd: received.container }, tensors: received.tensors };
}
