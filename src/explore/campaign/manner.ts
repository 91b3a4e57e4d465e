/**
 * The manners of a campaign: strategies, each with other settings and another share of the faults. To
 * leave some faults out altogether finds what a little of everything hides.
 *
 * @see Groce, Zhang, Eide, Chen and Regehr, "Swarm Testing", ISSTA 2012, section 2: omitting features at
 * random finds more than including all. Here no fault ever gets a larger budget than its system states,
 * for which it need not be correct; what goes wild is how often one comes.
 */
import { defined } from '../../core/defined.ts';
import { SimulationError } from '../../core/errors.ts';
import { createRandom } from '../../core/random.ts';
import type { Random } from '../../core/random.ts';
import type { FaultBudget } from '../../kernel/rules.ts';
import { wayOf } from '../check/strategy-names.ts';
import type { Strategy } from '../strategies/strategy.ts';

/** One way to choose schedules, as data: what a campaign hands out. */
export interface Manner {
  readonly strategy: CampaignStrategy | 'exhaustive';
  readonly bugDepth?: number;
  readonly faultRate?: number;
  /** Budgets instead of those that the system states: none for what is left out. */
  readonly faults?: FaultBudget;
  /** Into how many portions an exhaustive search is divided, each of which counts as a schedule; absent for runs. */
  readonly portions?: number;
}

/** The strategies of campaigns: those that make runs from seeds. */
export type CampaignStrategy = 'coverage' | 'pct' | 'pos' | 'random' | 'surw';

/** All of them, which is what `mix` means. */
export const campaignStrategies: readonly CampaignStrategy[] = [
  'random',
  'pos',
  'pct',
  'surw',
  'coverage',
];

const wildRate = 0.3;
const [bugDepthMin, bugDepthMax] = [2, 6];

/**
 * The manners for a system with these budgets: each strategy as it is; where there are faults also
 * without any, and with some of them, which come often.
 */
export function swarm(
  strategies: readonly CampaignStrategy[],
  budgets: FaultBudget,
  seed: number,
): readonly Manner[] {
  const random = createRandom(seed);
  const kinds = Object.entries(budgets).flatMap(([kind, budget]) => (budget > 0 ? [kind] : []));
  const manners = strategies.flatMap((strategy): readonly Manner[] => {
    const plain = { strategy };
    const deeper =
      strategy === 'pct'
        ? { bugDepth: bugDepthMin + random.below(bugDepthMax - bugDepthMin) }
        : undefined;
    const others = kinds.length === 0 ? [] : [without(kinds), wild(kinds, { random, strategy })];
    return [
      plain,
      ...(deeper === undefined || others.length > 0 ? [] : [{ ...plain, ...deeper }]),
      ...others.map((other) => ({ ...plain, ...deeper, ...other })),
    ];
  });
  const byName = new Map(manners.map((manner) => [mannerName(manner), manner]));
  return [...byName.values()];
}

/** The strategy of a manner. */
export function strategyOf({ bugDepth, faultRate, strategy }: Manner): Strategy {
  const way = wayOf(strategy, defined({ bugDepth, faultRate }));
  if (way.type === 'runs') return way.strategy;
  throw new SimulationError(
    'explore/not-sampled',
    `"${strategy}" makes no runs. A campaign is made of ${campaignStrategies.join(', ')}.`,
  );
}

/** Into how many portions an exhaustive search is divided unless said otherwise. */
export const portionsDefault = 64;

/** Whether a run of this manner depends on nothing but its number: then any range of them can be made. */
export function isMemoryless({ strategy }: Manner): boolean {
  return strategy === 'random' || strategy === 'pos';
}

/** The manner in a few words: no two of one campaign are called alike. */
export function mannerName({ bugDepth, faultRate, faults, strategy }: Manner): string {
  const gone = Object.entries(faults ?? {}).flatMap(([kind, budget]) =>
    budget === 0 ? [kind] : [],
  );
  return [
    bugDepth === undefined ? strategy : `${strategy}(${bugDepth})`,
    ...(faultRate === undefined ? [] : [`faults at ${faultRate}`]),
    ...(gone.length === 0 ? [] : [`no ${gone.join(', ')}`]),
  ].join(', ');
}

/** Whether a word names a strategy that a campaign can use. */
export function isCampaignStrategy(name: string): name is CampaignStrategy {
  return campaignStrategies.some((strategy) => strategy === name);
}

function without(kinds: readonly string[]): Pick<Manner, 'faults'> {
  return { faults: Object.fromEntries(kinds.map((kind) => [kind, 0])) };
}

/** Some of the faults, at least one, at a rate at which they come often; `surw` places them by itself. */
function wild(
  kinds: readonly string[],
  { random, strategy }: { readonly random: Random; readonly strategy: CampaignStrategy },
): Pick<Manner, 'faultRate' | 'faults'> {
  const kept = kinds[random.below(kinds.length)];
  const gone = kinds.filter((kind) => kind !== kept && random.chance(1 / 2));
  return {
    ...(gone.length === 0 ? {} : without(gone)),
    ...(strategy === 'surw' ? {} : { faultRate: wildRate }),
  };
}
