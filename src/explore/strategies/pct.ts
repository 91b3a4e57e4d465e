/**
 * Probabilistic concurrency testing for messages: what causes one another is a chain, chains have random
 * priorities, and d - 1 times in a run that which would come next is put behind all others.
 *
 * @see Ozkan, Majumdar, Niksic, Tabaei Befrouei and Weissenbacher, "Randomized Testing of Distributed
 * Systems with Probabilistic Guarantees", OOPSLA 2018, section 5 (PCTCP) and theorem 5.6; Burckhardt,
 * Kothari, Musuvathi and Nagarakatte, "A Randomized Scheduler with Probabilistic Guarantees of Finding
 * Bugs", ASPLOS 2010, section 3. Here what is first offered after a step counts as caused by it, so that
 * causes are a forest and there are no more chains than the order is wide.
 */
import { createRandom } from '../../core/random.ts';
import type { Random } from '../../core/random.ts';
import { isFault } from '../../kernel/choice.ts';
import { runSystem } from '../../kernel/run.ts';
import type { Chooser } from '../../kernel/run.ts';
import { fifo } from './fifo.ts';
import { withMisfortune } from './misfortune.ts';
import { pendingOf } from './pending.ts';
import type { Pending } from './pending.ts';
import { seedOf } from './seeds.ts';
import type { Misfortune, Strategy } from './strategy.ts';

/** How deep the bugs are that are looked for. */
export interface PctOptions extends Misfortune {
  /** How many events must come in one order for a bug to show; 3 unless said otherwise. */
  readonly depth?: number;
}

const depthDefault = 3;
const priorities = 1 << 30;

/** Priorities on causal chains. */
export function byPct({ depth = depthDefault, ...misfortune }: PctOptions = {}): Strategy {
  return {
    name: `pct(${depth})`,
    begin: ({ seed, stepsMax, system }) => {
      const first = runSystem(system, { chooser: fifo, stepsMax });
      let steps = first.steps.length - 1;
      let chains = 1;
      let isEndless = first.ended === 'steps-max';
      const drawn = new Set<Drawn>();
      return {
        learn: ({ run }) => {
          steps = Math.max(steps, run.steps.length - 1);
          isEndless ||= run.ended === 'steps-max';
        },
        next: (index) => {
          const random = createRandom(seedOf(seed, index));
          const moments = Array.from({ length: depth - 1 }, () => random.below(steps));
          const choose = chainChooser({
            moments,
            onChain: (count) => {
              chains = Math.max(chains, count);
            },
            onDrawn: (what) => drawn.add(what),
            random,
          });
          const chooser = withMisfortune(choose, { ...misfortune, random });
          return (options, world) => {
            // Faults come last.
            const last = options.at(-1);
            if (last !== undefined && isFault(last)) drawn.add('faults');
            return chooser(options, world);
          };
        },
        notes: () => [boundOf({ chains, depth, drawn, isEndless, steps })],
      };
    },
  };
}

interface ChainOptions {
  /** The steps before which a chain is put behind all others. */
  readonly moments: readonly number[];
  readonly onChain: (count: number) => void;
  /** Told of what is drawn besides the order of events. */
  readonly onDrawn: (what: Drawn) => void;
  readonly random: Random;
}

/** What runs draw besides the order of events; the bound is of that order alone. */
type Drawn = 'faults' | 'inputs' | 'moments of events';

interface Chain {
  last: string;
  priority: number;
}

function chainChooser({ moments, onChain, onDrawn, random }: ChainOptions): Chooser {
  const chainOf = new Map<string, Chain>();
  let count = 0;
  let step = 0;
  // What was taken last, and its chain.
  let taken = '';
  let before: Chain | undefined;
  const place = ({ name }: Pending): void => {
    if (chainOf.has(name)) return;
    // The first that comes of a step goes on with its chain.
    const chain: Chain =
      before?.last === taken
        ? before
        : { last: name, priority: moments.length + random.below(priorities) };
    if (chain !== before) {
      count += 1;
      onChain(count);
    }
    chain.last = name;
    chainOf.set(name, chain);
  };
  return (options) => {
    const pending = pendingOf(options);
    for (const one of pending) place(one);
    let best = highest(pending, chainOf);
    for (const [rank, moment] of moments.entries()) {
      const chain = moment === step ? chainOf.get(best?.name ?? '') : undefined;
      if (chain === undefined) continue;
      chain.priority = rank;
      best = highest(pending, chainOf);
    }
    step += 1;
    if (options.at(-1)?.type === 'input') onDrawn('inputs');
    if (best === undefined) return 0;
    if (best.indices.length > 1) onDrawn('moments of events');
    // Where the system has nothing left to do, to end is as likely as any input.
    if (options[0] === undefined && random.below(options.length) === 0) return 0;
    taken = best.name;
    before = chainOf.get(best.name);
    return best.indices[random.below(best.indices.length)] ?? 0;
  };
}

function highest(
  pending: readonly Pending[],
  chainOf: ReadonlyMap<string, Chain>,
): Pending | undefined {
  const priorityOf = ({ name }: Pending): number => chainOf.get(name)?.priority ?? 0;
  return pending.reduce<Pending | undefined>(
    (best, one) => (best === undefined || priorityOf(one) > priorityOf(best) ? one : best),
    undefined,
  );
}

interface Measured {
  readonly chains: number;
  readonly depth: number;
  readonly drawn: ReadonlySet<Drawn>;
  /** Whether some run was cut, so that there are more steps than were counted. */
  readonly isEndless: boolean;
  readonly steps: number;
}

/** Beyond so many runs a bound is no help to anybody. */
const worthSaying = 1e6;

function boundOf({ chains, depth, drawn, isEndless, steps }: Measured): string {
  let inverse = chains;
  for (let power = 1; power < depth; power += 1) inverse *= steps;
  const measured = `With ${chains} causal chains and ${steps} steps`;
  const isSmall = inverse > worthSaying;
  if (isEndless || isSmall) {
    const why = isEndless ? 'runs were cut at their limit' : 'runs are long';
    return (
      `${measured} there is no bound worth the name on how probably a run shows a bug of depth ${depth}: ${why}, ` +
      'and where in a run an order is changed is spread over all of it. Let runs end, or cut them sooner (stepsMax).'
    );
  }
  const besides = [...drawn].toSorted();
  const odds = `1/(${chains} · ${steps}^${depth - 1}) = 1/${inverse}`;
  if (besides.length === 0) {
    return `${measured}, each run shows a bug of depth ${depth} with a probability of at least ${odds}.`;
  }
  return (
    `${measured}, a run in which all else is as a bug of depth ${depth} needs it shows that bug with a probability of ` +
    `at least ${odds}. Runs drew ${besides.join(' and ')} as well: how probably those are so no bound says.`
  );
}
