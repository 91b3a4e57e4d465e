/**
 * Reading the value of an OwnerRRef: for a peer that asked, or for user code on the owner itself.
 *
 * @see PyTorch, `request_callback_no_python.cpp`, `retrieveOwnerRRef`; `rref_impl.cpp`, `OwnerRRef::getValue`.
 */
import type { OwnerKey } from '../../rref/ids.ts';
import { awaitValue, ownerRRef } from '../../rref/owners.ts';
import type { OwnerState } from '../../rref/tables.ts';
import { innerOf } from '../agent/inner-request.ts';
import type { RequestBody } from '../agent/messages.ts';
import { backwardForPeer } from '../autograd/rref-backward.ts';
import type { WorkerContext } from '../context.ts';
import { awaitOwnerReadiness } from '../devices/thread-streams.ts';
import type { Outcome } from '../futures/futures.ts';
import { answer, giveCopy } from '../futures/futures.ts';
import { respondCalledOff, respondWithError, respondWithValue } from '../serving/respond.ts';
import type { Step } from '../step.ts';
import { threadOf } from '../threads/thread.ts';
import { isRemoteException, originalFailure, runtimeError } from '../user/failure.ts';
import { applyRRefs } from './rref-effects.ts';

/** Whether a request asks for the value of a reference, or for backward from it. */
export function isFetch(request: RequestBody | undefined): boolean {
  const type = request && innerOf(request).type;
  return (
    type === 'PYTHON_RREF_FETCH_CALL' ||
    type === 'SCRIPT_RREF_FETCH_CALL' ||
    type === 'RREF_BACKWARD_REQ'
  );
}

/** An OwnerRRef that somebody waits for. */
export interface WaitingFor {
  readonly owner: OwnerKey;
  readonly thread: string;
}

/** Whether there is nothing to wait for. */
export function hasValue({ rrefs }: WorkerContext, owner: OwnerKey): boolean {
  return ownerRRef(rrefs, owner).state.type !== 'no-value';
}

/** The OwnerRRef exists; next its value is waited for, unless whoever asked has given up. */
export function findOwner(context: WorkerContext, { owner, thread }: WaitingFor): Step {
  const { isCalledOff, request } = threadOf(context, thread);
  if (isCalledOff === true && isFetch(request) && !hasValue(context, owner)) {
    return respondCalledOff(context, thread);
  }
  return applyRRefs(context, awaitValue(context.rrefs, { owner, waiter: thread }));
}

/** The OwnerRRef has a value or an error. */
export function findValue(before: WorkerContext, { owner, thread }: WaitingFor): Step {
  const context = awaitOwnerReadiness(before, { owner, thread });
  const { state } = ownerRRef(context.rrefs, owner);
  const { request } = threadOf(context, thread);
  const body = request === undefined ? undefined : innerOf(request);
  if (body?.type === 'RREF_BACKWARD_REQ') return backwardForPeer(context, { body, state, thread });
  const asked = body?.type;
  if (asked === 'PYTHON_RREF_FETCH_CALL' || asked === 'SCRIPT_RREF_FETCH_CALL') {
    const type =
      asked === 'PYTHON_RREF_FETCH_CALL' ? 'PYTHON_RREF_FETCH_RET' : 'SCRIPT_RREF_FETCH_RET';
    return state.type === 'value'
      ? respondWithValue(context, { thread, type, value: state.value })
      : respondWithError(context, { message: errorIn(state), prefixed: false, thread });
  }
  if (state.type !== 'value') {
    return answer(context, {
      outcome: { type: 'threw', error: runtimeError(errorIn(state)) },
      thread,
    });
  }
  return answer(giveCopy(context, { thread, value: state.value }), {
    outcome: outcomeOf(state.value),
    thread,
  });
}

function outcomeOf(value: unknown): Outcome {
  return isRemoteException(value)
    ? { type: 'threw', error: originalFailure(value) }
    : { type: 'returned', value };
}

/** Nobody is woken for an OwnerRRef without value or error. */
function errorIn(state: OwnerState): string {
  return state.type === 'error' ? state.message : `The RRef has ${state.type}.`;
}
