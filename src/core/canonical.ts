/**
 * The canonical form of data: keys sorted at every level, `undefined` dropped, `-0` made `0`, all of it
 * frozen. Two values with equal contents then look alike to whoever iterates them, so that what the
 * hash does not see, a machine cannot see either.
 */
import { SimulationError } from './errors.ts';
import { createMemo } from './memo.ts';
import { formatTrail, onceRound } from './trail.ts';
import type { Trail } from './trail.ts';

/** Payloads and contexts nest at most so deep; what was made canonical before counts as one level. */
export const depthMax = 256;

/**
 * What marks a value as a leaf that is data although it has methods (a reference to an actor).
 * Its own text stands for it in hashes.
 */
export const leafText: unique symbol = Symbol('orrery.leaf');

/** A frozen leaf with methods, which it has of a prototype of its own. */
export interface Leaf {
  readonly [leafText]: string;
}

// Memos of a pure fact about a frozen object: nobody can notice whether they are there.
const holdsLeafMemo = createMemo<object, boolean>();

/**
 * The canonical form of `value`; itself when it has that form already. Plain objects that need no
 * change are frozen in place.
 *
 * @param path how the value is named in errors, `rm1.context`.
 * @param toLeaf what replaces objects that are not plain data, if anything does.
 * @throws {SimulationError} `core/not-data` for a function, a symbol (as a key, too) or a class instance,
 * `core/cyclic`, `core/too-deep`, each with the path of the offender.
 */
export function canonical<T>(value: T, path = 'value', toLeaf?: ToLeaf): T {
  if (typeof value === 'object' && value !== null && isCanonical(value)) return value;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- equal contents
  return canonicalAt(value, { up: undefined, depth: 0, step: path, toLeaf }) as T;
}

/** What stands for an object with methods, or `undefined` where nothing does. */
export type ToLeaf = (value: object) => Leaf | undefined;

/** Whether `value` is a leaf with methods. */
export function isLeaf(value: unknown): value is Leaf {
  return typeof value === 'object' && value !== null && leafText in value;
}

/** Whether a canonical value holds a leaf somewhere. */
export function holdsLeaf(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return holdsLeafMemo.get(value) ?? isLeaf(value);
}

/** Whether an object is known to be canonical; one that never went through `canonical` is not. */
export function isCanonical(value: object): boolean {
  return holdsLeafMemo.get(value) !== undefined;
}

/** A canonical value with each of its leaves replaced; itself when it holds none. */
export function mapLeaves<T>(value: T, replace: (leaf: Leaf) => Leaf): T {
  if (!holdsLeaf(value)) return value;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- equal but for leaves
  return canonical(replaceLeaves(value, replace)) as T;
}

/**
 * Settles that `value` is canonical, for whoever made it so: its members are canonical, and the keys of a
 * record stand in order. `leaves` tells whether a member is a leaf or holds one.
 */
export function settle<T extends object>(value: T, leaves: boolean): T {
  Object.freeze(value);
  holdsLeafMemo.set(value, leaves);
  return value;
}

function canonicalAt(value: unknown, path: Way): unknown {
  switch (typeof value) {
    case 'number':
      return value === 0 ? 0 : value;
    case 'function':
    case 'symbol':
      throw notData(path, `a ${typeof value}`);
    case 'object':
      return value === null ? null : canonicalObject(value, path);
    default:
      return value;
  }
}

function canonicalObject(value: object, path: Way): object {
  if (holdsLeafMemo.get(value) !== undefined) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Leaves and errors have prototypes of their own.
  if (prototype !== Object.prototype && isLeaf(value)) return value;
  if (path.depth > depthMax) throw tooDeep(value, path);
  if (prototype !== Object.prototype && value instanceof Error) return canonicalError(value, path);
  if (Array.isArray(value) && prototype === Array.prototype) return canonicalArray(value, path);
  if (prototype !== Object.prototype && prototype !== null) {
    const leaf = path.toLeaf?.(value);
    if (leaf !== undefined) return leaf;
    throw notData(path, `an instance of ${instanceName(value)}`);
  }
  if (Object.getOwnPropertySymbols(value).length > 0) throw notData(path, 'a record with a symbol');
  return canonicalRecord(recordOf(value), path);
}

/** So long are arrays that are asked for keys that no element has; of longer ones those are left behind. */
const askedMax = 1_000;

function canonicalArray(value: readonly unknown[], path: Way): object {
  // Asking costs as much as some twenty looks at an element, and a copy of an array has elements alone.
  let copy = value.length > askedMax ? [...value] : undefined;
  if (copy === undefined) requireElementsAlone(value, path);
  let leaves = false;
  for (let index = 0; index < value.length; index += 1) {
    const before = value[index];
    const after = memberOf(before, path, index);
    leaves ||= holdsLeaf(after);
    // A hole is skipped by whoever iterates, and `undefined` is not.
    if (!Object.is(before, after) || (before === undefined && !(index in value))) {
      copy ??= [...value];
      copy[index] = after;
    }
  }
  return settle(copy ?? value, leaves);
}

/** The keys of an array are those of its elements, `length`, and then whatever else somebody gave it. */
function requireElementsAlone(value: readonly unknown[], path: Way): void {
  const other = Reflect.ownKeys(value).at(-1);
  if (other === 'length' || other === undefined) return;
  throw notData(path, `a list with a property of its own, "${String(other)}"`);
}

/** Most records have the form already: what differs is only put together where something does. */
function canonicalRecord(value: Readonly<Record<string, unknown>>, path: Way): object {
  const keys = Object.keys(value);
  let isSorted = true;
  let members: unknown[] | undefined;
  let leaves = false;
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] ?? '';
    if (index > 0 && (keys[index - 1] ?? '') > key) isSorted = false;
    const before = value[key];
    if (typeof before === 'string' || typeof before === 'boolean') continue;
    const after = before === undefined ? before : memberOf(before, path, key);
    leaves ||= holdsLeaf(after);
    if (after === undefined || !Object.is(before, after)) {
      members ??= keys.map((name) => value[name]);
      members[index] = after;
    }
  }
  if (isSorted && members === undefined && Object.getPrototypeOf(value) !== null) {
    return settle(value, leaves);
  }
  const given = members ?? keys.map((name) => value[name]);
  return settle(isSorted ? recordInOrder(keys, given) : sortedRecord(keys, given), leaves);
}

function sortedRecord(keys: readonly string[], members: readonly unknown[]): object {
  const order = keys
    .map((key, index) => ({ index, key }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return recordInOrder(
    order.map(({ key }) => key),
    order.map(({ index }) => members[index]),
  );
}

function recordInOrder(keys: readonly string[], members: readonly unknown[]): object {
  const copy: Record<string, unknown> = {};
  for (const [index, key] of keys.entries()) {
    const value = members[index];
    if (value !== undefined) define(copy, key, value);
  }
  return copy;
}

/** The trail is written down only for what is not known: most members are. */
function memberOf(before: unknown, path: Way, step: number | string): unknown {
  if (typeof before === 'number') return before === 0 ? 0 : before;
  if (typeof before === 'object' && before !== null && holdsLeafMemo.get(before) !== undefined) {
    return before;
  }
  return canonicalAt(before, below(path, step));
}

/** An error is data: its name, message and own fields. Its stack names files of the host and goes. */
function canonicalError(value: Error, path: Way): object {
  const members = { ...recordOf(value), name: value.name, message: value.message };
  return errorLike(value, canonicalRecord(members, path));
}

function errorLike(value: Error, fields: object): object {
  const prototype: unknown = Object.getPrototypeOf(value);
  const copy: object = Object.create(prototype instanceof Object ? prototype : Error.prototype);
  for (const [key, member] of Object.entries(fields)) {
    Object.defineProperty(copy, key, {
      value: member,
      enumerable: key !== 'name' && key !== 'message',
    });
  }
  return settle(copy, Object.values(fields).some(holdsLeaf));
}

/** `__proto__` as an own key would otherwise set the prototype. */
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true });
    return;
  }
  target[key] = value;
}

function replaceLeaves(value: unknown, replace: (leaf: Leaf) => Leaf): unknown {
  if (!holdsLeaf(value)) return value;
  if (isLeaf(value)) return replace(value);
  if (Array.isArray(value)) return value.map((member) => replaceLeaves(member, replace));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, replaceLeaves(member, replace)]),
  );
  if (!(value instanceof Error)) return fields;
  return errorLike(value, canonical({ ...fields, name: value.name, message: value.message }));
}

function recordOf(value: object): Readonly<Record<string, unknown>> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what an object is
  return value as Readonly<Record<string, unknown>>;
}

/** Where a member lies, and what replaces objects there. */
interface Way extends Trail {
  readonly toLeaf: ToLeaf | undefined;
  readonly up: Way | undefined;
}

function below(up: Way, step: string | number): Way {
  return { up, depth: up.depth + 1, step, toLeaf: up.toLeaf };
}

function notData(path: Way, what: string): SimulationError {
  return new SimulationError(
    'core/not-data',
    `${formatTrail(path)} is ${what}. Contexts, events and payloads are plain data ` +
      '(objects, arrays, strings, numbers, booleans): keep a name there and look the thing up.',
  );
}

function tooDeep(value: object, path: Way): SimulationError {
  if (isCyclic(value)) {
    return new SimulationError(
      'core/cyclic',
      `${formatTrail(onceRound(path))} contains itself. A payload is a tree: refer to the other part by its name.`,
    );
  }
  return new SimulationError(
    'core/too-deep',
    `${formatTrail(path).slice(0, 60)}… nests more than ${depthMax} levels. Make it flatter, for instance a list instead of a chain.`,
  );
}

function isCyclic(start: object): boolean {
  const open = new Set<unknown>();
  // What hangs together in many ways is visited once.
  const through = new Set<unknown>();
  const visit = (value: unknown): boolean => {
    if (typeof value !== 'object' || value === null || holdsLeafMemo.get(value) !== undefined)
      return false;
    if (open.has(value)) return true;
    if (open.size > 4 * depthMax || through.has(value)) return false;
    open.add(value);
    const found = Object.values(value).some(visit);
    open.delete(value);
    through.add(value);
    return found;
  };
  return visit(start);
}

function instanceName(value: object): string {
  const maker: unknown = value.constructor;
  return typeof maker === 'function' && maker.name !== '' ? maker.name : 'a class';
}
