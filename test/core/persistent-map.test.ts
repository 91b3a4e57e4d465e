import { array, assert, constantFrom, integer, oneof, property, record, string } from 'fast-check';
import { describe, expect, test } from 'vitest';

import { canonical } from '../../src/core/canonical.ts';
import { digest } from '../../src/core/digest.ts';
import {
  deleteIn,
  emptyMap,
  entriesOf,
  entriesUnder,
  getIn,
  hasIn,
  keysOf,
  mapIn,
  mapOf,
  setIn,
  sizeOf,
  valuesOf,
} from '../../src/core/persistent-map.ts';
import type { MapNode, PersistentMap } from '../../src/core/persistent-map.ts';
import { fromEnvironment } from '../../src/testing/index.ts';

const key = oneof(constantFrom('a', 'b', 'a/b', 'a<b', 'ab', ''), string({ maxLength: 3 }));
const change = record({ type: constantFrom('set', 'delete'), key, value: integer() });
const changes = array(change, { maxLength: 60 });

describe('against a Map', () => {
  test('has the same contents, in the order of keys', () => {
    assert(
      property(changes, (all) => {
        const [ours, theirs] = both(all);
        const sorted = [...theirs].toSorted(([one], [two]) => (one < two ? -1 : 1));
        expect([...entriesOf(ours)]).toEqual(sorted);
        expect(keysOf(ours)).toEqual(sorted.map(([name]) => name));
        expect(valuesOf(ours)).toEqual(sorted.map(([, value]) => value));
        expect(sizeOf(ours)).toBe(theirs.size);
        for (const { key: asked } of all) {
          expect(hasIn(ours, asked)).toBe(theirs.has(asked));
          expect(getIn(ours, asked)).toBe(theirs.get(asked));
        }
      }),
      fromEnvironment(),
    );
  });

  test('finds what begins with a prefix', () => {
    assert(
      property(changes, key, (all, prefix) => {
        const [ours, theirs] = both(all);
        const expected = [...theirs.keys()].filter((name) => name.startsWith(prefix)).toSorted();
        expect([...entriesUnder(ours, prefix)].map(([name]) => name)).toEqual(expected);
      }),
      fromEnvironment(),
    );
  });
});

describe('as data', () => {
  test('is the same whatever the order in which its entries came', () => {
    assert(
      property(changes, (all) => {
        const [ours, theirs] = both(all);
        const other = mapOf([...theirs].toReversed());
        expect(other).toEqual(ours);
        expect(digest(canonical(other))).toEqual(digest(canonical(ours)));
      }),
      fromEnvironment(),
    );
  });

  test('is born in canonical form', () => {
    const map = mapOf([1, 2, 3].map((value) => [`k${value}`, value] as const));
    expect(canonical(map)).toBe(map);
    expect(Object.isFrozen(map.root)).toBe(true);
  });

  test('of two entries with one key keeps the later', () => {
    expect(
      getIn(
        mapOf([
          ['a', 1],
          ['a', 2],
        ]),
        'a',
      ),
    ).toBe(2);
  });
});

describe('sharing', () => {
  const large = mapOf(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, index] as const));

  test('a change makes few new nodes', () => {
    const before = new Set(nodesOf(large));
    const fresh = nodesOf(setIn(large, 'k5000', -1)).filter((node) => !before.has(node));
    // A treap of 10,000 random priorities is some 30 levels deep.
    expect(fresh.length).toBeLessThan(60);
  });

  test('no change gives the very same map', () => {
    expect(setIn(large, 'k1', 1)).toBe(large);
    expect(deleteIn(large, 'none')).toBe(large);
    expect(mapIn(large, (value) => value)).toBe(large);
    expect(deleteIn(setIn(emptyMap<number>(), 'a', 1), 'a')).toBe(emptyMap());
  });

  test('changing values leaves the others', () => {
    const map = mapOf([
      ['a', 1],
      ['b', 2],
    ]);
    expect([...entriesOf(mapIn(map, (value) => (value === 2 ? 3 : value)))]).toEqual([
      ['a', 1],
      ['b', 3],
    ]);
  });
});

function both(
  all: readonly { readonly type: string; readonly key: string; readonly value: number }[],
): readonly [PersistentMap<number>, ReadonlyMap<string, number>] {
  let ours = emptyMap<number>();
  const theirs = new Map<string, number>();
  for (const { key: at, type, value } of all) {
    if (type === 'set') theirs.set(at, value);
    else theirs.delete(at);
    ours = type === 'set' ? setIn(ours, at, value) : deleteIn(ours, at);
  }
  return [ours, theirs];
}

function nodesOf<V>({ root }: PersistentMap<V>): readonly MapNode<V>[] {
  const visit = (node: MapNode<V> | undefined): readonly MapNode<V>[] =>
    node === undefined ? [] : [...visit(node.left), node, ...visit(node.right)];
  return visit(root);
}
