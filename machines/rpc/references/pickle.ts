/**
 * Values as they travel: tensors become places in the table of tensors, remote references become fork
 * data. What arrives is a copy; nothing is shared between workers.
 */
import type { Tensor } from '../../engine/graph.ts';
import type { ForkData } from '../../rref/pickling.ts';
import type { Failure } from '../user/failure.ts';

/** A pickled value: plain data with slots where tensors and remote references were. */
export type Pickle = unknown;

/** Stands for the tensor at `index` of the table of tensors. */
export interface TensorSlot {
  readonly type: 'rpc.tensor-slot';
  readonly index: number;
}

/** Stands for a remote reference. */
export interface RRefSlot {
  readonly type: 'rpc.rref-slot';
  readonly fork: ForkData;
}

/** A value that cannot be pickled, or that cannot be unpickled where it arrives. */
export interface Poison {
  readonly type: 'rpc.poison';
  readonly at: 'pickle' | 'unpickle';
  readonly error: Failure;
}

/** What of a value is not copied as it is. */
export interface Substitution {
  /** What stands for an object, or `undefined` to look inside. */
  (value: Typed): { readonly by: unknown } | undefined;
}

/** An object that says what it is. */
export interface Typed {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** `value` with its objects replaced as `substitute` says, in the order in which they stand there. */
export function substituteIn(value: unknown, substitute: Substitution): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((member) => substituteIn(member, substitute));
  if (isTyped(value)) {
    const found = substitute(value);
    if (found !== undefined) return found.by;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, substituteIn(member, substitute)]),
  );
}

/** The copies of references in a pickle, in order. */
export function forksIn(pickle: Pickle): readonly ForkData[] {
  const found: ForkData[] = [];
  substituteIn(pickle, (each) => {
    if (isRRefSlot(each)) found.push(each.fork);
    return each.type === 'tensor' || isRRefSlot(each) ? { by: each } : undefined;
  });
  return found;
}

/** Whether it raises instead of travelling. */
export function isPoison(value: object): value is Poison {
  return 'type' in value && value.type === 'rpc.poison';
}

/** Whether it stands for a remote reference. */
export function isRRefSlot(value: object): value is RRefSlot {
  return 'type' in value && value.type === 'rpc.rref-slot';
}

/** The value with the tensors of the table in their places. */
export function fillTensors(value: unknown, tensors: readonly Tensor[]): unknown {
  if (tensors.length === 0) return value;
  return substituteIn(value, (each) =>
    isTensorSlot(each) ? { by: tensors[each.index] } : undefined,
  );
}

function isTyped(value: object): value is Typed {
  return 'type' in value && typeof value.type === 'string';
}

function isTensorSlot(value: object): value is TensorSlot {
  return 'type' in value && value.type === 'rpc.tensor-slot';
}
