/**
 * The answer to a request.
 *
 * @see PyTorch, `tensorpipe_agent.cpp`, `sendCompletedResponseMessage`; `request_callback_no_python.cpp`,
 * `processForwardAutogradReq`, `handleError`.
 */
import { invariant } from '../../../src/core/errors.ts';
import { errorOnNode } from '../../autograd/gradients.ts';
import { getMessageWithAutograd } from '../../autograd/recording.ts';
import type { Tensor } from '../../engine/graph.ts';
import { TorchError } from '../../engine/torch-error.ts';
import type { ForkData } from '../../rref/pickling.ts';
import { isOn } from '../../switches/switches.ts';
import { autogradPartOf } from '../agent/inner-request.ts';
import type {
  PlainResponseBody,
  Request,
  ValueReturnType,
  WrappableReturn,
} from '../agent/messages.ts';
import { isListening } from '../agent/pipes.ts';
import { reply } from '../agent/reply.ts';
import { hasEnded } from '../autograd/ended-contexts.ts';
import type { WorkerContext } from '../context.ts';
import type { Left } from '../devices/transfers.ts';
import { leave, resultError } from '../devices/transfers.ts';
import { endRecording } from '../profiling/profiled-requests.ts';
import { pickle } from '../references/pickling.ts';
import { noteAnsweredForks, takeBackForks } from '../references/unclaimed-forks.ts';
import type { Step } from '../step.ts';
import { andThen, chain, stepOf } from '../step.ts';
import { endRequest } from '../threads/request-end.ts';
import type { Thread } from '../threads/thread.ts';
import { putThread, threadOf } from '../threads/thread.ts';
import { pythonStr } from '../user/failure.ts';
import { failCreation } from './failed-creations.ts';

/** An answer without tensors that no context takes part in. */
export function respond(
  context: WorkerContext,
  { body, thread }: { readonly body: PlainResponseBody; readonly thread: string },
): Step {
  return finish(context, { body, forks: [], tensors: [], thread });
}

/** A request that met an error. */
export interface FailedRequest {
  readonly message: string;
  /** Whether the error was raised by the handler itself, and not by what it waited for. */
  readonly prefixed: boolean;
  readonly thread: string;
}

/** Answers with an error. */
export function respondWithError(context: WorkerContext, failed: FailedRequest): Step {
  const { message, prefixed, thread } = failed;
  const payload = prefixed ? errorOnNode(context.id, message) : message;
  return andThen(
    failCreation(context, { message: payload, request: requestOf(context, thread) }),
    (now) => respond(now, { body: { type: 'EXCEPTION', payload }, thread }),
  );
}

/** Pickles a value and answers with it. */
export function respondWithValue(
  context: WorkerContext,
  { thread, type, value }: ValueResponse,
): Step {
  if (threadOf(context, thread).isCalledOff === true) return respondCalledOff(context, thread);
  const pickled = pickle(context, value);
  const { failure, forks } = pickled;
  if (failure !== undefined) {
    const message = `${failure.name}: ${pythonStr(failure)}`;
    return andThen(pickled.step, (now) =>
      respondWithError(now, { message, prefixed: false, thread }),
    );
  }
  const { pickle: body, step, tensors } = pickled;
  return andThen(step, (now) =>
    respondWrapped(now, { body: { type, pickle: body }, forks, tensors, thread }),
  );
}

/** A value on its way to whoever asked. */
export interface ValueResponse {
  readonly thread: string;
  readonly type: ValueReturnType;
  readonly value: unknown;
}

/** An answer that takes part in the context of its request. */
export interface WrappedResponse {
  readonly body: WrappableReturn;
  /** The copies of references in it. */
  readonly forks?: readonly ForkData[];
  readonly tensors: readonly Tensor[];
  readonly thread: string;
}

/** Answers a call; within a context, and wrapped if a tensor requires a gradient. */
export function respondWrapped(context: WorkerContext, response: WrappedResponse): Step {
  const { body, forks = [], tensors, thread: name } = response;
  const thread = threadOf(context, name);
  const request = requestOf(context, name);
  const autograd = autogradPartOf(request);
  if (autograd === undefined || hasEnded(context, autograd.contextId)) {
    return finish(context, { ...response, forks });
  }
  try {
    const wrapped = getMessageWithAutograd(context.autograd, {
      current: isContextLost(context, thread) ? undefined : autograd.contextId,
      force: false,
      frame: thread.frame,
      tensors,
      to: request.from,
    });
    const recorded = putThread(
      { ...context, autograd: wrapped.container },
      { ...thread, frame: wrapped.frame },
    );
    if (wrapped.metadata === undefined) return finish(recorded, { ...response, forks });
    const envelope = {
      type: 'FORWARD_AUTOGRAD_RESP',
      ...wrapped.metadata,
      fromWorkerId: context.id,
      inner: body,
    } as const;
    return finish(recorded, { body: envelope, forks, tensors, thread: name });
  } catch (thrown) {
    if (!(thrown instanceof TorchError)) throw thrown;
    const { message } = thrown;
    return andThen(takeBackForks(context, forks), (now) =>
      respondWithError(now, { message, prefixed: false, thread: name }),
    );
  }
}

/** Whether the thread that completes the future of a function does so in no context, or in another one. */
function isContextLost({ switches }: WorkerContext, { isAsync }: Thread): boolean {
  return isAsync && isOn(switches, 'da.noContextInContinuation');
}

/** Nobody reads the answer any more. */
export function respondCalledOff(context: WorkerContext, thread: string): Step {
  return respondWithError(context, { message: calledOffText, prefixed: false, thread });
}

const calledOffText = 'The caller has given this call up.';

/** What a thread serves. */
export function requestOf(context: WorkerContext, name: string): Request {
  const { request } = threadOf(context, name);
  invariant(
    request !== undefined,
    'rpc/no-request',
    `Thread "${name}" of ${context.name} is to answer, but serves no request.`,
  );
  return request;
}

interface Response {
  readonly body: PlainResponseBody;
  readonly forks: readonly ForkData[];
  readonly tensors: readonly Tensor[];
  readonly thread: string;
}

/** What a stopped agent would answer is lost. */
function finish(before: WorkerContext, response: Response): Step {
  const { forks, thread } = response;
  const request = requestOf(before, thread);
  const { body: plain, left } = placed(before, response);
  const { body, context } = endRecording(left.context, { body: plain, thread });
  if (!isListening(context)) {
    return andThen(takeBackForks(context, forks), (now) => endRequest(now, thread));
  }
  return chain(
    noteAnsweredForks(context, { forks, request: thread }),
    (now) => stepOf(now, reply(now, { body, request, tensors: left.tensors })),
    (now) => endRequest(now, thread),
  );
}

/** The tensors go to the devices of who asked; where one cannot, the answer is an error. */
function placed(
  context: WorkerContext,
  { body, tensors, thread }: Response,
): { readonly body: PlainResponseBody; readonly left: Left } {
  const fail = (payload: string) => ({
    body: { type: 'EXCEPTION', payload } as const,
    left: { context, tensors: [] },
  });
  const { from: to } = requestOf(context, thread);
  try {
    const left = leave(context, { kind: 'Response', tensors, thread, to });
    const error = resultError(context, tensors);
    return error === undefined ? { body, left } : fail(error);
  } catch (thrown) {
    if (!(thrown instanceof TorchError)) throw thrown;
    return fail(thrown.message);
  }
}
