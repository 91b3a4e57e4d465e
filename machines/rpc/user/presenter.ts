/**
 * How user code sees handles: as objects with methods. Between actors they are plain data, so what goes in
 * is dressed and what comes out is undressed.
 */
import { canonical, depthMax, isCanonical } from '../../../src/core/canonical.ts';
import { invariant } from '../../../src/core/errors.ts';
import { createMemo } from '../../../src/core/memo.ts';
import { isTensor } from '../../engine/tensor.ts';
import { isFutureHandle, isRRefHandle } from './handles.ts';
import type { FutureHandle, RRefHandle } from './handles.ts';

/** The methods of dressed handles: prototypes of theirs. */
export interface Wardrobe {
  readonly future: object;
  readonly rref: object;
}

/** Dresses and undresses. */
export interface Presenter {
  /** Data as user code sees it; itself where there is no handle in it. */
  readonly present: (data: unknown) => unknown;
  /** What user code gives, as data. */
  readonly plain: (value: unknown) => unknown;
}

type Handle = FutureHandle | RRefHandle;

const handleKey: unique symbol = Symbol('orrery.handle');

/** A presenter with these methods. */
export function createPresenter(wardrobe: Wardrobe): Presenter {
  // A memo of a pure fact: a handle and its dress are one to one.
  const dressed = createMemo<object, object>();
  const present = (data: unknown): unknown => {
    // Tensors hold numbers and history, and no handles.
    if (typeof data !== 'object' || data === null || isTensor(data)) return data;
    const known = dressed.get(data);
    if (known !== undefined) return known;
    const shown = isHandle(data) ? dress(data, wardrobe) : mapMembers(data, present);
    dressed.set(data, shown);
    return shown;
  };
  return { plain, present };
}

/**
 * The data behind a dressed handle, of the kind that `is` tells.
 *
 * @throws {SimulationError} `rpc/no-handle` for anything else.
 */
export function handleOf<Kind extends Handle>(
  value: object,
  is: (data: object) => data is Kind,
): Kind {
  const handle = handleBehind(value);
  invariant(
    handle !== undefined && is(handle),
    'rpc/no-handle',
    'A method of a handle was called on something else. Call it as "rref.toHere()" or "future.wait()".',
  );
  return handle;
}

/** The data behind a dressed handle. */
function handleBehind(value: object): Handle | undefined {
  // cast -- only `dress` sets this key
  return handleKey in value ? (value[handleKey] as Handle) : undefined;
}

/**
 * What user code holds, as data.
 *
 * @throws {SimulationError} `core/cyclic`, `core/too-deep`: as no payload may be, so that the way down ends.
 */
export function plain(value: unknown): unknown {
  const below = (member: unknown, depth: number): unknown => {
    if (typeof member !== 'object' || member === null || isCanonical(member)) return member;
    // What is nested this deep cannot be made canonical, and the error of that names the place.
    if (depth > depthMax) return canonical(value, 'what user code gave');
    const handle = handleBehind(member);
    if (handle !== undefined || !isPlainObject(member)) return handle ?? member;
    return mapMembers(member, (inner) => below(inner, depth + 1));
  };
  return below(value, 0);
}

function dress(handle: Handle, { future, rref }: Wardrobe): object {
  const prototype = handle.type === 'rref' ? rref : future;
  const dressed: object = Object.create(prototype, { [handleKey]: { value: handle } });
  return Object.freeze(dressed);
}

/** With changed members; the same object where none changes. */
export function mapMembers(value: object, change: (member: unknown) => unknown): object {
  if (Array.isArray(value)) {
    const members: readonly unknown[] = value;
    const changed = members.map(change);
    return changed.every((member, index) => Object.is(member, members[index])) ? value : changed;
  }
  const entries = Object.entries(value).map(([key, member]) => [key, change(member)] as const);
  const isSame = entries.every(([key, member]) => Object.is(member, Reflect.get(value, key)));
  return isSame ? value : Object.fromEntries(entries);
}

function isHandle(value: object): value is Handle {
  return isRRefHandle(value) || isFutureHandle(value);
}

/** Whether it is data of its members alone: a list or a record. */
export function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}
