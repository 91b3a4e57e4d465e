/** Random numbers from a seed: the same in every thread, process and browser. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A stream of random numbers; whoever holds it moves it on. */
export interface Random {
  /** A whole number from 0 up to but not including `count`. */
  readonly below: (count: number) => number;
  /** True with this probability. */
  readonly chance: (probability: number) => boolean;
}

const signBit = 0x80000000;
/** How many numbers a word of 32 bits may be. */
const wordsCount = 2 ** 32;

/** The stream that begins with `seed`, of which 32 bits count. */
export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  return {
    // As pure-rand's `uniformInt`, number for number, in whole numbers of 32 bits: walks draw by the million.
    below: (count) => {
      if (count <= 1) return 0;
      if (count > wordsCount) return uniformInt(generator, 0, count - 1);
      let drawn = (generator.next() ^ signBit) >>> 0;
      // What is left over at the end would make small numbers likelier than others.
      while (drawn >= wordsCount - count && drawn >= wordsCount - (wordsCount % count)) {
        drawn = (generator.next() ^ signBit) >>> 0;
      }
      return drawn % count;
    },
    chance: (probability) => uniformFloat64(generator) < probability,
  };
}
