/** The end of a call: its answer comes, its time is over, or its receiver cannot be reached. */
import { deleteIn, getIn } from '../../src/core/persistent-map.ts';
import { isOn } from '../switches/switches.ts';
import type { CallResult } from './call.ts';
import { callKey, callOf, putCall, timeoutId } from './call.ts';
import type { WorkerContext } from './context.ts';
import type { Message, Response } from './messages.ts';
import { submit } from './pool.ts';
import type { Step } from './step.ts';
import { chain, stepOf } from './step.ts';

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
  const endsTwice = call.hasTimedOut && isOn(context.switches, 'agent.noCompleteOnce');
  if (call.isOver && !endsTwice) {
    const calls = deleteIn(agent.calls, callKey(message.id));
    return stepOf({ ...context, agent: { ...agent, calls } });
  }
  const answered = putCall(context, { ...call, hasAnswer: true });
  return call.hasTimedOut && !endsTwice
    ? stepOf(answered)
    : finish(answered, { id: message.id, result: { type: 'response', message } });
}

/** The time of a call is over: it fails, whatever becomes of the request. */
export function timeOutCall(context: WorkerContext, { call: id }: { readonly call: number }): Step {
  const call = getIn(context.agent.calls, callKey(id));
  // Its timer was not cancelled, but it has ended.
  if (call === undefined || call.result !== undefined) return stepOf(context);
  const message =
    `RPCErr:1:RPC ran for more than set timeout (${call.timeoutMs} ms) and will now be marked ` +
    'with an error';
  const flagged = putCall(context, { ...call, hasTimedOut: true });
  return finish(flagged, { id, result: { type: 'failed', message } });
}

/** The node of the receiver is down and says so. */
export function receiveRefusal(context: WorkerContext, { event }: Refusal): Step {
  const call = getIn(context.agent.calls, callKey(event.id));
  if (event.from !== context.id || call === undefined || call.result !== undefined) {
    return stepOf(context);
  }
  const refused = putCall(context, { ...call, hasAnswer: true });
  const message = 'ECONNREFUSED: connection refused';
  return finish(refused, { id: event.id, result: { type: 'failed', message } });
}

/** What the runtime says of a message to a node that is down. */
export interface Refusal {
  readonly type: 'orrery.refused';
  readonly event: Message;
}

/** The call whose timer is cancelled by the end of this one. */
function timerOf({ agent, switches }: WorkerContext, id: number): number {
  return isOn(switches, 'agent.timerByCaptureId') ? agent.nextMessageId - 1 : id;
}

interface Finish {
  readonly id: number;
  readonly result: CallResult;
}

function finish(context: WorkerContext, { id, result }: Finish): Step {
  const call = callOf(context, id);
  return chain(
    putCall(context, { ...call, result }),
    (now) => stepOf(now, { type: 'timer.cancelled', id: timeoutId(timerOf(now, id)) }),
    (now) => submit(now, { type: 'response.taken', call: id }),
  );
}
