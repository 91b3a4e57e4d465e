/** The canonical form of a record that comes after a canonical one: mostly a few members differ. */
import { canonical, holdsLeaf, settle } from './canonical.ts';
import type { ToLeaf } from './canonical.ts';
import { isSame } from './same.ts';

/**
 * What `canonical` makes of `after`, or `before` itself if it has equal contents.
 *
 * @param before canonical.
 * @throws {SimulationError} as `canonical` does.
 */
export function canonicalAfter(before: unknown, after: unknown, how: AfterOptions): unknown {
  const { mayHoldSymbols, path, toLeaf } = how;
  const found = compare(before, after, mayHoldSymbols);
  if (found === 'same') return before;
  if (found === 'plain' && isRecord(after)) return settle(after, false);
  const made = canonical(after, path, toLeaf);
  return isSame(before, made) ? before : made;
}

/** How it is done; `path` and `toLeaf` as `canonical` takes them. */
export interface AfterOptions {
  /** Whether `after` may have members whose names are symbols: to ask an object takes long. */
  readonly mayHoldSymbols: boolean;
  readonly path: string;
  readonly toLeaf: ToLeaf;
}

/**
 * Whether the records have the same keys in the same order and the same members but for strings, numbers
 * and booleans, which are their own canonical form.
 */
function compare(
  before: unknown,
  after: unknown,
  mayHoldSymbols: boolean,
): 'plain' | 'same' | 'unknown' {
  if (before === after) return 'same';
  if (!isRecord(before) || !isRecord(after) || holdsLeaf(before)) return 'unknown';
  const keys = Object.keys(before);
  const others = Object.keys(after);
  if (keys.length !== others.length) return 'unknown';
  let found: 'plain' | 'same' = 'same';
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] ?? '';
    if (key !== others[index]) return 'unknown';
    const value = after[key];
    if (value === before[key] && value !== 0 && value !== undefined) continue;
    if (!isItsOwnForm(value)) return 'unknown';
    if (value !== before[key]) found = 'plain';
  }
  return mayHoldSymbols && Object.getOwnPropertySymbols(after).length > 0 ? 'unknown' : found;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

/** Zero may be minus zero, and what is not a number differs from itself. */
function isItsOwnForm(value: unknown): boolean {
  if (typeof value === 'number') return value !== 0 && !Number.isNaN(value);
  return typeof value === 'string' || typeof value === 'boolean';
}
