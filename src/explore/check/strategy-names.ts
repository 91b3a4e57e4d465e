/** The ways to look at a system that have a name. */
import type { Tape } from '../../kernel/tape.ts';
import { byFifo } from '../strategies/fifo.ts';
import { byTape } from '../strategies/given-tape.ts';
import { byRandom } from '../strategies/random-walk.ts';
import type { Strategy } from '../strategies/strategy.ts';

/** The ways to look at all worlds. */
export const searchNames = ['exhaustive', 'dfs'] as const;

/** One of them. */
export type SearchName = (typeof searchNames)[number];

/** What a strategy for runs is made with. */
export interface SamplingOptions {
  /** How probable a fault is at a point that offers one; 0.05 unless said otherwise. */
  readonly faultRate?: number;
  /** The run that the strategy `tape` makes. */
  readonly tape?: Tape;
}

const samplers = {
  random: byRandom,
  fifo: () => byFifo(),
  tape: ({ tape = [] }) => byTape(tape),
} satisfies Readonly<Record<string, (options: SamplingOptions) => Strategy>>;

/** A way to look at a system: at all its worlds, or at some of its runs. */
export type StrategyName = SearchName | keyof typeof samplers;

/** All of them, in the order in which they are listed. */
export const strategyNames: readonly string[] = [...searchNames, ...Object.keys(samplers)];

/** Whether a strategy looks at worlds, not at runs. */
export function isSearch(name: StrategyName): name is SearchName {
  const names: readonly string[] = searchNames;
  return names.includes(name);
}

/** The strategy of that name for runs. */
export function samplerOf(
  name: Exclude<StrategyName, SearchName>,
  options: SamplingOptions,
): Strategy {
  return samplers[name](options);
}
