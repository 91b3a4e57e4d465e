/**
 * Data with other names in it: each word of a text that is a name is replaced, in values, keys and
 * references alike. An array of texts in ascending order, or in that of the names themselves, stands for
 * a set, so it is put in order again.
 */
import { canonical, isLeaf, leafText } from '../../core/canonical.ts';

/** What makes other data of data. */
export interface Renaming extends Naming {
  /** A reference to an address, as machines hold it. */
  readonly refTo: (address: string) => unknown;
}

/** How texts are treated. */
export interface Naming {
  /** The place of a name among all of them; -1 for what is no name. */
  readonly rank: (text: string) => number;
  readonly text: (text: string) => string;
}

/** The data with other names, in canonical form. */
export function renamed<T>(value: T, renaming: Renaming): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same but for names
  return canonical(renamedIn(value, renaming)) as T;
}

/**
 * A text for the data that does not depend on the order of keys; two data have one text only if one
 * becomes the other by a renaming that `text` does not see.
 */
export function shapeOf(value: unknown, naming: Naming): string {
  const { rank, text } = naming;
  if (typeof value === 'string') return JSON.stringify(text(value));
  if (typeof value !== 'object' || value === null) return `${typeof value}${String(value)}`;
  if (isLeaf(value)) return `>${JSON.stringify(text(value[leafText]))}`;
  const inner = (item: unknown): string => shapeOf(item, naming);
  if (value instanceof Set) return `(${[...value].map(inner).toSorted().join()})`;
  if (Array.isArray(value)) {
    const parts = value.map(inner);
    return `[${(orderOf(value, rank) === undefined ? parts : parts.toSorted()).join()}]`;
  }
  const parts = Object.entries(value).map(([key, item]) => `${inner(key)}:${inner(item)}`);
  return `{${parts.toSorted().join()}}`;
}

function renamedIn(value: unknown, renaming: Renaming): unknown {
  if (typeof value === 'string') return renaming.text(value);
  if (typeof value !== 'object' || value === null) return value;
  if (isLeaf(value)) {
    const text = renaming.text(value[leafText]);
    return text === value[leafText] ? value : renaming.refTo(text);
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => renamedIn(item, renaming));
    const order = orderOf(value, renaming.rank);
    if (order === undefined) return items;
    return items.toSorted((first, second) => compare(order(first), order(second)));
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [renaming.text(key), renamedIn(item, renaming)]),
  );
}

type Key = number | string;

/** What the items of an array that stands for a set are in order of; `undefined` for other arrays. */
function orderOf(
  items: readonly unknown[],
  rank: Naming['rank'],
): ((item: unknown) => Key) | undefined {
  if (!items.every((item) => typeof item === 'string')) return undefined;
  const keys: readonly ((item: unknown) => Key)[] = [String, (item) => rank(String(item))];
  return keys.find((key) =>
    items.every((item, index) => index === 0 || compare(key(items[index - 1]), key(item)) < 0),
  );
}

function compare(first: Key, second: Key): number {
  if (first === second) return 0;
  return first < second ? -1 : 1;
}
