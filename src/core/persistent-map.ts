/**
 * A map as plain data whose copy with one entry changed shares all but O(log n) of its nodes. It is a
 * treap whose priorities are hashes of the keys, so its shape depends on its contents alone and never
 * on the order in which they came: equal maps are equal data, and the digest of a changed map costs
 * O(log n) too.
 *
 * @see Seidel and Aragon, "Randomized Search Trees", 1996, section 7 (hashed priorities).
 */
import { digest } from './digest.ts';
import { frozen } from './frozen.ts';

/** A node of the tree: its key lies between those of `left` and `right`. */
export interface MapNode<V> {
  readonly key: string;
  readonly left?: MapNode<V>;
  readonly priority: number;
  readonly right?: MapNode<V>;
  readonly size: number;
  readonly value: V;
}

/** An immutable map from strings to `V`, iterated in the order of its keys. */
export interface PersistentMap<V> {
  readonly root?: MapNode<V>;
}

type Tree<V> = MapNode<V> | undefined;

const empty: PersistentMap<never> = frozen({});

/** The map without entries. */
export function emptyMap<V>(): PersistentMap<V> {
  return empty;
}

/** A map of these entries; of two with one key the later stays. */
export function mapOf<V>(entries: Iterable<readonly [string, V]>): PersistentMap<V> {
  let map = emptyMap<V>();
  for (const [key, value] of entries) map = setIn(map, key, value);
  return map;
}

/** How many entries it has. */
export function sizeOf(map: PersistentMap<unknown>): number {
  return map.root?.size ?? 0;
}

/** The value at `key`, or `undefined`. */
export function getIn<V>(map: PersistentMap<V>, key: string): V | undefined {
  return find(map.root, key)?.value;
}

/** Whether `key` has an entry. */
export function hasIn(map: PersistentMap<unknown>, key: string): boolean {
  return find(map.root, key) !== undefined;
}

/** The map with `key` at `value`; the same map when it was there already. */
export function setIn<V>(map: PersistentMap<V>, key: string, value: V): PersistentMap<V> {
  const { root } = map;
  const changed =
    replace(root, key, value) ?? insert(root, { key, priority: digest(key).a, value });
  return changed === root ? map : wrap(changed);
}

/** The map without `key`; the same map when it was not there. */
export function deleteIn<V>(map: PersistentMap<V>, key: string): PersistentMap<V> {
  const { root } = map;
  if (root === undefined) return map;
  if (root.size === 1) return root.key === key ? emptyMap() : map;
  return hasIn(map, key) ? wrap(remove(root, key)) : map;
}

/** The map with each value changed; what did not change is shared. O(n). */
export function mapIn<V>(map: PersistentMap<V>, change: (value: V) => V): PersistentMap<V> {
  const visit = (node: Tree<V>): Tree<V> => {
    if (node === undefined) return undefined;
    const left = visit(node.left);
    const value = change(node.value);
    const right = visit(node.right);
    const isSame = left === node.left && right === node.right && Object.is(value, node.value);
    return isSame ? node : nodeOf({ key: node.key, left, priority: node.priority, right, value });
  };
  const root = visit(map.root);
  return root === map.root ? map : wrap(root);
}

/** The entries, in the order of their keys. */
export function* entriesOf<V>(map: PersistentMap<V>): Generator<readonly [string, V]> {
  const open: MapNode<V>[] = [];
  let next = map.root;
  for (;;) {
    while (next !== undefined) {
      open.push(next);
      next = next.left;
    }
    const top = open.pop();
    if (top === undefined) return;
    yield [top.key, top.value];
    next = top.right;
  }
}

/** The entries whose keys begin with `prefix`, in the order of their keys; O(log n) to the first. */
export function* entriesUnder<V>(
  map: PersistentMap<V>,
  prefix: string,
): Generator<readonly [string, V]> {
  const open: MapNode<V>[] = [];
  let next = map.root;
  for (;;) {
    while (next !== undefined) {
      if (next.key >= prefix) open.push(next);
      next = next.key >= prefix ? next.left : next.right;
    }
    const top = open.pop();
    if (top === undefined || !top.key.startsWith(prefix)) return;
    yield [top.key, top.value];
    next = top.right;
  }
}

/** The keys, in their order. */
export function keysOf(map: PersistentMap<unknown>): readonly string[] {
  return [...entriesOf(map)].map(([key]) => key);
}

/** The values, in the order of their keys. */
export function valuesOf<V>(map: PersistentMap<V>): readonly V[] {
  return [...entriesOf(map)].map(([, value]) => value);
}

function find<V>(tree: Tree<V>, key: string): Tree<V> {
  let node = tree;
  while (node !== undefined && node.key !== key) node = key < node.key ? node.left : node.right;
  return node;
}

function insert<V>(tree: Tree<V>, entry: Entry<V>): MapNode<V> {
  const { key, priority, value } = entry;
  if (tree === undefined || isAbove(priority, key, tree)) {
    const [left, right] = split(tree, key);
    return nodeOf({ key, left, priority, right, value });
  }
  return key < tree.key
    ? withBranches(tree, insert(tree.left, entry), tree.right)
    : withBranches(tree, tree.left, insert(tree.right, entry));
}

/** The tree with another value at `key`; the same tree for the same value, nothing without the key. */
function replace<V>(tree: Tree<V>, key: string, value: V): Tree<V> {
  if (tree === undefined) return undefined;
  const { key: own, left, priority, right, size } = tree;
  if (own === key) {
    return Object.is(tree.value, value)
      ? tree
      : sized({ key: own, left, priority, right, value }, size);
  }
  const isLeft = key < own;
  const branch = isLeft ? left : right;
  const changed = replace(branch, key, value);
  if (changed === undefined || changed === branch) return changed && tree;
  const { value: kept } = tree;
  return isLeft
    ? sized({ key: own, left: changed, priority, right, value: kept }, size)
    : sized({ key: own, left, priority, right: changed, value: kept }, size);
}

function remove<V>(tree: Tree<V>, key: string): Tree<V> {
  if (tree === undefined) return undefined;
  if (tree.key === key) return merge(tree.left, tree.right);
  return key < tree.key
    ? withBranches(tree, remove(tree.left, key), tree.right)
    : withBranches(tree, tree.left, remove(tree.right, key));
}

function split<V>(tree: Tree<V>, key: string): readonly [Tree<V>, Tree<V>] {
  if (tree === undefined) return [undefined, undefined];
  if (key < tree.key) {
    const [left, middle] = split(tree.left, key);
    return [left, withBranches(tree, middle, tree.right)];
  }
  const [middle, right] = split(tree.right, key);
  return [withBranches(tree, tree.left, middle), right];
}

function merge<V>(first: Tree<V>, second: Tree<V>): Tree<V> {
  if (first === undefined) return second;
  if (second === undefined) return first;
  return isAbove(first.priority, first.key, second)
    ? withBranches(first, first.left, merge(first.right, second))
    : withBranches(second, merge(first, second.left), second.right);
}

function isAbove(priority: number, key: string, node: MapNode<unknown>): boolean {
  return priority > node.priority || (priority === node.priority && key < node.key);
}

interface Entry<V> {
  readonly key: string;
  readonly priority: number;
  readonly value: V;
}

interface Parts<V> extends Entry<V> {
  readonly left: Tree<V>;
  readonly right: Tree<V>;
}

/** The node with other branches. */
function withBranches<V>(node: MapNode<V>, left: Tree<V>, right: Tree<V>): MapNode<V> {
  return nodeOf({ key: node.key, left, priority: node.priority, right, value: node.value });
}

/** Members in the order of their names: a node is born in canonical form. */
function nodeOf<V>(parts: Parts<V>): MapNode<V> {
  return sized(parts, 1 + (parts.left?.size ?? 0) + (parts.right?.size ?? 0));
}

function sized<V>({ key, left, priority, right, value }: Parts<V>, size: number): MapNode<V> {
  if (left === undefined) {
    return frozen(
      right === undefined ? { key, priority, size, value } : { key, priority, right, size, value },
    );
  }
  return frozen(
    right === undefined
      ? { key, left, priority, size, value }
      : { key, left, priority, right, size, value },
  );
}

function wrap<V>(root: Tree<V>): PersistentMap<V> {
  return root === undefined ? emptyMap() : frozen({ root });
}
