/**
 * Fingerprints of worlds, for spaces that do not fit: 63 bits that depend on the cells alone, not on how
 * they are packed. Two worlds may share one, and then the second is taken for known.
 *
 * @see Wolper and Leroy, "Reliable Hashing without Collision Detection", CAV 1993; Stern and Dill,
 * "Improved Probabilistic Verification by Hash Compaction", 1995, section 3, for the odds.
 */
import type { Layout } from './layout.ts';
import { unpack } from './layout.ts';
import { hashWords } from './packed-set.ts';
import type { Stage } from './stage.ts';

/** The words of a fingerprint. */
export const fingerprintWords = 2;

/** The words of a fingerprint with its hash behind it. */
export const fingerprintStride = fingerprintWords + 1;

/** The fingerprints of packed worlds. */
export interface Fingerprints {
  /** In rows of `fingerprintStride` words. */
  readonly rows: () => Int32Array;
  /** Takes the fingerprints of all that is staged. */
  readonly take: (layout: Layout, stage: Stage) => void;
}

/** The odds that some world out of so many was taken for another one; an upper bound. */
export function omissionOdds(states: number): number {
  return Math.min(1, ((states * (states - 1)) / 2) * 2 ** -63);
}

/** No fingerprints yet. */
export function createFingerprints(): Fingerprints {
  let rows = new Int32Array(0);
  let vector = new Int32Array(0);
  return {
    rows: () => rows,
    take: (layout, stage) => {
      const count = stage.count();
      const source = stage.rows();
      if (count * fingerprintStride > rows.length) {
        rows = new Int32Array(count * 2 * fingerprintStride);
      }
      if (layout.slots > vector.length) vector = new Int32Array(layout.slots);
      for (let index = 0; index < count; index += 1) {
        unpack(layout, { at: index * stage.stride, source }, vector);
        let a = 0;
        let b = 0;
        for (let slot = 0; slot < layout.slots; slot += 1) {
          const cell = vector[slot] ?? 0;
          // A slot that is empty is as good as none: slots are added on the way.
          if (cell === 0) continue;
          a = (a + mix(Math.imul(slot + 1, 0x9e3779b1) ^ cell)) | 0;
          b = (b + mix(Math.imul(cell, 0x85ebca6b) ^ (slot + 0x51ed27))) | 0;
        }
        // No first word of a packed vector is 0.
        const at = index * fingerprintStride;
        rows[at] = mix(a ^ Math.imul(b, 0x2545f491)) | 1;
        rows[at + 1] = mix(b ^ Math.imul(a, 0x7feb352d));
        rows[at + fingerprintWords] = hashWords(rows, at, fingerprintWords);
      }
    },
  };
}

function mix(value: number): number {
  let h = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
