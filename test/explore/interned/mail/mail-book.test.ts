import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { address } from '../../../../src/core/brand.ts';
import { createMailBook } from '../../../../src/explore/interned/mail/mail-book.ts';
import { addParcel, removeParcel } from '../../../../src/explore/interned/mail/mail.ts';
import type { Mail, ParcelTable } from '../../../../src/explore/interned/mail/mail.ts';
import { createParcels } from '../../../../src/explore/interned/mail/parcel.ts';

const kinds = ['fifo', 'unordered', 'persistent'] as const;

test('knows a list by what is in it', () => {
  const book = createMailBook();
  const [one, other] = [book.numberOf([1, 2]), book.numberOf([1, 2])];
  expect(one).toBe(other);
  expect(book.numberOf([1])).not.toBe(one);
  expect(book.numberOf([12])).not.toBe(one);
  expect(book.of(one)).toEqual([1, 2]);
});

test('adds and takes parcels as mail itself does, and remembers it', () => {
  const steps = fc.array(fc.record({ isAdded: fc.boolean(), parcel: fc.nat({ max: 8 }) }));
  fc.assert(
    fc.property(steps, (all) => {
      const [book, table] = [createMailBook(), nineParcels()];
      // Twice, the second time from memory.
      for (const _ of [0, 1]) {
        let [kept, plain]: [Mail, Mail] = [[], []];
        for (const { isAdded, parcel } of all) {
          kept = isAdded ? book.with(kept, parcel, table) : book.without(kept, parcel);
          plain = isAdded ? addParcel(plain, parcel, table) : removeParcel(plain, parcel);
          expect(kept).toEqual(plain);
          expect(book.of(book.numberOf(kept))).toBe(kept);
          expect(book.numberOf([...plain])).toBe(book.numberOf(kept));
        }
      }
    }),
  );
});

/** Three links of each kind, with three parcels each. */
function nineParcels(): ParcelTable {
  const { parcelOf, parcels } = createParcels();
  for (const [link, kind] of kinds.entries()) {
    for (const type of ['a', 'b', 'c']) {
      const content = { event: { type }, type: 'event' } as const;
      const ends = { from: address(`sender${link}`), to: address('receiver') };
      parcelOf({ ...ends, content, isLocal: false, kind, windows: [] });
    }
  }
  return parcels.all;
}
