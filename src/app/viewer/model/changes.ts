/** What differs between two values of plain data, member by member. Maps of the runtime read as records. */
import { isLeaf, leafText } from '../../../core/canonical.ts';
import { entriesOf } from '../../../core/persistent-map.ts';
import type { PersistentMap } from '../../../core/persistent-map.ts';

/** A member that is there, was there, or both and differs. */
export interface Change {
  readonly path: readonly string[];
  readonly kind: 'added' | 'removed' | 'changed';
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Deeper members are given as a whole. */
const depthMax = 8;
const changesMax = 200;

/** The changes from one value to another, in the order of their members; 200 at the most. */
export function changesBetween(before: unknown, after: unknown): readonly Change[] {
  const found: Change[] = [];
  compare({ after, before, path: [] }, found);
  return found.slice(0, changesMax);
}

interface Pair {
  readonly before: unknown;
  readonly after: unknown;
  readonly path: readonly string[];
}

function compare({ after, before, path }: Pair, found: Change[]): void {
  if (Object.is(before, after) || found.length >= changesMax) return;
  const [was, is] = [membersOf(before), membersOf(after)];
  if (was === undefined || is === undefined || path.length >= depthMax) {
    found.push({ after, before, kind: 'changed', path });
    return;
  }
  for (const [key, value] of is) {
    const below = [...path, key];
    if (was.has(key)) compare({ after: value, before: was.get(key), path: below }, found);
    else found.push({ after: value, kind: 'added', path: below });
  }
  for (const [key, value] of was) {
    if (!is.has(key)) found.push({ before: value, kind: 'removed', path: [...path, key] });
  }
}

/** The members of a record, a list or a map; `undefined` for what has none. */
export function membersOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || isLeaf(value)) return undefined;
  if (isTree(value)) return new Map(entriesOf(value));
  return new Map(Object.entries(value));
}

/** A value without members, as a text. */
export function leafOf(value: unknown): string {
  if (isLeaf(value)) return value[leafText];
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/** The runtime's map: a record of one member, a tree whose nodes have a key, a priority and a size. */
function isTree(value: object): value is PersistentMap<unknown> {
  const keys = Object.keys(value);
  if (keys.length !== 1 || keys[0] !== 'root' || !('root' in value)) return false;
  const { root } = value;
  return (
    typeof root === 'object' &&
    root !== null &&
    'key' in root &&
    'priority' in root &&
    'size' in root
  );
}
