import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  childOf,
  lastName,
  nameOf,
  parentOf,
  rootOf,
  toAbsolute,
  toRelative,
} from '../../src/core/address.ts';
import { address } from '../../src/core/brand.ts';
import { fromEnvironment } from '../../src/testing/index.ts';

const anyAddress = array(constantFrom('a', 'b', 'ab'), { minLength: 1, maxLength: 4 }).map(
  (names) => address(names.join('/')),
);

describe('relative addresses', () => {
  test.each([
    ['a/b', 'a/b', '.'],
    ['a/b/c', 'a/b', './c'],
    ['a', 'a/b', '..'],
    ['a/c', 'a/b', '../c'],
    ['a/bc', 'a/b', '../bc'],
    ['a', 'a/b/c', 'a'],
    ['b', 'a', 'b'],
    ['ab', 'a', 'ab'],
  ])('%s is to %s: %s', (target, viewer, expected) => {
    expect(toRelative(address(target), address(viewer))).toBe(expected);
  });

  test('mean what they meant', () => {
    assert(
      property(anyAddress, anyAddress, (target, viewer) => {
        expect(toAbsolute(toRelative(target, viewer), viewer)).toBe(target);
      }),
      fromEnvironment(1_000),
    );
  });

  test('look the same to the same actor of another family', () => {
    const seen = ['x', 'y'].map((root) => toRelative(address(`${root}/a/b`), address(`${root}/a`)));
    expect(seen).toEqual(['./b', './b']);
  });

  test('have no parent above a declared actor', () => {
    expect(() => toAbsolute('..', address('a'))).toThrow(
      expect.objectContaining({ code: 'core/no-parent' }),
    );
  });
});

describe('names', () => {
  test.each(['', '1st', 'a/b', 'a b', 'a<b', '.a', 'x'.repeat(129)])('"%s" is none', (text) => {
    expect(() => nameOf(text)).toThrow(expect.objectContaining({ code: 'core/bad-name' }));
  });

  test('may hold dots, dashes and digits', () => {
    expect(nameOf('worker-1.a_b')).toBe('worker-1.a_b');
  });

  test('make addresses, and come out of them', () => {
    const child = childOf(address('a/b'), 'c');
    expect([child, parentOf(child), rootOf(child), lastName(child)]).toEqual([
      'a/b/c',
      'a/b',
      'a',
      'c',
    ]);
    expect(parentOf(address('a'))).toBeUndefined();
  });
});
