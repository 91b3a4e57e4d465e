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

/** The stream that begins with `seed`, of which 32 bits count. */
export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  return {
    below: (count) => (count <= 1 ? 0 : uniformInt(generator, 0, count - 1)),
    chance: (probability) => uniformFloat64(generator) < probability,
  };
}
