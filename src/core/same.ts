/** Whether two canonical values have equal contents. What they share is not looked at. */
import { isLeaf, leafText } from './canonical.ts';

/** Whether two canonical values are equal; cheap where they share most of their parts. */
export function isSame(first: unknown, second: unknown): boolean {
  if (Object.is(first, second)) return true;
  if (typeof first !== 'object' || typeof second !== 'object') return false;
  if (first === null || second === null) return false;
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
  return areSameLists(keys, Object.keys(two)) && keys.every((key) => isSame(one[key], two[key]));
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
