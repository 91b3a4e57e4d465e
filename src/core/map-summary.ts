import { createMemo } from './memo.ts';
import type { MapNode, PersistentMap } from './persistent-map.ts';

/** How a summary of a map is made. */
export interface SummaryOptions<V, S> {
  /** Of two parts, the first having the smaller keys. */
  readonly join: (first: S, second: S) => S;
  /** Of one entry; nothing where it does not count. */
  readonly of: (value: V, key: string) => S | undefined;
}

/**
 * What the entries of a map come to. It is remembered for each node, and maps that come from one another
 * share all but O(log n) of them.
 *
 * @see Hinze and Paterson, "Finger Trees: A Simple General-purpose Data Structure", 2006, section 4
 * (trees whose nodes are measured).
 */
export function createSummary<V, S extends object>({
  join,
  of,
}: SummaryOptions<V, S>): (map: PersistentMap<V>) => S | undefined {
  const known = createMemo<MapNode<V>, { readonly sum: S | undefined }>();
  const joined = (first: S | undefined, second: S | undefined): S | undefined => {
    if (first === undefined || second === undefined) return first ?? second;
    return join(first, second);
  };
  const visit = (node: MapNode<V> | undefined): S | undefined => {
    if (node === undefined) return undefined;
    const seen = known.get(node);
    if (seen !== undefined) return seen.sum;
    const { key, left, right, value } = node;
    const sum = joined(joined(visit(left), of(value, key)), visit(right));
    known.set(node, { sum });
    return sum;
  };
  return ({ root }) => visit(root);
}
