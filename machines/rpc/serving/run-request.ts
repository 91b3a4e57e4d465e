/**
 * What a request does once it may run: `processRpcWithErrors` and the switch of `processRpc`.
 *
 * @see PyTorch, `request_callback_no_python.cpp`, `request_callback_impl.cpp`.
 */
import { unreachable } from '../../../src/core/errors.ts';
import { getIn, hasIn } from '../../../src/core/persistent-map.ts';
import { releaseContextIfPresent } from '../../autograd/lifetime.ts';
import { addRecvRpcBackward, receiveLeaves } from '../../autograd/recording.ts';
import { inverse } from '../../devices/maps.ts';
import { deleteFork, requestFork } from '../../rref/forks.ts';
import { awaitOwner } from '../../rref/owners.ts';
import { delPendingChild } from '../../rref/pickling.ts';
import type { Done } from '../../rref/tables.ts';
import { deletedText } from '../../rref/texts.ts';
import { isOn } from '../../switches/switches.ts';
import { autogradPartOf, innerOf } from '../agent/inner-request.ts';
import type { FunctionCallBody, RRefBackwardReq, RRefFetchCall } from '../agent/messages.ts';
import { requireAutograd } from '../agent/require-agent.ts';
import { applyAutograd } from '../autograd/autograd-effects.ts';
import { receiveAbort, receiveQuestion } from '../autograd/discovery.ts';
import { hasEnded, rememberEnd } from '../autograd/ended-contexts.ts';
import { receiveGradientMessage } from '../autograd/gradients.ts';
import type { WorkerContext } from '../context.ts';
import { arrive, sameReady } from '../devices/device-streams.ts';
import { recordRequest } from '../profiling/profiled-requests.ts';
import { frameFor } from '../profiling/profiling.ts';
import { findOwner, findValue, hasValue } from '../references/fetch.ts';
import { fillTensors } from '../references/pickle.ts';
import { applyRRefs } from '../references/rref-effects.ts';
import { claimFork } from '../references/unclaimed-forks.ts';
import type { Step } from '../step.ts';
import { andThen, stepOf } from '../step.ts';
import { leavePoolOf } from '../threads/request-end.ts';
import { putThread, threadOf } from '../threads/thread.ts';
import { runOperator } from './operator-calls.ts';
import { answerRaised } from './request-errors.ts';
import { requestOf, respond, respondCalledOff, respondWithError } from './respond.ts';
import { endMissingFunction, endServedFunction } from './served-functions.ts';

/** A request is ready, or cannot run; what it raises is the answer. */
export function runRequest(context: WorkerContext, { thread }: { readonly thread: string }): Step {
  const { refusal } = threadOf(context, thread);
  if (refusal !== undefined) {
    return respondWithError(context, { message: refusal, prefixed: true, thread });
  }
  try {
    return dispatch(context, thread);
  } catch (thrown) {
    return answerRaised(context, { thread, thrown });
  }
}

function dispatch(before: WorkerContext, thread: string): Step {
  const context = recordRequest(before, thread);
  const request = requestOf(context, thread);
  const body = innerOf(request);
  if (autogradPartOf(request) !== undefined || autogradTypes.has(body.type)) {
    requireAutograd(context);
  }
  switch (body.type) {
    case 'SCRIPT_CALL':
    case 'SCRIPT_REMOTE_CALL':
    case 'PYTHON_CALL':
    case 'PYTHON_REMOTE_CALL':
      return startFunction(receiveTensors(context, thread), { body, thread });
    case 'PYTHON_RREF_FETCH_CALL':
    case 'SCRIPT_RREF_FETCH_CALL':
      return startFetch(receiveTensors(context, thread), { body, thread });
    case 'RREF_USER_DELETE':
      return acknowledge(claimFork(context, body.forkId), {
        done: deleteFork(context.rrefs, body),
        thread,
      });
    case 'RREF_FORK_REQUEST':
      return acknowledge(context, {
        done: requestFork(context.rrefs, body),
        thread,
      });
    case 'RREF_CHILD_ACCEPT':
      return acceptedChild(claimFork(context, body.forkId), {
        done: delPendingChild(context.rrefs, body.forkId),
        thread,
      });
    case 'CLEANUP_AUTOGRAD_CONTEXT_REQ': {
      const done = releaseContextIfPresent(context.autograd, body.contextId);
      return andThen(applyAutograd(rememberEnd(context, body.contextId), done), (now) =>
        respond(now, { body: { type: 'CLEANUP_AUTOGRAD_CONTEXT_RESP' }, thread }),
      );
    }
    case 'RREF_BACKWARD_REQ':
      return startFetch(context, { body, thread });
    case 'BACKWARD_AUTOGRAD_REQ':
      return receiveGradientMessage(context, { body, thread });
    case 'CALL_OFF_REQ':
    case 'LEASE_AUTOGRAD_CONTEXT_REQ':
      // They are served where they are read, without a thread.
      return stepOf(context);
    case 'SMART_DISCOVER_REQ':
      return receiveQuestion(context, { body, thread });
    case 'SMART_ABORT_REQ':
      return receiveAbort(context, { body, thread });
    default:
      return unreachable(body);
  }
}

/** What is about autograd by itself, without an envelope. */
const autogradTypes: ReadonlySet<string> = new Set([
  'BACKWARD_AUTOGRAD_REQ',
  'CLEANUP_AUTOGRAD_CONTEXT_REQ',
  'RREF_BACKWARD_REQ',
]);

/**
 * A child is accepted. Early versions ran the destructor of its parent, if nothing else held that, while they
 * held the lock of the tables, which the destructor takes: the thread waits for itself for ever.
 */
function acceptedChild(
  context: WorkerContext,
  { done, thread }: { readonly done: Done; readonly thread: string },
): Step {
  const destroys = done.effects.some(({ type }) => type === 'user.unreferenced');
  return destroys && isOn(context.switches, 'rref.destroyUnderLock')
    ? stepOf({ ...context, rrefs: done.tables })
    : acknowledge(context, { done, thread });
}

function acknowledge(
  context: WorkerContext,
  { done, thread }: { readonly done: Done; readonly thread: string },
): Step {
  return andThen(applyRRefs(context, done), (now) =>
    respond(now, { body: { type: 'RREF_ACK' }, thread }),
  );
}

/** The tensors of the request become the thread's own; it is in the context of the request from now on. */
function receiveTensors(before: WorkerContext, name: string): WorkerContext {
  const request = requestOf(before, name);
  const thread = threadOf(before, name);
  const { frame, streams } = thread;
  const { context, tensors } = arrive(before, { streams, tensors: request.tensors });
  const autograd = autogradPartOf(request);
  if (autograd === undefined || hasEnded(context, autograd.contextId)) {
    const leaves = receiveLeaves(frame, tensors);
    const args = fillTensors(thread.args, sameReady(leaves.tensors, tensors));
    return putThread(context, { ...thread, args, frame: leaves.frame });
  }
  const { autogradMessageId, contextId, deviceMap: map, fromWorkerId: from, lineage } = autograd;
  const deviceMap = map && inverse(map);
  const incoming = { autogradMessageId, contextId, deviceMap, frame, from, lineage, tensors };
  const received = addRecvRpcBackward(context.autograd, incoming);
  const args = fillTensors(thread.args, sameReady(received.tensors, tensors));
  return putThread(
    { ...context, autograd: received.container },
    { ...thread, args, contextId, frame: received.frame },
  );
}

interface Arrival<Body> {
  readonly body: Body;
  readonly thread: string;
}

/**
 * The function gets an actor of its own and occupies the thread of the pool until it ends; a built-in
 * operator runs at once.
 */
function startFunction(
  context: WorkerContext,
  { body, thread: name }: Arrival<FunctionCallBody>,
): Step {
  const { args: decoded, ...thread } = threadOf(context, name);
  const args = Array.isArray(decoded) ? decoded : [];
  if ('schema' in body) return runOperator(context, { args, body, thread: name });
  const { fn, misfit } = body.pickle;
  const call = { args, fn: context.patches?.[fn] ?? fn };
  if (context.missing.includes(fn) || 'isOfPython' in body) {
    return endMissingFunction(putThread(context, thread), { body, thread: name });
  }
  if (misfit !== undefined) {
    const outcome = { type: 'threw', error: { message: misfit, name: 'TypeError' } } as const;
    return endServedFunction(putThread(context, thread), { outcome, thread: name });
  }
  return stepOf(putThread(context, thread), {
    type: 'function.started',
    input: { call, frame: frameFor(context, name), id: name },
  });
}

/** A fetch, or backward, goes on at once, or waits for the OwnerRRef and then for its value, without a thread of the pool. */
function startFetch(
  context: WorkerContext,
  { body, thread }: Arrival<RRefBackwardReq | RRefFetchCall>,
): Step {
  const { forkId, rrefId } = body;
  if (forkId !== undefined && hasIn(context.rrefs.tombstones, forkId)) {
    const message = deletedText({ forkId, rrefId });
    return respondWithError(context, { message, prefixed: false, thread });
  }
  const owner = getIn(context.rrefs.owners, rrefId);
  if (owner !== undefined && hasValue(context, owner)) return findValue(context, { owner, thread });
  if (threadOf(context, thread).isCalledOff === true) return respondCalledOff(context, thread);
  const waiting =
    owner === undefined
      ? applyRRefs(context, awaitOwner(context.rrefs, { rrefId, waiter: thread }))
      : findOwner(context, { owner, thread });
  return isOn(context.switches, 'rref.blockOnMissingOwner')
    ? waiting
    : andThen(waiting, (now) => leavePoolOf(now, thread));
}
