/** What user code holds of remote references and of calls under way: plain data that names them. */
import type { ForkId, RRefId, RRefKey } from '../../rref/ids.ts';
import { substituteIn } from '../references/pickle.ts';

/** A remote reference in the hands of user code. It is valid in the function that made or received it. */
export interface RRefHandle {
  readonly type: 'rref';
  /** Which copy it is; absent on the owner. */
  readonly forkId?: ForkId;
  readonly isOwner: boolean;
  readonly key: RRefKey;
  readonly ownerId: number;
  readonly ownerName: string;
  readonly rrefId: RRefId;
  /** The type of its value: `PyObject`, or that of TorchScript. */
  readonly typeName: string;
}

/** A call under way in the hands of user code. */
export interface FutureHandle {
  readonly type: 'future';
  readonly id: FutureId;
}

/** The name of a future: that of the call which completes it. */
export type FutureId = `future-${number}`;

/** Whether it is a remote reference. */
export function isRRefHandle(value: object): value is RRefHandle {
  return 'type' in value && value.type === 'rref';
}

/** Whether it is a future. */
export function isFutureHandle(value: object): value is FutureHandle {
  return 'type' in value && value.type === 'future';
}

/** The futures in a value, in order, each once. */
export function futuresIn(value: unknown): readonly FutureId[] {
  const found = new Set<FutureId>();
  substituteIn(value, (each) => {
    if (isFutureHandle(each)) found.add(each.id);
    return each.type === 'tensor' || isFutureHandle(each) ? { by: each } : undefined;
  });
  return [...found];
}

/** The remote references in a value, in order, each as often as it stands there. */
export function rrefsIn(value: unknown): readonly RRefKey[] {
  const found: RRefKey[] = [];
  substituteIn(value, (each) => {
    if (isRRefHandle(each)) found.push(each.key);
    return each.type === 'tensor' || isRRefHandle(each) ? { by: each } : undefined;
  });
  return found;
}
