import { array, assert, constantFrom, nat, property, string } from 'fast-check';
import { expect, test } from 'vitest';

import { nearestTo, nearestWords } from '../../src/core/nearest.ts';

const names = ['delete-overtakes-create', 'late-duplicate-fork-request', 'lost-notify'];

test('finds a name that was misspelt, turned round, or half given', () => {
  for (const given of ['delete-overtake-create', 'create overtakes delete', 'Overtakes-Create']) {
    expect(nearestTo(given, names)[0]).toBe('delete-overtakes-create');
  }
});

test('says nothing where nothing is near', () => {
  expect(nearestWords('', names)).toBe('');
  expect(nearestWords('xyz', names)).toBe('');
});

test('always finds a name that is given as it is', () => {
  const word = string({ minLength: 1, unit: constantFrom('a', 'b', 'c', 'd', '-') });
  assert(
    property(array(word, { minLength: 1 }), nat(), (words, at) => {
      const given = words[at % words.length] ?? '';
      const hasLetters = /[a-z]/.test(given);
      expect(nearestTo(given, words).length > 0 || !hasLetters).toBe(true);
    }),
  );
});
