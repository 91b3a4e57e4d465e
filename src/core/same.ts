/** Whether two canonical values have equal contents. What they share is not looked at. */
import { isLeaf, leafText } from './canonical.ts';

/** Whether two canonical values are equal; cheap where they share most of their parts. */
export function isSame(first: unknown, second: unknown): boolean {
  if (Object.is(first, second)) return true;
  if (typeof first !== 'object' || typeof second !== 'object') return false;
  if (first === null || second === null) return false;
  if (isPlain(first) && isPlain(second)) return areSameRecords(first, second);
  if (isLeaf(first) || isLeaf(second)) {
    return isLeaf(first) && isLeaf(second) && first[leafText] === second[leafText];
  }
  if (Array.isArray(first) || Array.isArray(second)) {
    return Array.isArray(first) && Array.isArray(second) && areSameLists(first, second);
  }
  return areSameErrors(first, second) && areSameRecords(first, second);
}

function areSameLists(first: readonly unknown[], second: readonly unknown[]): boolean {
  return (
    first.length === second.length && first.every((member, index) => isSame(member, second[index]))
  );
}

/** Keys of canonical records are sorted. */
function areSameRecords(first: object, second: object): boolean {
  const one = recordOf(first);
  const two = recordOf(second);
  const keys = Object.keys(one);
  const others = Object.keys(two);
  if (keys.length !== others.length) return false;
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] ?? '';
    if (key !== others[index] || !isSame(one[key], two[key])) return false;
  }
  return true;
}

/** Neither a list nor a leaf nor an error, each of which has a prototype of its own. */
function isPlain(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype;
}

function recordOf(value: object): Readonly<Record<string, unknown>> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what an object is
  return value as Readonly<Record<string, unknown>>;
}

/** Names and messages of errors are not enumerable. */
function areSameErrors(first: object, second: object): boolean {
  if (!(first instanceof Error) && !(second instanceof Error)) return true;
  return (
    first instanceof Error &&
    second instanceof Error &&
    first.name === second.name &&
    first.message === second.message
  );
}
