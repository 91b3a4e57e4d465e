/**
 * How a vector of small integers lies in 32-bit words: each slot as wide as its largest number so far,
 * none across two words.
 *
 * @see Holzmann, "State Compression in SPIN", 1997 (COLLAPSE); here the numbers of components take
 * bits, not bytes.
 */

/** Where each slot lies. */
export interface Layout {
  readonly masks: Int32Array;
  readonly shifts: Int32Array;
  readonly slots: number;
  /** Words a vector takes. */
  readonly words: number;
  readonly wordOf: Int32Array;
}

const wordBits = 32;
/** No slot is wider. */
export const widthMax = 30;

/**
 * A layout for slots of at least these widths, in bits. What is left over in a word goes to its
 * slots in turn, so that they outgrow it less often. A leading bit is always set: no word 0 is ever 0.
 */
export function layOut(wanted: Uint8Array): Layout {
  const slots = wanted.length;
  const wordOf = new Int32Array(slots);
  const widths = wanted.slice();
  let word = 0;
  let used = 1;
  let first = 0;
  for (let slot = 0; slot < slots; slot += 1) {
    const width = wanted[slot] ?? 0;
    if (used + width > wordBits) {
      fill(widths, { first, end: slot, spare: wordBits - used });
      word += 1;
      used = 0;
      first = slot;
    }
    wordOf[slot] = word;
    used += width;
  }
  fill(widths, { first, end: slots, spare: wordBits - used });
  return { ...place(widths, wordOf), slots, wordOf, words: word + 1 };
}

interface Span {
  readonly end: number;
  readonly first: number;
  readonly spare: number;
}

/**
 * Gives the spare bits of a word to its slots in turn: any of them may be the next to grow, and that which
 * has grown most has grown most lately.
 */
function fill(widths: Uint8Array, { first, end, spare }: Span): void {
  const slots = Array.from({ length: end - first }, (_, index) => first + index).toSorted(
    (one, other) => (widths[other] ?? 0) - (widths[one] ?? 0),
  );
  let left = spare;
  for (let round = 0; left > 0 && round < wordBits; round += 1) {
    for (const slot of slots) {
      if (left === 0) break;
      if ((widths[slot] ?? widthMax) >= widthMax) continue;
      widths[slot] = (widths[slot] ?? 0) + 1;
      left -= 1;
    }
  }
}

function place(widths: Uint8Array, wordOf: Int32Array): Pick<Layout, 'masks' | 'shifts'> {
  const masks = new Int32Array(widths.length);
  const shifts = new Int32Array(widths.length);
  let used = 1;
  for (let slot = 0; slot < widths.length; slot += 1) {
    if (slot > 0 && wordOf[slot] !== wordOf[slot - 1]) used = 0;
    masks[slot] = 2 ** (widths[slot] ?? 0) - 1;
    shifts[slot] = used;
    used += widths[slot] ?? 0;
  }
  return { masks, shifts };
}

/** The bits for a number and for those soon to come: a slot that has grown will grow again. */
export function bitsFor(value: number): number {
  const bits = Math.max(1, wordBits - Math.clz32(value));
  return value < 4 ? bits : Math.min(widthMax, bits + 1);
}

/** Where a packed vector lies. */
export interface Packed {
  readonly at: number;
  readonly source: Int32Array;
}

/** Writes a vector to its place. */
export function pack(layout: Layout, vector: Int32Array, { at: offset, source }: Packed): void {
  const { shifts, slots, wordOf, words } = layout;
  source.fill(0, offset, offset + words);
  source[offset] = 1;
  for (let slot = 0; slot < slots; slot += 1) {
    const at = offset + (wordOf[slot] ?? 0);
    source[at] = (source[at] ?? 0) | ((vector[slot] ?? 0) << (shifts[slot] ?? 0));
  }
}

/** Reads the vector at a place. */
export function unpack(layout: Layout, { at: offset, source }: Packed, vector: Int32Array): void {
  const { masks, shifts, slots, wordOf } = layout;
  for (let slot = 0; slot < slots; slot += 1) {
    const word = source[offset + (wordOf[slot] ?? 0)] ?? 0;
    vector[slot] = (word >>> (shifts[slot] ?? 0)) & (masks[slot] ?? 0);
  }
}
