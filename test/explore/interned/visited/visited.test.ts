import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { createChange } from '../../../../src/explore/interned/steps/change.ts';
import { createVisited } from '../../../../src/explore/interned/visited/visited.ts';
import { fromEnvironment } from '../../../../src/testing/environment.ts';

// Room for the first worlds, however wide.
const bytesMax = 1 << 23;

/** A walk: from whatever world comes next, to those with these slots changed. */
const anyWalk = fc.array(
  fc.array(fc.tuple(fc.nat({ max: 70 }), fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 100_000 }))), {
    maxLength: 6,
  }),
  { maxLength: 40 },
);

test.each([
  ['breadth', 'worlds'],
  ['depth', 'worlds'],
  ['breadth', 'fingerprints'],
  ['depth', 'fingerprints'],
] as const)(
  'each world is new once and comes back as it was, %s first by %s, however wide its slots grow',
  (order, storage) => {
    fc.assert(
      fc.property(anyWalk, (walk) => {
        const visited = createVisited(order, storage);
        const change = createChange();
        const vector = new Int32Array(80);
        visited.seed(Int32Array.of(1, 2, 3));
        const texts = ['1,2,3'];
        const waiting = [0];
        for (const successors of walk) {
          const number = visited.next(vector);
          const expected = order === 'breadth' ? waiting.shift() : waiting.pop();
          expect(number).toBe(expected ?? -1);
          expect(visited.bytes()).toBeLessThan(bytesMax);
          if (expected === undefined) break;
          expect(textOf(vector)).toBe(texts[expected]);
          const staged = successors.map(([slot, cell], index) => {
            const after = vector.slice();
            after[slot] = cell;
            if (index % 2 === 0) {
              visited.puts(slot, Int32Array.of(cell), { at: 0, count: 1, move: index });
            } else {
              change.load(vector, vector.length);
              change.put(slot, cell);
              visited.stage(change, index);
            }
            return textOf(after);
          });
          const fresh: (readonly [number, number, number])[] = [];
          visited.settle((...one) => fresh.push(one));
          const wanted = staged.flatMap((text, move) => {
            if (texts.includes(text)) return [];
            waiting.push(texts.length);
            return [[texts.push(text) - 1, expected, move]];
          });
          expect(fresh).toEqual(wanted);
        }
        expect(visited.size()).toBe(texts.length);
        expect(visited.waiting()).toBe(waiting.length);
      }),
      fromEnvironment(),
    );
  },
);

function textOf(vector: Int32Array): string {
  return vector.join().replace(/(?:,0)+$/, '');
}
