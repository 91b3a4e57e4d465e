/**
 * Pickling on a worker: values to messages and back. A reference that is pickled gets a fork, one that
 * arrives becomes this worker's own; what is undone if something fails later, is in `unclaimed-forks.ts`.
 *
 * @see PyTorch, `torch/distributed/rpc/internal.py`; `python_rpc_handler.cpp`; `rref_context.cpp`.
 */
import { getIn } from '../../../src/core/persistent-map.ts';
import type { Tensor } from '../../engine/graph.ts';
import { isTensor } from '../../engine/tensor.ts';
import { TorchError, torchCheck } from '../../engine/torch-error.ts';
import type { ForkId, RRefId, RRefKey } from '../../rref/ids.ts';
import { keepOwner, ownerRRef } from '../../rref/owners.ts';
import type { ForkData } from '../../rref/pickling.ts';
import { prepareChildFork } from '../../rref/pickling.ts';
import { givesForksBack } from '../../rref/unclaimed.ts';
import { getOrCreateRRef, notifyOwnerAndParentOfFork } from '../../rref/unpickling.ts';
import { addPendingUser } from '../../rref/users.ts';
import type { WorkerContext } from '../context.ts';
import { nameOfWorker } from '../context.ts';
import type { Step } from '../step.ts';
import { andThen, stepOf } from '../step.ts';
import { PythonError } from '../threads/interpreter.ts';
import type { Failure } from '../user/failure.ts';
import { failureOf } from '../user/failure.ts';
import type { RRefHandle } from '../user/handles.ts';
import { isFutureHandle, isRRefHandle } from '../user/handles.ts';
import type { Pickle } from './pickle.ts';
import { isPoison, isRRefSlot, substituteIn } from './pickle.ts';
import { applyRRefs } from './rref-effects.ts';
import { claimFork } from './unclaimed-forks.ts';

/** A pickled value. */
export interface Pickled {
  readonly failure?: Failure;
  readonly forks: readonly ForkData[];
  readonly pickle: Pickle;
  readonly step: Step;
  /** With their histories, which stay behind when they are sent. */
  readonly tensors: readonly Tensor[];
}

/** Pickles a value; where that fails, the forks that it took so far stay, unless they are given back. */
export function pickle(context: WorkerContext, value: unknown): Pickled {
  let step = stepOf(context);
  const tensors: Tensor[] = [];
  const forks: ForkData[] = [];
  const fork = (key: RRefKey): ForkData => {
    const made = prepareChildFork(step.context.rrefs, key);
    step = andThen(step, (now) => applyRRefs(now, made));
    const { owner } = made;
    if (owner !== undefined) {
      step = andThen(step, (now) => applyRRefs(now, keepOwner(now.rrefs, owner)));
    }
    forks.push(made.fork);
    return made.fork;
  };
  try {
    const body = substituteIn(value, (each) => {
      if (isTensor(each)) {
        tensors.push(each);
        return { by: { type: 'rpc.tensor-slot', index: tensors.length - 1 } };
      }
      torchCheck(!isFutureHandle(each), 'Can not pickle torch.futures.Future');
      if (isPoison(each) && each.at === 'pickle') throw new PythonError(each.error);
      return isRRefHandle(each)
        ? { by: { type: 'rpc.rref-slot', fork: fork(each.key) } }
        : undefined;
    });
    return { forks, pickle: body, step, tensors };
  } catch (thrown) {
    if (!(thrown instanceof TorchError)) throw thrown;
    const after = givesForksBack(context) ? stepOf(context) : step;
    return { failure: failureOf(thrown), forks, pickle: undefined, step: after, tensors };
  }
}

/** An unpickled value, all but its tensors, and the references in it, each with one handle. */
export interface Unpickled {
  readonly keys: readonly RRefKey[];
  /** The references whose owners do not yet know them. */
  readonly pending: readonly ForkData[];
  readonly step: Step;
  readonly value: unknown;
}

/** Makes the references of a pickle this worker's own; its tensors still stand in the table. */
export function unpickle(context: WorkerContext, body: Pickle): Unpickled {
  let step = stepOf(context);
  const keys: RRefKey[] = [];
  const pending: ForkData[] = [];
  const value = substituteIn(body, (each) => {
    if (isPoison(each)) throw new PythonError(each.error);
    if (!isRRefSlot(each)) return undefined;
    const { fork } = each;
    // From this worker to itself there is no message that would say so.
    if (fork.parentId === context.id) {
      step = { ...step, context: claimFork(step.context, fork.forkId) };
    }
    const received = getOrCreateRRef(step.context.rrefs, fork);
    step = andThen(step, (now) => applyRRefs(now, received));
    const notified = notifyOwnerAndParentOfFork(step.context.rrefs, fork);
    step = andThen(step, (now) => applyRRefs(now, notified, fork.parentId));
    if (notified.isRequested) {
      step = andThen(step, (now) => applyRRefs(now, addPendingUser(now.rrefs, fork.forkId)));
      pending.push(fork);
    }
    keys.push(received.key);
    return { by: handleOf(step.context, received.key) };
  });
  return { keys, pending, step, value };
}

/** A reference as user code holds it. */
export function handleOf(context: WorkerContext, key: RRefKey): RRefHandle {
  const user = getIn(context.rrefs.users, key);
  if (user !== undefined) return handle(context, user.forkId, user);
  const { rrefId, typeName } = ownerRRef(context.rrefs, key);
  return handle(context, key, { ownerId: context.id, rrefId, typeName });
}

interface Names {
  readonly forkId?: ForkId;
  readonly ownerId: number;
  readonly rrefId: RRefId;
  readonly typeName: string;
}

function handle(
  context: WorkerContext,
  key: RRefKey,
  { forkId, ownerId, rrefId, typeName }: Names,
): RRefHandle {
  return {
    type: 'rref',
    ...(forkId === undefined ? {} : { forkId }),
    isOwner: ownerId === context.id,
    key,
    ownerId,
    ownerName: nameOfWorker(context, ownerId),
    rrefId,
    typeName,
  };
}
