/**
 * What user code does with remote references.
 *
 * @see PyTorch, `torch/csrc/distributed/rpc/py_rref.cpp`; `rref_impl.cpp`, `UserRRef::toHere`.
 */
import { unreachable } from '../../../src/core/errors.ts';
import { deleteIn, getIn } from '../../../src/core/persistent-map.ts';
import { torchCheck } from '../../engine/torch-error.ts';
import { createdOn, pyObject } from '../../rref/ids.ts';
import { createOwnerRRef, ownerRRef, setValue } from '../../rref/owners.ts';
import type { OwnerRRef, UserRRef } from '../../rref/tables.ts';
import { deletedText, timedOutText, userText } from '../../rref/texts.ts';
import { isOn } from '../../switches/switches.ts';
import { sendWithAutograd } from '../agent/send-with-autograd.ts';
import { askForBackward } from '../autograd/rref-backward.ts';
import type { WorkerContext } from '../context.ts';
import { workerInfoText } from '../context.ts';
import { keepOwnerReadiness } from '../devices/thread-streams.ts';
import { answer, makeFuture } from '../futures/futures.ts';
import { recordFetch } from '../profiling/profiled-calls.ts';
import { creationFuture } from '../serving/creations.ts';
import { isModuleType, isScriptThread, typeFor } from '../serving/script-modules.ts';
import type { Step } from '../step.ts';
import { andThen, chain, queueWork, stepOf } from '../step.ts';
import { giveHandles, holdIn, releaseIn } from '../threads/holding.ts';
import { putThread, threadOf } from '../threads/thread.ts';
import type { RRefHandle } from '../user/handles.ts';
import { timeoutMsOf } from '../user/process-requests.ts';
import type { Asked, RRefRequest } from '../user/user-request.ts';
import { askingCopy } from './asking-copy.ts';
import { findOwner, findValue, hasValue } from './fetch.ts';
import { handleOf, pickle } from './pickling.ts';
import { applyRRefs } from './rref-effects.ts';
import { typeOnUser } from './rref-types.ts';
import { beginSweep, destroyRRefs, sweepLate } from './sweep.ts';

/** Serves a request about a remote reference. */
export function serveRRef(context: WorkerContext, { request, thread }: Asked<RRefRequest>): Step {
  switch (request.type) {
    case 'rref.backward': {
      const { contextId, retainGraph, rref } = request;
      return askForBackward(context, { contextId, retainGraph, rref, thread });
    }
    case 'rref.confirmed-by-owner': {
      const user = getIn(context.rrefs.users, request.rref.key);
      const value = user === undefined || saysConfirmed(context, user);
      return answer(context, { outcome: { type: 'returned', value }, thread });
    }
    case 'rref.get-future':
      return creationFuture(context, { rref: request.rref, thread });
    case 'rref.get-type':
      return typeOnUser(context, { request, thread });
    case 'rref.set-local-value':
      return replace(context, { rref: request.rref, thread, value: request.value });
    case 'rref.create':
      return create(context, { ...request, thread });
    case 'rref.destroy-context':
      return destroyRRefs(context, { ...request, thread });
    case 'rref.sweep':
      return beginSweep(context, { thread, timeoutMs: timeoutMsOf(request.timeout) });
    case 'rref.sweep-late':
      return sweepLate(context, { thread });
    case 'rref.drop':
      return drop(context, { rref: request.rref, thread });
    case 'rref.pickle-apart':
      return pickleApart(context, { rref: request.rref, thread });
    case 'rref.local-value':
      return readLocally(context, { rref: request.rref, thread });
    case 'rref.to-here':
      return request.rref.isOwner
        ? readLocally(context, { rref: request.rref, thread })
        : fetch(context, { request, thread });
    default:
      return unreachable(request);
  }
}

interface RRefOfThread {
  readonly rref: RRefHandle;
  readonly thread: string;
}

interface NewRRef {
  readonly thread: string;
  readonly typeHint?: string | undefined;
  readonly value: unknown;
}

/** `RRef(value)`: nobody else knows of it before it is pickled. */
function create(context: WorkerContext, { thread, typeHint, value }: NewRRef): Step {
  const { owner, ...done } = createOwnerRRef(context.rrefs, typeFor(value, typeHint));
  return andThen(
    applyRRefs(context, done),
    (now) => stepOf(keepOwnerReadiness(holdIn(now, value), { owner, thread, value })),
    (now) => applyRRefs(now, setValue(now.rrefs, { owner, value })),
    (now) => stepOf(giveHandles(now, { keys: [owner], thread })),
    (now) => answer(now, { outcome: { type: 'returned', value: handleOf(now, owner) }, thread }),
  );
}

/**
 * The owner made the fork itself, and knows it from the start.
 *
 * @see PyTorch, `rref_context.cpp`, `addConfirmedUser`, which does not set the flag.
 */
function saysConfirmed({ switches }: WorkerContext, user: UserRRef): boolean {
  const { confirmedByOwner, forkId, ownerId } = user;
  const isUnflagged = createdOn(forkId) === ownerId && isOn(switches, 'rref.ownerForkUnflagged');
  return confirmedByOwner && !isUnflagged;
}

/** The function lets go of all that it holds of the reference. */
function drop(context: WorkerContext, { rref, thread: name }: RRefOfThread): Step {
  const thread = threadOf(context, name);
  const { key } = rref;
  const count = getIn(thread.handles, key) ?? 0;
  const handles = deleteIn(thread.handles, key);
  return chain(
    putThread(context, { ...thread, handles }),
    queueWork({ type: 'handle.dropped', count, key }),
    (now) => answer(now, { outcome: { type: 'returned', value: undefined }, thread: name }),
  );
}

/**
 * The pickler of Python meets a reference where nothing is sent. It once took a fork, which nobody accepts.
 *
 * @see PyTorch, `py_rref.cpp`, `PyRRef::pickle`; `torch/distributed/rpc/internal.py`, `_InternalRPCPickler`.
 */
function pickleApart(context: WorkerContext, { rref, thread }: RRefOfThread): Step {
  torchCheck(
    isOn(context.switches, 'rref.forkOnAnyPickle'),
    'Can not pickle rref in python pickler, rref can only be pickled when using RPC',
  );
  const { pickle: value, step } = pickle(context, rref);
  return andThen(step, (now) => answer(now, { outcome: { type: 'returned', value }, thread }));
}

/** An object changed: the reference has another value, with what is in it. */
function replace(
  context: WorkerContext,
  { rref, thread, value }: RRefOfThread & { readonly value: unknown },
): Step {
  const { key: owner, state } = localOwner(context, { rref, thread });
  torchCheck(
    state.type === 'value',
    `${rref.rrefId} has no value yet that could be replaced. Read it first.`,
  );
  return andThen(
    stepOf(keepOwnerReadiness(holdIn(context, value), { owner, thread, value })),
    (now) => applyRRefs(now, setValue(now.rrefs, { owner, value })),
    (now) => releaseIn(now, state.value),
    (now) => answer(now, { outcome: { type: 'returned', value: undefined }, thread }),
  );
}

function readLocally(context: WorkerContext, { rref, thread }: RRefOfThread): Step {
  const { key } = localOwner(context, { rref, thread });
  return hasValue(context, key)
    ? findValue(context, { owner: key, thread })
    : findOwner(context, { owner: key, thread });
}

/**
 * The OwnerRRef of a reference that this worker owns.
 *
 * @throws {TorchError} if it owns none, or its creation timed out.
 */
function localOwner(context: WorkerContext, { rref, thread }: RRefOfThread): OwnerRRef {
  const user = getIn(context.rrefs.users, rref.key);
  torchCheck(
    user === undefined,
    isScriptThread(context, thread)
      ? "Can't call RRef.local_value() on a non-owner RRef"
      : `For ${user === undefined ? '' : userText(user)}, can't call localValue() on user ` +
          `${workerInfoText(context, context.id)}. Call it on owner ${workerInfoText(context, rref.ownerId)}`,
  );
  const owner = ownerRRef(context.rrefs, rref.key);
  torchCheck(!owner.timedOut, timedOutText);
  return owner;
}

function fetch(
  context: WorkerContext,
  { request, thread }: Asked<Extract<RRefRequest, { readonly type: 'rref.to-here' }>>,
): Step {
  const { gradMode, ops, rref, timeout } = request;
  checkUsable(context, { rref, user: getIn(context.rrefs.users, rref.key) });
  const { profile, step } = recordFetch(context, { ops, ownerId: rref.ownerId, thread });
  const { context: awaited, id: future } = makeFuture(step.context, {
    awaiters: [thread],
    keepsErrorClass: true,
  });
  const type = rref.typeName === pyObject ? 'PYTHON_RREF_FETCH_CALL' : 'SCRIPT_RREF_FETCH_CALL';
  return andThen({ ...step, context: awaited }, (now) =>
    sendWithAutograd(now, {
      body: {
        type,
        ...askingCopy(context, rref),
        fromWorkerId: rref.ownerId,
        rrefId: rref.rrefId,
      },
      contextId: threadOf(context, thread).contextId,
      force: true,
      gradMode,
      tensors: [],
      thread,
      continuation: { type: 'future-completed', future },
      profile,
      timeoutMs: timeout === undefined ? undefined : timeoutMsOf(timeout),
      to: rref.ownerId,
    }),
  );
}

/** @see PyTorch, `user_rref.cpp`, `UserRRef::toHere`. */
function checkUsable(context: WorkerContext, { rref, user }: CheckedUser): void {
  torchCheck(user?.timedOut !== true, timedOutText);
  torchCheck(user?.deletedOnOwner !== true, user === undefined ? '' : deletedText(user));
  torchCheck(
    !isModuleType(rref.typeName),
    `${user === undefined ? '' : userText(user)} is an RRef to a ScriptModule. It can't be sent through ` +
      `RPC from owner, ${workerInfoText(context, rref.ownerId)}, to user, ` +
      `${workerInfoText(context, context.id)}.`,
  );
}

interface CheckedUser {
  readonly rref: RRefHandle;
  readonly user: UserRRef | undefined;
}
