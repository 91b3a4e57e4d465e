/**
 * How many different things there were, estimated in little room: sketches of parts joined are the sketch
 * of the whole, in whatever order and however often they are joined.
 *
 * @see Flajolet, Fusy, Gandouet and Meunier, "HyperLogLog: the analysis of a near-optimal cardinality
 * estimation algorithm", AofA 2007, figures 2 and 3: with 2^11 registers the estimate is 2.3 % off, typically.
 */
import type { Digest } from '../../core/digest.ts';
import { log } from '../../core/portable-math.ts';

const indexBits = 11;
const registers = 1 << indexBits;
const alpha = 0.7213 / (1 + 1.079 / registers);
/** Below this estimate, by registers that are empty. */
const smallMax = 2.5 * registers;
/** A register as a letter; 32 bits of a hash have runs of up to 33. */
const letters = '0ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg';

/** What was seen: one letter for each register. */
export type Sketch = string;

/** A sketch in the making. */
export interface Sketcher {
  readonly add: (seen: Digest) => void;
  readonly sketch: () => Sketch;
}

/** Nothing seen. */
export const emptySketch: Sketch = '';

/** Begins with nothing. */
export function createSketcher(): Sketcher {
  const ranks = new Uint8Array(registers);
  return {
    add: ({ a, b }) => {
      const index = a & (registers - 1);
      const rank = Math.clz32(b) + 1;
      if (rank > (ranks[index] ?? 0)) ranks[index] = rank;
    },
    sketch: () => formatRanks(ranks),
  };
}

/** What was seen in either. */
export function joinSketches(one: Sketch, other: Sketch): Sketch {
  if (one === emptySketch || one === other) return other;
  if (other === emptySketch) return one;
  const [first, second] = [ranksOf(one), ranksOf(other)];
  return formatRanks(first.map((rank, index) => Math.max(rank, second[index] ?? 0)));
}

/** How many there were. */
export function estimateOf(sketch: Sketch): number {
  if (sketch === emptySketch) return 0;
  const ranks = ranksOf(sketch);
  const sum = ranks.reduce((total, rank) => total + 2 ** -rank, 0);
  const raw = (alpha * registers * registers) / sum;
  const empty = ranks.reduce((count, rank) => count + (rank === 0 ? 1 : 0), 0);
  const isSmall = raw <= smallMax && empty > 0;
  return Math.round(isSmall ? registers * log(registers / empty) : raw);
}

/** Runs of one letter are common at first: they are written as letter and number. */
function formatRanks(ranks: Uint8Array): Sketch {
  const text = Array.from(ranks, (rank) => letters[rank] ?? '0').join('');
  return text.replaceAll(/(.)\1{3,}/g, (run) => `${run[0]}{${run.length}}`);
}

function ranksOf(sketch: Sketch): Uint8Array {
  const text = unfold(sketch);
  return Uint8Array.from(text, (letter) => Math.max(0, letters.indexOf(letter)));
}

function unfold(sketch: Sketch): string {
  return sketch.replaceAll(/(.)\{(\d{1,4})\}/g, (_, letter: string, count: string) =>
    letter.repeat(Math.min(Number(count), registers)),
  );
}
