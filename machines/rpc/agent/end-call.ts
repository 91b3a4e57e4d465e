import { isOn } from '../../switches/switches.ts';
import type { WorkerContext } from '../context.ts';
import type { Step } from '../step.ts';
import { chain, stepOf } from '../step.ts';
import type { CallResult } from './call.ts';
import { callOf, putCall, timeoutId } from './call.ts';
import { submit } from './pool.ts';

/** How a call ended. */
export interface EndOfCall {
  readonly id: number;
  readonly result: CallResult;
}

/** The call has its result: its timer is over, and its callbacks are a task of the pool. */
export function endCall(context: WorkerContext, { id, result }: EndOfCall): Step {
  const call = callOf(context, id);
  return chain(
    putCall(context, { ...call, result }),
    (now) => stepOf(now, { type: 'timer.cancelled', id: timeoutId(timerOf(now, id)) }),
    (now) => submit(now, { type: 'response.taken', call: id }),
  );
}

/** The transport says that no answer will come. */
export function failCall(
  context: WorkerContext,
  { error: message, id }: { readonly error: string; readonly id: number },
): Step {
  const failed = putCall(context, { ...callOf(context, id), hasAnswer: true });
  return endCall(failed, { id, result: { type: 'failed', message } });
}

/** The call whose timer is cancelled by the end of this one. */
function timerOf({ agent, switches }: WorkerContext, id: number): number {
  return isOn(switches, 'agent.timerByCaptureId') ? agent.nextMessageId - 1 : id;
}
