/** The end of a call: its answer comes, or its receiver cannot be reached. */
import { deleteIn, getIn } from '../../../src/core/persistent-map.ts';
import type { WorkerContext } from '../context.ts';
import type { Step } from '../step.ts';
import { stepOf } from '../step.ts';
import { callKey, endsTwice, putCall } from './call.ts';
import { runInline } from './connecting.ts';
import { endCall } from './end-call.ts';
import { isRequestType } from './message-types.ts';
import type { Message, Response } from './messages.ts';
import type { PipeReset } from './pipes.ts';
import { failPipe, pipeTo, reportTwice } from './pipes.ts';

/**
 * A response was read. Its callbacks are a task of the pool; the answer to a call that timed out is
 * dropped without a look at it.
 *
 * @see PyTorch, `tensorpipe_agent.cpp`, the read callback of `TensorPipeAgent::send`.
 */
export function receiveResponse(context: WorkerContext, message: Response): Step {
  const { agent } = context;
  const call = getIn(agent.calls, callKey(message.id));
  if (call === undefined || call.hasAnswer) return stepOf(context);
  const stuck = runInline(context);
  if (stuck !== undefined) return stepOf(stuck);
  const again = endsTwice(context, call);
  if (call.isOver && !again) {
    const calls = deleteIn(agent.calls, callKey(message.id));
    return stepOf({ ...context, agent: { ...agent, calls } });
  }
  const answered = putCall(context, { ...call, hasAnswer: true });
  return call.hasTimedOut && !again
    ? stepOf(answered)
    : endCall(answered, { id: message.id, result: { type: 'response', message } });
}

/**
 * The node of the receiver is down and says so. An answer that nobody takes any more is forgotten: its number is
 * that of a call of the peer.
 */
export function receiveRefusal(context: WorkerContext, { event }: Refusal): Step {
  if (event.type === 'pipe.reset' || event.from !== context.id) return stepOf(context);
  if (!isRequestType(event.type)) return stepOf(context);
  const call = getIn(context.agent.calls, callKey(event.id));
  if (call === undefined || call.hasAnswer) return reportTwice(context, event.id);
  const { to } = call;
  const { life } = pipeTo(context, to);
  return failPipe(context, { error: 'ECONNREFUSED: connection refused', life, to });
}

/** What the runtime says of a message to a node that is down. */
export interface Refusal {
  readonly type: 'orrery.refused';
  readonly event: Message | PipeReset;
}
