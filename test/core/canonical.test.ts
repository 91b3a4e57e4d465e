import { describe, expect, test } from 'vitest';

import { canonical, depthMax, holdsLeaf, leafText, mapLeaves } from '../../src/core/canonical.ts';
import type { Leaf } from '../../src/core/canonical.ts';
import { digest } from '../../src/core/digest.ts';

describe('form', () => {
  test('sorts keys at every level, so that equal contents look alike to whoever iterates', () => {
    const one = canonical({ b: { d: 1, c: 2 }, a: [{ z: 1, y: 2 }] });
    expect(JSON.stringify(one)).toBe('{"a":[{"y":2,"z":1}],"b":{"c":2,"d":1}}');
  });

  test('drops members that are undefined, and keeps them in arrays', () => {
    expect(Object.keys(canonical({ a: undefined, b: 1 }))).toEqual(['b']);
    expect(canonical([undefined, 1])).toEqual([undefined, 1]);
  });

  test('fills the holes of arrays', () => {
    // oxlint-disable-next-line no-sparse-arrays -- the hole is what is tested
    const filled = canonical([, 1]);
    expect(0 in filled).toBe(true);
  });

  test('leaves what else hangs on a long array behind', () => {
    const list = Object.assign(
      Array.from({ length: 2_000 }, (_, index) => index),
      { more: 1 },
    );
    const after = canonical({ list }).list;
    expect(Object.keys(after)).toHaveLength(2_000);
    expect(after[1_999]).toBe(1_999);
  });

  test('has one zero and keeps what is no number', () => {
    expect(Object.is(canonical([-0])[0], 0)).toBe(true);
    expect(Object.is(canonical({ a: -0 }).a, 0)).toBe(true);
    expect(canonical([Number.NaN])).toEqual([Number.NaN]);
  });

  test('takes a record without prototype for any other', () => {
    const bare = Object.assign(Object.create(null), { a: 1 });
    expect(Object.getPrototypeOf(canonical(bare))).toBe(Object.prototype);
  });

  test('keeps `__proto__` as data', () => {
    const hostile: unknown = JSON.parse('{"z":1,"__proto__":{"isAdmin":true}}');
    const made = canonical(hostile);
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
    expect(Object.keys(made as object)).toEqual(['__proto__', 'z']);
    expect((made as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  test('keeps an error an error, with its fields and without its stack', () => {
    const failure = Object.assign(new TypeError('no'), { code: 7, z: { b: 1, a: 2 } });
    const made = canonical(failure);
    expect(made).toBeInstanceOf(TypeError);
    expect(made).toMatchObject({ name: 'TypeError', message: 'no', code: 7 });
    expect(Object.keys(made.z)).toEqual(['a', 'b']);
    expect(Object.hasOwn(made, 'stack')).toBe(false);
    expect(canonical(made)).toBe(made);
  });
});

describe('sharing', () => {
  test('gives back what has the form already, frozen', () => {
    const inner = { a: 1 };
    const value = { inner, list: [inner] };
    expect(canonical(value)).toBe(value);
    expect(Object.isFrozen(value.list)).toBe(true);
    expect(canonical(value)).toBe(value);
  });

  test('shares the parts that did not change', () => {
    const kept = canonical({ a: 1 });
    expect(canonical({ z: kept, b: -0 }).z).toBe(kept);
  });

  test('leaves what it was given as it is where it has to copy', () => {
    const given = { b: 1, a: 2 };
    canonical(given);
    expect(Object.keys(given)).toEqual(['b', 'a']);
  });
});

describe('what is no data is refused by its path', () => {
  const kindOfArray: unknown = Object.setPrototypeOf(['a'], Object.create(Array.prototype));
  test.each([
    ['a function', { callbacks: [() => 1] }, 'rm1.context.callbacks[0] is a function.'],
    ['a symbol', { a: { b: Symbol('s') } }, 'rm1.context.a.b is a symbol.'],
    ['an instance', { home: new URL('a:b') }, 'rm1.context.home is an instance of URL.'],
    ['a map', [new Map()], 'rm1.context[0] is an instance of Map.'],
    ['a kind of array', { names: kindOfArray }, 'rm1.context.names is an instance of Array.'],
    [
      'a list with more than its elements',
      { a: [[], Object.assign([1], { more: 2 })] },
      'rm1.context.a[1] is a list with a property of its own, "more".',
    ],
    [
      'a list with holes and more than its elements',
      { a: Object.assign(Array(2), { [Symbol('s')]: 2 }) },
      'rm1.context.a is a list with a property of its own, "Symbol(s)".',
    ],
    ['a symbol as key', { a: { [Symbol('s')]: 1 } }, 'rm1.context.a is a record with a symbol.'],
  ])('%s', (_, value, message) => {
    expect(() => canonical(value, 'rm1.context')).toThrow(message);
    expect(() => canonical(value, 'rm1.context')).toThrow(
      expect.objectContaining({ code: 'core/not-data' }),
    );
  });

  test('a cycle', () => {
    const list: unknown[] = [];
    list.push({ list });
    expect(() => canonical(list)).toThrow(expect.objectContaining({ code: 'core/cyclic' }));
  });

  test('a thousand levels', () => {
    expect(() => canonical(nested(1_000))).toThrow(
      expect.objectContaining({ code: 'core/too-deep' }),
    );
    expect(() => canonical(nested(depthMax))).not.toThrow();
  });

  test('a thousand levels that each hold the next twice, in no time', () => {
    let twice: unknown = 0;
    for (let level = 0; level < 1_000; level += 1) twice = [twice, twice];
    expect(() => canonical(twice)).toThrow(expect.objectContaining({ code: 'core/too-deep' }));
  });
});

describe('leaves', () => {
  test('stand as they are, and are known from outside', () => {
    const value = canonical({ a: [{ ref: leaf('x') }], b: {} });
    expect(holdsLeaf(value)).toBe(true);
    expect(holdsLeaf(value.b)).toBe(false);
  });

  test('replace what has methods where the caller says so', () => {
    const value = canonical({ a: new Map() }, 'value', () => leaf('map'));
    expect(holdsLeaf(value)).toBe(true);
  });

  test('are replaced one by one, errors staying errors', () => {
    const other = leaf('y');
    const value = canonical({
      a: leaf('x'),
      b: Object.assign(new Error('no'), { ref: leaf('x') }),
    });
    const changed = mapLeaves(value, () => other);
    expect(changed.a).toBe(other);
    expect(changed.b.ref).toBe(other);
    expect(changed.b).toBeInstanceOf(Error);
    expect(changed.b.message).toBe('no');
    const plain = canonical({ a: 1 });
    expect(mapLeaves(plain, () => other)).toBe(plain);
  });

  test('are hashed by their text', () => {
    expect(digest(leaf('x'))).toEqual(digest(leaf('x')));
    expect(digest(leaf('x'))).not.toEqual(digest(leaf('y')));
  });
});

function nested(levels: number): unknown {
  let value: unknown = 0;
  for (let level = 0; level < levels; level += 1) value = { value };
  return value;
}

function leaf(text: string): Leaf {
  return Object.freeze(Object.assign(Object.create({}) as object, { [leafText]: text }));
}
