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

/** The words of a fingerprint. */
export const fingerprintWords = 2;

/** The fingerprints of packed worlds. */
export interface Fingerprints {
  readonly hashes: () => Int32Array;
  /** Takes the fingerprints of the first `count` packed worlds. */
  readonly take: (layout: Layout, packed: Int32Array, count: number) => void;
  readonly words: () => Int32Array;
}

/** The odds that some world out of so many was taken for another one; an upper bound. */
export function omissionOdds(states: number): number {
  return Math.min(1, ((states * (states - 1)) / 2) * 2 ** -63);
}

/** No fingerprints yet. */
export function createFingerprints(): Fingerprints {
  let words = new Int32Array(0);
  let hashes = new Int32Array(0);
  let vector = new Int32Array(0);
  return {
    hashes: () => hashes,
    take: (layout, packed, count) => {
      if (count > hashes.length) {
        words = new Int32Array(count * 2 * fingerprintWords);
        hashes = new Int32Array(count * 2);
      }
      if (layout.slots > vector.length) vector = new Int32Array(layout.slots);
      for (let index = 0; index < count; index += 1) {
        unpack(layout, { at: index * layout.words, source: packed }, vector);
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
        words[index * fingerprintWords] = mix(a ^ Math.imul(b, 0x2545f491)) | 1;
        words[index * fingerprintWords + 1] = mix(b ^ Math.imul(a, 0x7feb352d));
        hashes[index] = hashWords(words, index * fingerprintWords, fingerprintWords);
      }
    },
    words: () => words,
  };
}

function mix(value: number): number {
  let h = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
