import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import type { StoreRequest } from '../../../machines/group/store-requests.ts';
import type { Store, StoreStep } from '../../../machines/group/store.ts';
import { emptyStore, serveStore } from '../../../machines/group/store.ts';
import { sizeOf } from '../../../src/index.ts';

function exchange(expected: string, desired: string): StoreRequest {
  return { type: 'compare-set', desired, expected, key: 'k' };
}

/** The answers to these operations, each asked by a worker that is called by its number. */
function serve(...requests: readonly StoreRequest[]) {
  return requests.reduce<{ readonly answers: StoreStep['answers']; readonly store: Store }>(
    ({ answers, store }, request, index) => {
      const asked = {
        type: 'store.asked',
        from: `worker${index}`,
        id: `op${index}`,
        request,
      } as const;
      const step = serveStore(store, asked);
      return { answers: [...answers, ...step.answers], store: step.store };
    },
    { answers: [], store: emptyStore },
  );
}

function valuesOf(...requests: readonly StoreRequest[]): readonly unknown[] {
  return serve(...requests).answers.map(({ value }) => value);
}

test('a key is missing until it is set: who waits for it is answered then', () => {
  const { answers } = serve(
    { type: 'get', keys: ['a', 'b'] },
    { type: 'set', key: 'a', value: 1 },
    { type: 'wait', keys: ['b'] },
    { type: 'set', key: 'b', value: 2 },
    { type: 'get', keys: ['b'] },
  );
  expect(answers).toEqual([
    { from: 'worker1', id: 'op1', value: undefined },
    { from: 'worker3', id: 'op3', value: undefined },
    { from: 'worker0', id: 'op0', value: [1, 2] },
    { from: 'worker2', id: 'op2', value: undefined },
    { from: 'worker4', id: 'op4', value: [2] },
  ]);
});

test('an exchange takes place if the key is as expected, and a missing one is an empty text', () => {
  expect(
    valuesOf(
      exchange('mine', 'other'),
      exchange('', 'mine'),
      exchange('', 'theirs'),
      exchange('mine', ''),
      exchange('', 'theirs'),
    ),
  ).toEqual(['mine', 'mine', 'mine', '', 'theirs']);
});

test('numbers add up, and what is deleted is missing', () => {
  expect(
    valuesOf(
      { type: 'add', amount: 2, key: 'n' },
      { type: 'add', amount: -3, key: 'n' },
      { type: 'delete', key: 'n' },
      { type: 'delete', key: 'n' },
      { type: 'add', amount: 1, key: 'n' },
    ),
  ).toEqual([2, -1, true, false, 1]);
});

test('whoever comes last to a meeting, all get what all brought, by rank, and the store forgets it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }).chain((size) =>
        fc.shuffledSubarray(
          Array.from({ length: size }, (_, rank) => rank),
          { minLength: size },
        ),
      ),
      (ranks) => {
        const size = ranks.length;
        const arrivals = ranks.map(
          (rank) => ({ type: 'arrive', key: 'k', rank, size, value: rank * 10 }) as const,
        );
        expect(serve(...arrivals.slice(0, -1)).answers).toEqual([]);
        const { answers, store } = serve(...arrivals);
        const all = ranks.toSorted((a, b) => a - b).map((rank) => rank * 10);
        expect(answers.map(({ value }) => value)).toEqual(ranks.map(() => all));
        expect(sizeOf(store.arrivals)).toBe(0);
      },
    ),
  );
});

test('one of those that exchange at once gets the token', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1 }), (tokens) => {
      const got = valuesOf(
        ...tokens.map(
          (desired) => ({ type: 'compare-set', desired, expected: '', key: 'token' }) as const,
        ),
      );
      expect(got).toEqual(tokens.map(() => tokens[0]));
    }),
  );
});
