/**
 * Calls of user code: `rpc_sync`, `rpc_async` and `remote`.
 *
 * @see PyTorch, `torch/distributed/rpc/api.py`, `_invoke_rpc`, `remote`; `python_functions.cpp`,
 * `pyRpcPythonUdf`, `pyRemotePythonUdf`.
 */
import { unreachable } from '../../../src/core/errors.ts';
import { torchCheck } from '../../engine/torch-error.ts';
import { addSelfAsFork } from '../../rref/forks.ts';
import type { ForkId, RRefId, RRefKey } from '../../rref/ids.ts';
import { selfFork } from '../../rref/ids.ts';
import { createOwnerRRef } from '../../rref/owners.ts';
import { addPendingUser, createUserRRef } from '../../rref/users.ts';
import { isOn } from '../../switches/switches.ts';
import type { Continuation } from '../agent/call.ts';
import { sendWithAutograd } from '../agent/send-with-autograd.ts';
import type { WorkerContext } from '../context.ts';
import { answer, makeFuture, makeFutureFor } from '../futures/futures.ts';
import type { RecordedCall } from '../profiling/profiled-calls.ts';
import { endCallRange, noteCreation, recordingCall } from '../profiling/profiled-calls.ts';
import type { Pickled } from '../references/pickling.ts';
import { handleOf, pickle } from '../references/pickling.ts';
import { applyRRefs } from '../references/rref-effects.ts';
import { matchBuiltinOp, operatorPath, typeOfResult } from '../serving/schemas.ts';
import { isScriptThread } from '../serving/script-modules.ts';
import { scriptSchema } from '../signatures/parameters.ts';
import { scriptArguments } from '../signatures/script-arguments.ts';
import type { Part, Step } from '../step.ts';
import { andThen, queueWork, stepOf } from '../step.ts';
import { giveHandles } from '../threads/holding.ts';
import { putThread, threadOf } from '../threads/thread.ts';
import { connectFirst, finishConnecting } from './connecting.ts';
import { failureOf } from './failure.ts';
import type { FutureId } from './handles.ts';
import { idOf, timeoutMsOf } from './process-requests.ts';
import type { Asked, CallRequest } from './user-request.ts';

/**
 * Serves a call. Where the directory can change but is not locked, it is looked at in one section and used in
 * the next.
 *
 * @see PyTorch, `tensorpipe_agent.h`, `GroupMembershipLockGuard`.
 */
export function serveCall(context: WorkerContext, { request, thread }: Asked<CallRequest>): Step {
  const { directory, group, switches } = context;
  if (group.isStatic || !isOn(switches, 'dyn.lockInverted')) {
    return connectFirst(context, { request, thread }, makingCall);
  }
  idOf(context, request.to);
  const { version = 0 } = directory;
  return queueWork({ type: 'worker.looked-up', request, thread, version })(context);
}

/** A call whose worker was looked up; what was found may be freed memory if somebody has joined or left since. */
export function useLookup(
  context: WorkerContext,
  { request, thread, version }: Asked<CallRequest> & { readonly version: number },
): Step {
  const { version: now = 0 } = context.directory;
  const looked = version === now ? stepOf(context) : announceRace(context);
  return andThen(looked, (after) => {
    try {
      return makeCall(after, { request, thread });
    } catch (thrown) {
      return answer(after, { outcome: { type: 'threw', error: failureOf(thrown) }, thread });
    }
  });
}

/** The worker of a call is connected. */
export function callConnected(
  context: WorkerContext,
  { request, thread }: Asked<CallRequest>,
): Step {
  return finishConnecting(context, { request, thread }, makingCall);
}

function makingCall(asked: Asked<CallRequest>): Part {
  return (context) => makeCall(context, asked);
}

function announceRace(context: WorkerContext): Step {
  const message = `The directory of ${context.name} was changed between a look at it and its use.`;
  return stepOf(context, {
    type: 'announced',
    announcement: { type: 'framework.failed', message },
  });
}

/** All calls of a script go to the interpreter of scripts, also those of what is none. */
function fromThread(context: WorkerContext, { request, thread }: Asked<CallRequest>): CallRequest {
  const { callee } = request;
  if (callee.type !== 'function' || !isScriptThread(context, thread)) return request;
  return { ...request, callee: { ...callee, isOfPython: true, type: 'script' } };
}

function makeCall(context: WorkerContext, asked: Asked<CallRequest>): Step {
  const { thread } = asked;
  const request = fromThread(context, asked);
  switch (request.type) {
    case 'rpc.async':
    case 'rpc.sync':
      return callFunction(context, { request, thread });
    case 'rpc.remote':
      return callRemotely(context, { request, thread });
    default:
      return unreachable(request);
  }
}

type FunctionRequest = Extract<
  CallRequest,
  { readonly type: 'rpc.async' | 'rpc.remote' | 'rpc.sync' }
>;

function callFunction(
  context: WorkerContext,
  { request, thread }: Asked<Exclude<FunctionRequest, { readonly type: 'rpc.remote' }>>,
): Step {
  const to = idOf(context, request.to);
  const isSync = request.type === 'rpc.sync';
  return recordingCall(context, { request, thread, to }, (begun, recorded) =>
    pickled(begun, { recorded, request, thread }, (now, made) => {
      const { context: named, id: future } = isSync
        ? makeFuture(now, { awaiters: [thread] })
        : makeFutureFor(now, thread);
      const sent = sendFunction(collecting(named, { future, isSync, thread }), {
        body: { type: typesOf(request).call, ...functionOf(request, made) },
        made,
        request,
        recorded,
        continuation: { type: 'future-completed', future },
        thread,
        to,
      });
      if (isSync) return sent;
      const value = { type: 'future', id: future };
      return andThen(sent, (after) =>
        answer(after, { outcome: { type: 'returned', value }, thread }),
      );
    }),
  );
}

/** The arguments are pickled before the reference gets its names. */
function callRemotely(
  context: WorkerContext,
  { request, thread }: Asked<Extract<FunctionRequest, { readonly type: 'rpc.remote' }>>,
): Step {
  const to = idOf(context, request.to);
  return recordingCall(context, { request, thread, to }, (begun, recorded) =>
    pickled(begun, { recorded, request, thread }, (now, made) => {
      const type = typesOf(request).remote;
      const { forkId, key, rrefId, step, continuation } = nameRRef(now, {
        to,
        typeName: typeOfResult({ type }),
      });
      const body = { type, ...functionOf(request, made), forkId, rrefId };
      return andThen(
        step,
        (after) => sendFunction(after, { body, made, recorded, request, continuation, thread, to }),
        (after) =>
          continuation.type === 'user-rref-confirmed'
            ? applyRRefs(after, addPendingUser(after.rrefs, forkId))
            : stepOf(after),
        (after) =>
          stepOf(giveHandles(noteCreation(after, { key, recorded }), { keys: [key], thread })),
        (after) =>
          answer(after, { outcome: { type: 'returned', value: handleOf(after, key) }, thread }),
      );
    }),
  );
}

interface NamedRRef {
  readonly forkId: ForkId;
  readonly key: RRefKey;
  readonly rrefId: RRefId;
  readonly step: Step;
  readonly continuation: Continuation;
}

/** The names of the reference that a call makes: a fork of a peer's, or one's own. */
function nameRRef(
  context: WorkerContext,
  { to, typeName }: { readonly to: number; readonly typeName: string },
): NamedRRef {
  if (to !== context.id) {
    const { forkId, rrefId, ...done } = createUserRRef(context.rrefs, { ownerId: to, typeName });
    const continuation = { type: 'user-rref-confirmed', forkId, observers: [] } as const;
    return { forkId, key: forkId, rrefId, step: applyRRefs(context, done), continuation };
  }
  const { owner, rrefId, ...done } = createOwnerRRef(context.rrefs, typeName);
  const step = andThen(applyRRefs(context, done), (now) =>
    applyRRefs(now, addSelfAsFork(now.rrefs, owner)),
  );
  const continuation = { type: 'owner-rref-finished', observers: [], rrefId } as const;
  return { forkId: selfFork(rrefId), key: owner, rrefId, step, continuation };
}

/** What is sent with its arguments pickled; the forks that a failed pickling took stay. */
function pickled(
  context: WorkerContext,
  { recorded, request, thread }: RecordedRequest,
  go: (context: WorkerContext, made: Pickled) => Step,
): Step {
  const { callee } = request;
  const args = argumentsOf(request);
  if (callee.type === 'operator') matchBuiltinOp(callee.op, args);
  if (callee.type === 'script') {
    const isMissing = context.missing.includes(callee.fn);
    torchCheck(!isMissing, `attempted to get undefined function ${callee.fn}`);
  }
  const made = pickle(context, args);
  const { failure: error } = made;
  return andThen(made.step, (now) =>
    error === undefined
      ? go(now, made)
      : andThen(recorded === undefined ? stepOf(now) : endCallRange(now, recorded), (after) =>
          answer(after, { outcome: { type: 'threw', error }, thread }),
        ),
  );
}

/** What the function is called with, in order. @throws {TorchError} if a script does not take that. */
function argumentsOf({ args, callee, kwargs }: FunctionRequest): readonly unknown[] {
  const schema = callee.type === 'script' ? callee.schema : undefined;
  return schema === undefined ? args : scriptArguments(scriptSchema(schema), { args, kwargs });
}

interface RecordedRequest extends Asked<FunctionRequest> {
  readonly recorded: RecordedCall | undefined;
}

function functionOf({ args, callee }: FunctionRequest, made: Pickled) {
  if (callee.type === 'operator') {
    const { op } = callee;
    return {
      isAsyncExecution: false,
      pickle: { args: made.pickle, fn: operatorPath(op) },
      schema: matchBuiltinOp(op, args),
    };
  }
  return {
    isAsyncExecution: callee.isAsync,
    ...('isOfPython' in callee ? { isOfPython: true as const } : {}),
    pickle: {
      args: made.pickle,
      fn: callee.fn,
      ...('misfit' in callee ? { misfit: callee.misfit } : {}),
    },
  };
}

/** Functions of Python travel as pickles; those of TorchScript and operators as scripts. */
function typesOf({ callee }: FunctionRequest) {
  return callee.type === 'function'
    ? ({ call: 'PYTHON_CALL', remote: 'PYTHON_REMOTE_CALL' } as const)
    : ({ call: 'SCRIPT_CALL', remote: 'SCRIPT_REMOTE_CALL' } as const);
}

interface MadeCall {
  readonly future: FutureId;
  readonly isSync: boolean;
  readonly thread: string;
}

/** Within `_wait_all` a thread remembers the calls that it does not wait for. */
function collecting(context: WorkerContext, { future, isSync, thread: name }: MadeCall) {
  const thread = threadOf(context, name);
  if (isSync || thread.collects === undefined) return context;
  return putThread(context, { ...thread, collects: [...thread.collects, future] });
}

interface FunctionSending extends RecordedRequest {
  readonly body: Parameters<typeof sendWithAutograd>[1]['body'];
  readonly made: Pickled;
  readonly continuation: Continuation;
  readonly to: number;
}

function sendFunction(context: WorkerContext, sending: FunctionSending): Step {
  const { body, made, recorded, request, continuation, thread, to } = sending;
  const { gradMode, timeout } = request;
  return sendWithAutograd(context, {
    body,
    contextId: threadOf(context, thread).contextId,
    force: request.callee.type !== 'operator',
    forks: made.forks,
    gradMode,
    recorded,
    tensors: made.tensors,
    thread,
    continuation,
    timeoutMs: timeout === undefined ? undefined : timeoutMsOf(timeout),
    to,
  });
}
