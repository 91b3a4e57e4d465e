/**
 * A remote call that failed before its reference existed. PyTorch answers with the error and forgets it, so
 * whoever fetches the value waits for ever; without the switch the owner keeps the error in place of a value.
 *
 * @see PyTorch, `request_callback_no_python.cpp`, `processMessage`; `rref_context.cpp`, `pendingOwners_`.
 */
import { getIn } from '../../../src/core/persistent-map.ts';
import { addForkOfOwnerIfNotPresent, releaseUnforkedOwner } from '../../rref/forks.ts';
import { dropHandle } from '../../rref/handles.ts';
import type { OwnerKey } from '../../rref/ids.ts';
import { selfFork } from '../../rref/ids.ts';
import { getOrCreateOwnerRRef, ownerRRef, setError } from '../../rref/owners.ts';
import { isOn } from '../../switches/switches.ts';
import { innerOf } from '../agent/inner-request.ts';
import type { CreatedRRef, RequestBody } from '../agent/messages.ts';
import type { WorkerContext } from '../context.ts';
import { applyRRefs } from '../references/rref-effects.ts';
import type { Step } from '../step.ts';
import { andThen, stepOf } from '../step.ts';
import { typeOfResult } from './schemas.ts';

/** A request that is answered with an error; only those that create a reference leave something behind. */
export function failCreation(
  context: WorkerContext,
  { message, request }: { readonly message: string; readonly request: RequestBody },
): Step {
  const body = innerOf(request);
  if (body.type !== 'PYTHON_REMOTE_CALL' && body.type !== 'SCRIPT_REMOTE_CALL') {
    return stepOf(context);
  }
  const { forkId, rrefId } = body;
  const created = { forkId, rrefId, typeName: typeOfResult(body) };
  return recordFailure(context, { created, message });
}

/** A reference that will never have a value, and why. */
export interface FailedCreation {
  readonly created: CreatedRRef;
  readonly message: string;
}

/** Puts the error where the value would be; who waits for that gets it. */
export function recordFailure(context: WorkerContext, { created, message }: FailedCreation): Step {
  if (isOn(context.switches, 'rref.failureNotRecorded')) return stepOf(context);
  const { forkId, rrefId, typeName } = created;
  const known = getIn(context.rrefs.owners, rrefId);
  const isSettled =
    known !== undefined && ownerRRef(context.rrefs, known).state.type !== 'no-value';
  if (isSettled) return stepOf(context);
  if (forkId === selfFork(rrefId)) {
    return known === undefined ? stepOf(context) : fail(context, { message, owner: known });
  }
  const { owner, ...done } = getOrCreateOwnerRRef(context.rrefs, rrefId, typeName);
  return andThen(
    applyRRefs(context, done),
    (now) => applyRRefs(now, addForkOfOwnerIfNotPresent(now.rrefs, created)),
    (now) => fail(now, { message, owner }),
    (now) => applyRRefs(now, dropHandle(now.rrefs, owner)),
  );
}

function fail(
  context: WorkerContext,
  { message, owner }: { readonly message: string; readonly owner: OwnerKey },
): Step {
  return andThen(applyRRefs(context, setError(context.rrefs, { message, owner })), (now) =>
    applyRRefs(now, releaseUnforkedOwner(now.rrefs, owner)),
  );
}
