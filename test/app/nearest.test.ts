import fc from 'fast-check';
import { expect, test } from 'vitest';

import { nearestTo, nearestWords } from '../../src/app/cli/nearest.ts';

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

test('puts a name first that is given as it is', () => {
  const word = fc.string({ minLength: 1, unit: fc.constantFrom(...'abcdef-') });
  fc.assert(
    fc.property(fc.uniqueArray(word, { minLength: 1, selector: plain }), (words) => {
      for (const each of words.filter((one) => plain(one) !== '')) {
        expect(nearestTo(each, words).length).toBeGreaterThan(0);
      }
    }),
  );
});

function plain(name: string): string {
  return name.replaceAll('-', ' ').trim();
}
