import { getIn } from '../../../src/core/persistent-map.ts';
import { isOn } from '../../switches/switches.ts';
import type { WorkerContext } from '../context.ts';
import type { Step, WorkerEffect } from '../step.ts';
import { stepOf } from '../step.ts';
import type { Call } from './call.ts';
import { callKey, putCall, timeoutId } from './call.ts';
import { endCall } from './end-call.ts';

/** The timer of a call: a time-out of 0 never comes; one below 0 has passed. */
export function timeOutOf(
  { switches }: WorkerContext,
  { id, timeoutMs }: Call,
): readonly WorkerEffect[] {
  if (timeoutMs === 0 || isOn(switches, 'agent.watchdogDead')) return [];
  return [
    {
      type: 'timer.set',
      delayMs: Math.max(0, timeoutMs),
      event: { type: 'call.timed-out', call: id },
      id: timeoutId(id),
    },
  ];
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
  return endCall(flagged, { id, result: { type: 'failed', message } });
}
