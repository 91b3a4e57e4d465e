/**
 * Goes on from where new worlds were found: a run that came to some is remembered, and later runs follow
 * it for a while before they go their own way at random.
 *
 * @see Böhme, Pham and Roychoudhury, "Coverage-based Greybox Fuzzing as Markov Chain", CCS 2016, section
 * 3 (rare seeds get more energy); the feedback strategies of P's checker, which keep schedules alike.
 */
import { createRandom } from '../../core/random.ts';
import type { Random } from '../../core/random.ts';
import type { Chooser } from '../../kernel/run.ts';
import { withMisfortune } from './misfortune.ts';
import { seedOf } from './seeds.ts';
import type { Misfortune, Strategy } from './strategy.ts';

/** How much is remembered. */
export interface CoverageOptions extends Misfortune {
  /** Runs that are remembered at most, those with most new worlds; 256 unless said otherwise. */
  readonly corpusMax?: number;
}

const corpusMaxDefault = 256;
/** How often a run goes its own way from the start. */
const fresh = 0.25;

/** Guided by new worlds. */
export function byCoverage({
  corpusMax = corpusMaxDefault,
  ...misfortune
}: CoverageOptions = {}): Strategy {
  return {
    name: 'coverage',
    begin: ({ seed }) => {
      let corpus: readonly Remembered[] = [];
      return {
        learn: ({ newWorlds, run }) => {
          if (newWorlds === 0) return;
          const names = run.steps.flatMap(({ choice }) => choice?.name ?? []);
          corpus = [...corpus, { names, newWorlds, used: { times: 0 } }]
            .toSorted((one, other) => energyOf(other) - energyOf(one))
            .slice(0, corpusMax);
        },
        next: (index) => {
          const random = createRandom(seedOf(seed, index));
          const parent = random.chance(fresh) ? undefined : pick(corpus, random);
          const names = parent?.names.slice(0, random.below(parent.names.length + 1)) ?? [];
          return followThenWalk(names, { ...misfortune, random });
        },
        notes: () => [`${corpus.length} runs that came to new worlds were followed.`],
      };
    },
  };
}

/** A run that came to new worlds. */
interface Remembered {
  readonly names: readonly string[];
  readonly newWorlds: number;
  readonly used: { times: number };
}

function energyOf({ newWorlds, used }: Remembered): number {
  return newWorlds / (1 + used.times);
}

/** One of two drawn at random: that with more energy. */
function pick(corpus: readonly Remembered[], random: Random): Remembered | undefined {
  const [one, other] = [corpus[random.below(corpus.length)], corpus[random.below(corpus.length)]];
  if (one === undefined || other === undefined) return undefined;
  const taken = energyOf(one) >= energyOf(other) ? one : other;
  taken.used.times += 1;
  return taken;
}

/** Takes what is named, in order, as far as it is offered; then goes at random. */
function followThenWalk(
  names: readonly string[],
  misfortune: Misfortune & { readonly random: Random },
): Chooser {
  const { random } = misfortune;
  const walk = withMisfortune((options) => random.below(options.length), misfortune);
  let at = 0;
  return (options, world) => {
    const name = names[at];
    if (name === undefined) return walk(options, world);
    at += 1;
    const index = options.findIndex((option) => option?.name === name);
    if (index >= 0) return index;
    at = names.length;
    return walk(options, world);
  };
}
