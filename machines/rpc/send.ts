/**
 * The sending side of the agent: every request gets an id, an entry in the table of calls and a timer.
 *
 * @see PyTorch, `tensorpipe_agent.cpp`, `TensorPipeAgent::send`; `torch/csrc/distributed/autograd/utils.cpp`,
 * `sendMessageWithAutograd`; `rpc_agent.cpp`, `RpcAgent::sendWithRetries`.
 */
import { getMessageWithAutograd } from '../autograd/recording.ts';
import { newFrame } from '../engine/frame.ts';
import type { Tensor } from '../engine/graph.ts';
import type { AutogradContextId } from '../engine/ids.ts';
import { threadId } from '../engine/ids.ts';
import { wireTensor } from '../engine/tensor.ts';
import type { Continuation } from './call.ts';
import { putCall, timeoutId } from './call.ts';
import type { WorkerContext } from './context.ts';
import type { RequestBody, WrappableCall } from './messages.ts';
import type { Retry, Step, WorkerEffect } from './step.ts';
import { stepOf } from './step.ts';

/** What a request is made of. */
export interface Sending {
  readonly body: RequestBody;
  /** Whether gradients are recorded where it is made; they are unless told. */
  readonly gradMode?: boolean;
  readonly tensors?: readonly Tensor[];
  readonly continuation: Continuation;
  /** 0 is without end; the default of the agent unless given. */
  readonly timeoutMs?: number | undefined;
  readonly to: number;
}

/** Sends a request as it is. */
export function send(context: WorkerContext, sending: Sending): Step {
  const { agent } = context;
  const { body, gradMode = true, tensors = [], continuation, to } = sending;
  const id = agent.nextMessageId;
  const timeoutMs = sending.timeoutMs ?? agent.defaultTimeoutMs;
  const counted = {
    ...context,
    agent: {
      ...agent,
      clientActiveCalls: agent.clientActiveCalls + 1,
      nextMessageId: id + 1,
    },
  };
  const call = {
    gradMode,
    hasAnswer: false,
    hasTimedOut: false,
    id,
    isOver: false,
    messageType: body.type,
    continuation,
    timeoutMs,
    to,
  };
  const message = {
    ...body,
    from: context.id,
    id,
    tensors: tensors.map((each) => wireTensor(each)),
  };
  return stepOf(putCall(counted, call), ...timerOf(id, timeoutMs), {
    type: 'message.sent',
    message,
    to,
  });
}

/** What a call that may take part in an autograd context is made of. */
export interface AutogradSending extends Sending {
  readonly body: WrappableCall;
  readonly contextId: AutogradContextId | undefined;
  readonly gradMode: boolean;
  readonly tensors: readonly Tensor[];
}

/**
 * Sends a call of user code, within the autograd context of the thread that makes it. Calls of functions
 * and fetches are wrapped whether or not a tensor requires a gradient.
 *
 * @throws {TorchError} if that context was cleaned up.
 */
export function sendWithAutograd(context: WorkerContext, sending: AutogradSending): Step {
  const { body, contextId, gradMode, tensors, to } = sending;
  const thread = threadId(`${context.name}/send-${context.agent.nextMessageId}`);
  const wrapped = getMessageWithAutograd(context.autograd, {
    current: contextId,
    force: true,
    frame: { ...newFrame(thread), gradMode },
    tensors,
    to,
  });
  const after = { ...context, autograd: wrapped.container };
  if (wrapped.metadata === undefined) return send(after, sending);
  return send(after, {
    ...sending,
    body: {
      type: 'FORWARD_AUTOGRAD_REQ',
      ...wrapped.metadata,
      fromWorkerId: context.id,
      inner: body,
    },
  });
}

/** Sends a message that is sent again when it fails. */
export function sendWithRetries(context: WorkerContext, retry: Retry): Step {
  const { body, to } = retry;
  return send(context, { body, continuation: { type: 'retry-settled', retry }, to });
}

/** A time-out of 0 never comes; one below 0 has passed. */
function timerOf(id: number, timeoutMs: number): readonly WorkerEffect[] {
  if (timeoutMs === 0) return [];
  return [
    {
      type: 'timer.set',
      delayMs: Math.max(0, timeoutMs),
      event: { type: 'call.timed-out', call: id },
      id: timeoutId(id),
    },
  ];
}
