/**
 * Messages that are sent again until they come through.
 *
 * @see PyTorch, `rpc_agent.cpp`, `RpcAgent::sendWithRetries`, `rpcRetryCallback`, `retryExpiredRpcs`.
 */
import { controlSettled } from '../../rref/control.ts';
import { rethrows } from '../../rref/users.ts';
import { isOn } from '../../switches/switches.ts';
import type { WorkerContext } from '../context.ts';
import { finishForkRequest, refuseFork } from '../references/fork-requests.ts';
import { applyRRefs } from '../references/rref-effects.ts';
import type { Retry, Step } from '../step.ts';
import { andThen, stepOf } from '../step.ts';
import type { Call } from './call.ts';
import { closeCall } from './call.ts';
import { isSendable, sendWithRetries } from './send.ts';

/** PyTorch's options of a retry, which nobody changes. */
const firstDelayMs = 1_000;
const backoff = 1.5;

/** One attempt that has ended. */
export interface EndedAttempt {
  readonly call: Call;
  readonly error: string | undefined;
  readonly retry: Retry;
}

/** What an attempt came to. */
export interface FinishedAttempt {
  readonly isPassedOn: boolean;
  readonly step: Step;
}

/** The message came through, or is sent again, or is given up. */
export function finishRetry(context: WorkerContext, attempt: EndedAttempt): FinishedAttempt {
  const { call, error, retry } = attempt;
  const { body, parentId, retryCount } = retry;
  if (error === undefined && body.type === 'RREF_FORK_REQUEST' && parentId !== undefined) {
    return finishForkRequest(context, { call: call.id, forkId: body.forkId, parentId });
  }
  const step = closeCall(context, call.id);
  if (error === undefined) return goOn(andThen(step, (now) => countSettled(now, retry)));
  if (!isSendable(context, body)) return goOn(andThen(step, (now) => stopRetry(now, retry)));
  if (retryCount < retry.maxRetries) {
    return goOn(andThen(step, (now) => sendAgainLater(now, attempt)));
  }
  return goOn(andThen(step, (now) => giveUp(now, attempt)));
}

/** The time between two attempts is over. */
export function sendAgain(context: WorkerContext, { retry }: { readonly retry: Retry }): Step {
  const { agent } = context;
  const due = { ...context, agent: { ...agent, retrying: agent.retrying - 1 } };
  if (isSendable(due, retry.body)) return sendWithRetries(due, retry);
  if (!isOn(context.switches, 'agent.retryThrowsAfterStop')) return stopRetry(due, retry);
  const message = 'The thread of the retries met an agent that is no longer running.';
  return stepOf(due, {
    type: 'announced',
    announcement: { type: 'framework.failed', message },
  });
}

/** The agent has stopped: the message is over, or stays for ever where nobody looks for it any more. */
function stopRetry(context: WorkerContext, retry: Retry): Step {
  return isOn(context.switches, 'agent.retryCheckThenAct')
    ? stepOf(context)
    : countSettled(context, retry);
}

/**
 * The delay counts from the attempt on, so one that ended by a time-out has used some of it. PyTorch takes
 * the delay of the retry before, hence 1, 1, 1.5, … seconds.
 */
function sendAgainLater(context: WorkerContext, { call, error, retry }: EndedAttempt): Step {
  const { retryCount } = retry;
  const elapsedMs = error?.startsWith('RPCErr:1:') === true ? call.timeoutMs : 0;
  const delayMs = Math.max(0, delayOf(retryCount) - elapsedMs);
  const { agent } = context;
  const waiting = { ...context, agent: { ...agent, retrying: agent.retrying + 1 } };
  return stepOf(waiting, {
    type: 'timer.set',
    delayMs,
    event: {
      type: 'retry.due',
      retry: { ...guttedBy(context, call, retry), retryCount: retryCount + 1 },
    },
    id: `retry-${call.id}`,
  });
}

/** A message that was serialised once is empty; one that was made to fail was not serialised. */
function guttedBy({ switches }: WorkerContext, { isInjected }: Call, retry: Retry): Retry {
  return isInjected || !isOn(switches, 'agent.serializeMovesPayload')
    ? retry
    : { ...retry, isGutted: true };
}

function delayOf(retryCount: number): number {
  let delayMs = firstDelayMs;
  for (let count = 1; count < retryCount; count += 1) delayMs *= backoff;
  return delayMs;
}

/**
 * A fork request that is given up throws before it is counted, so its fork stays pending for ever; without the
 * switch who waits for the fork is told.
 */
function giveUp(context: WorkerContext, { call, retry }: EndedAttempt): Step {
  const { body, maxRetries, parentId } = retry;
  const message = `The RPC has not succeeded after the specified number of max retries (${maxRetries}).`;
  const announced = stepOf(context, {
    type: 'announced',
    announcement: { type: 'retries.exhausted', message, messageType: body.type },
  });
  if (body.type !== 'RREF_FORK_REQUEST' || parentId === undefined) {
    return andThen(announced, (now) => countSettled(now, retry));
  }
  if (rethrows(context.rrefs)) {
    const thrown = { type: 'callback.threw', call: call.id, message } as const;
    return andThen(announced, (now) => stepOf(now, { type: 'announced', announcement: thrown }));
  }
  return andThen(announced, (now) => refuseFork(now, { forkId: body.forkId, message, parentId }));
}

/** Only messages of the reference protocol are counted. */
function countSettled(context: WorkerContext, { body }: Retry): Step {
  const isOfReferences =
    body.type !== 'CALL_OFF_REQ' &&
    body.type !== 'CLEANUP_AUTOGRAD_CONTEXT_REQ' &&
    body.type !== 'SMART_ABORT_REQ';
  return isOfReferences ? applyRRefs(context, controlSettled(context.rrefs)) : stepOf(context);
}

function goOn(step: Step): FinishedAttempt {
  return { isPassedOn: false, step };
}
