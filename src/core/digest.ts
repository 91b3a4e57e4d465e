/**
 * The hash of contents: two independent 32-bit lanes, the same in every thread, process and browser.
 * The mixing is that of MurmurHash3's finaliser (public domain, Austin Appleby), one set of constants
 * a lane.
 */
import { isLeaf, leafText } from './canonical.ts';
import { createMemo } from './memo.ts';

/** 64 bits as two unsigned lanes. */
export interface Digest {
  readonly a: number;
  readonly b: number;
}

/** The digest of nothing: the neutral element of `join`. */
export const emptyDigest: Digest = { a: 0, b: 0 };

const tags = { undefined: 1, null: 2, false: 3, true: 4, number: 5, string: 6, bigint: 7, leaf: 8 };
const arrayTag = 9;
const recordTag = 10;
const scratch = new DataView(new ArrayBuffer(8));
// A memo of a pure function over frozen objects: nobody can notice whether it is there.
const memo = createMemo<object, Digest>();

/** The digest of a canonical value (see `canonical`); remembered for each object. */
export function digest(value: unknown): Digest {
  switch (typeof value) {
    case 'string':
      return digestText(value, tags.string);
    case 'number':
      return digestNumber(value);
    case 'boolean':
      return digestTag(value ? tags.true : tags.false);
    case 'undefined':
      return digestTag(tags.undefined);
    case 'object':
      return value === null ? digestTag(tags.null) : digestObject(value);
    default:
      return digestText(String(value), tags.bigint);
  }
}

/** The digest of `first` followed by `second`: order matters. */
export function chain(first: Digest, second: Digest): Digest {
  return {
    a: mixA(Math.imul(first.a, 31) ^ second.a),
    b: mixB(Math.imul(first.b, 37) + second.b),
  };
}

/** The digest of a bag that holds both: order does not matter, multiplicity does. */
export function join(first: Digest, second: Digest): Digest {
  return { a: (first.a + second.a) >>> 0, b: (first.b + second.b) >>> 0 };
}

/** Whether two digests are of equal contents (but for one chance in 2^64). */
export function isSameDigest(first: Digest, second: Digest): boolean {
  return first.a === second.a && first.b === second.b;
}

/** The 16 hexadecimal digits of a digest. */
export function formatDigest({ a, b }: Digest): string {
  // By codes, twenty times as fast as by `toString(16)`: every message has a name.
  return String.fromCharCode(
    code(a >>> 28),
    code(a >>> 24),
    code(a >>> 20),
    code(a >>> 16),
    code(a >>> 12),
    code(a >>> 8),
    code(a >>> 4),
    code(a),
    code(b >>> 28),
    code(b >>> 24),
    code(b >>> 20),
    code(b >>> 16),
    code(b >>> 12),
    code(b >>> 8),
    code(b >>> 4),
    code(b),
  );
}

const digitCodes = Array.from({ length: 16 }, (_, digit) => digit.toString(16).charCodeAt(0));

/** The character code of the last hexadecimal digit. */
function code(bits: number): number {
  return digitCodes[bits & 15] ?? 0;
}

function digestObject(value: object): Digest {
  const seen = memo.get(value);
  if (seen !== undefined) return seen;
  const made = computeObject(value);
  memo.set(value, made);
  return made;
}

function computeObject(value: object): Digest {
  if (isLeaf(value)) return digestText(value[leafText], tags.leaf);
  if (Array.isArray(value)) {
    let sum = chain(digestTag(arrayTag), digestNumber(value.length));
    for (const member of value) sum = chain(sum, digest(member));
    return sum;
  }
  let sum = digestTag(recordTag);
  if (value instanceof Error) sum = chain(digestText(value.name, 0), digestText(value.message, 1));
  for (const [key, member] of Object.entries(value)) {
    sum = chain(chain(sum, digestText(key, 0)), digest(member));
  }
  return sum;
}

function digestTag(tag: number): Digest {
  return { a: mixA(tag), b: mixB(tag) };
}

function digestNumber(value: number): Digest {
  const small = value | 0;
  if (small === value) {
    return { a: mixA(small ^ 0x51ed270b), b: mixB(small ^ 0x2545f491) };
  }
  scratch.setFloat64(0, Number.isNaN(value) ? Number.NaN : value);
  const high = scratch.getInt32(0);
  const low = scratch.getInt32(4);
  return { a: mixA(mixA(high ^ tags.number) ^ low), b: mixB(mixB(low ^ tags.number) ^ high) };
}

/** The kind fills all bits of the start, so that no first letter can undo it. */
function digestText(text: string, kind: number): Digest {
  let a = 0x9747b28c ^ Math.imul(kind, 0x9e3779b1);
  let b = 0x5bd1e995 ^ Math.imul(kind, 0x7feb352d);
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    a = Math.imul(a ^ unit, 0x85ebca6b);
    a ^= a >>> 13;
    b = Math.imul(b ^ unit, 0x1b873593);
    b ^= b >>> 15;
  }
  return { a: mixA(a ^ text.length), b: mixB(b ^ text.length) };
}

function mixA(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function mixB(value: number): number {
  let h = (value + 0x7ed55d16) | 0;
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return (h ^ (h >>> 15)) >>> 0;
}
