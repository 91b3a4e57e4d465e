/**
 * The callbacks of calls, as tasks of the pool.
 *
 * @see PyTorch, `tensorpipe_agent.cpp`, `markFutureAsComplete`, `markFutureWithError`.
 */
import { unreachable } from '../../../src/core/errors.ts';
import { getIn } from '../../../src/core/persistent-map.ts';
import { answerQuestion } from '../../autograd/discovery.ts';
import { TorchError } from '../../engine/torch-error.ts';
import { isOn } from '../../switches/switches.ts';
import { applyAutograd } from '../autograd/autograd-effects.ts';
import { settleGradient } from '../autograd/gradients.ts';
import { settleLease } from '../autograd/leases.ts';
import type { WorkerContext } from '../context.ts';
import { completeFuture } from '../futures/future-callbacks.ts';
import type { AfterCallbacks } from '../futures/futures.ts';
import { openEnvelope } from '../profiling/profiled-calls.ts';
import { confirmCreation } from '../references/confirm-creation.ts';
import { declineForks, takeBackForks } from '../references/unclaimed-forks.ts';
import { settleCreation } from '../serving/creations.ts';
import type { Step } from '../step.ts';
import { andThen, stepOf } from '../step.ts';
import { awaitInterpreter, isInterpreterTaken } from '../threads/interpreter.ts';
import type { Failure } from '../user/failure.ts';
import { failureOf, runtimeError } from '../user/failure.ts';
import type { FutureId } from '../user/handles.ts';
import type { Call } from './call.ts';
import { abandonCall, callKey, closeCall, countDown } from './call.ts';
import { decodeResponse, forksOfResponse } from './decode-response.ts';
import type { EndedCall } from './ended-call.ts';
import { errorOf } from './ended-call.ts';
import { leavePool } from './pool.ts';
import { finishRetry } from './retries.ts';
import { sendWithRetries } from './send.ts';

// As often as messages of the reference protocol.
const callOffRetriesMax = 5;

/**
 * A thread of the pool runs what is to follow a call. If that raises, the call counts as active for ever
 * and what would come after it does not.
 */
export function takeResponse(
  context: WorkerContext,
  { call: id }: { readonly call: number },
): Step {
  const call = getIn(context.agent.calls, callKey(id));
  const result = call?.result;
  // A call that ends twice may be forgotten by the first end.
  if (call === undefined || result === undefined) return leavePool(context);
  if (isPython(call) && isInterpreterTaken(context)) {
    return awaitInterpreter(context, { type: 'response.taken', call: id });
  }
  const counted = isOn(context.switches, 'agent.decrementFirst')
    ? countDown(context, call)
    : context;
  const told = result.type === 'failed' ? callOff(counted, call) : stepOf(counted);
  try {
    const { isPassedOn, step } = runCallback(told.context, { call, result });
    const after = { ...step, effects: [...told.effects, ...step.effects] };
    return isPassedOn ? after : andThen(after, leavePool);
  } catch (thrown) {
    return andThen(
      told,
      (now) => announceThrow(now, { call: id, thrown }),
      (now) =>
        isOn(now.switches, 'agent.decrementAfterCallbacks')
          ? abandonCall(now, id)
          : closeCall(now, id),
      leavePool,
    );
  }
}

/** Tells the receiver of a call that it is given up. */
function callOff(context: WorkerContext, { callOff: body, to }: Call): Step {
  if (body === undefined) return stepOf(context);
  return sendWithRetries(context, { body, maxRetries: callOffRetriesMax, retryCount: 0, to });
}

/** What came as a pickle is unpickled in the callback; an error of the framework is not. */
function isPython({ messageType, result }: Call): boolean {
  return (
    result?.type === 'response' &&
    result.message.type !== 'EXCEPTION' &&
    (messageType.startsWith('PYTHON_') ||
      messageType === 'FORWARD_AUTOGRAD_REQ' ||
      messageType === 'RUN_WITH_PROFILING_REQ')
  );
}

function announceThrow(
  context: WorkerContext,
  { call, thrown }: { readonly call: number; readonly thrown: unknown },
): Step {
  if (!(thrown instanceof TorchError)) throw thrown;
  const { message } = thrown;
  return stepOf(context, {
    type: 'announced',
    announcement: { type: 'callback.threw', call, message },
  });
}

/** Tells who made calls that never were sent: their callbacks run in the step that made them. */
export function settleInjected(step: Step): Step {
  let now = step;
  while (now.context.agent.injected.length > 0) {
    const { agent } = now.context;
    const [call, ...injected] = agent.injected;
    now = andThen(
      { ...now, context: { ...now.context, agent: { ...agent, injected } } },
      (context) => runInjected(context, call),
    );
  }
  return now;
}

function runInjected(context: WorkerContext, call: Call | undefined): Step {
  if (call?.result === undefined) return stepOf(context);
  try {
    const { callOff: unsent, result } = call;
    return andThen(
      takeBackForks(context, unsent?.forks ?? []),
      (now) => runCallback(now, { call, result }).step,
    );
  } catch (thrown) {
    return announceThrow(context, { call: call.id, thrown });
  }
}

interface Callback {
  /** Whether a request goes on in this thread of the pool, and ends the call when it is through. */
  readonly isPassedOn: boolean;
  readonly step: Step;
}

function runCallback(context: WorkerContext, { call, result: enveloped }: EndedCall): Callback {
  const { result, step } = openEnvelope(context, { call, result: enveloped });
  const callback = runOpened(step.context, { call, result });
  const { effects } = callback.step;
  return { ...callback, step: { ...callback.step, effects: [...step.effects, ...effects] } };
}

function runOpened(context: WorkerContext, ended: EndedCall): Callback {
  const { call } = ended;
  const { id, continuation } = call;
  const close = (step: Step): Callback => ({
    isPassedOn: false,
    step: andThen(step, (now) => closeCall(now, id)),
  });
  switch (continuation.type) {
    case 'future-completed':
      return { isPassedOn: true, step: completeFutureOf(context, continuation.future, ended) };
    case 'user-rref-confirmed':
    case 'owner-rref-finished': {
      const { outcome, step } = confirmCreation(context, { ...ended, continuation });
      return {
        isPassedOn: true,
        step: andThen(step, (now) =>
          settleCreation(now, { after: afterOf(call), continuation, outcome }),
        ),
      };
    }
    case 'retry-settled':
      return finishRetry(context, { call, error: errorOf(ended), retry: continuation.retry });
    case 'gradient-settled':
      return close(
        settleGradient(context, { call: id, error: errorOf(ended), pass: continuation.pass }),
      );
    case 'lease-answered': {
      const { contextId } = continuation;
      const isHeld = isContextHeld(ended);
      return close(settleLease(context, { contextId, isHeld }));
    }
    case 'question-answered': {
      const { contextId, passId, waiter } = continuation;
      const message = errorOf(ended);
      const answered = { contextId, message, passId, waiter };
      return close(applyAutograd(context, answerQuestion(context.autograd, answered)));
    }
    default:
      return unreachable(continuation);
  }
}

/** The value of a future is decoded in its callback; what that raises is the error of the future. */
function completeFutureOf(
  context: WorkerContext,
  future: FutureId,
  { call, result }: EndedCall,
): Step {
  const after = afterOf(call);
  const fail = (now: WorkerContext, failure: Failure): Step =>
    completeFuture(now, { after, future, keys: [], outcome: { type: 'threw', error: failure } });
  const error = errorOf({ call, result });
  if (error !== undefined) return fail(context, runtimeError(error));
  if (result.type === 'failed') return stepOf(context);
  const decoded = attempt(() => decodeResponse(context, { call, message: result.message }));
  if (decoded.type === 'threw') {
    return andThen(declineForks(context, forksOfResponse(result.message)), (now) =>
      fail(now, decoded.error),
    );
  }
  const { keys, ready, step, value } = decoded.value;
  const outcome = { type: 'returned', value } as const;
  return andThen(step, (now) => completeFuture(now, { after, future, keys, outcome, ready }));
}

/** One that was never sent has no thread of the pool, and no count. */
function afterOf({ id, isInjected }: Call): AfterCallbacks {
  return isInjected ? { type: 'nothing' } : { type: 'call-ended', call: id };
}

type Attempt<Value> =
  | { readonly type: 'returned'; readonly value: Value }
  | { readonly type: 'threw'; readonly error: Failure };

/** What PyTorch raises, as data. */
function attempt<Value>(go: () => Value): Attempt<Value> {
  try {
    return { type: 'returned', value: go() };
  } catch (thrown) {
    return { type: 'threw', error: failureOf(thrown) };
  }
}

/** Whether a context is still there: where nobody says so, it is not. */
function isContextHeld({ result }: EndedCall): boolean {
  if (result.type === 'failed') return false;
  const { message } = result;
  return message.type === 'LEASE_AUTOGRAD_CONTEXT_RESP' && message.isHeld;
}
