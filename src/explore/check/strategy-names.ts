/** The ways to look at a system that have a name. */
import { defined } from '../../core/defined.ts';
import type { Tape } from '../../kernel/tape.ts';
import type { SearchOptions } from '../exhaustive/survey.ts';
import { byCoverage } from '../strategies/coverage-guided.ts';
import { byDelays } from '../strategies/delay-bounded.ts';
import { byFifo } from '../strategies/fifo.ts';
import { byTape } from '../strategies/given-tape.ts';
import { byPct } from '../strategies/pct.ts';
import { byPos } from '../strategies/pos.ts';
import { byRandom } from '../strategies/random-walk.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { bySurw } from '../strategies/surw.ts';

/** The ways to look at all worlds: in what order, and whether they are stored. */
const searches = {
  exhaustive: { order: 'breadth' },
  dfs: { order: 'depth' },
  'hash-only': { order: 'breadth', storage: 'fingerprints' },
} as const satisfies Readonly<Record<string, SearchManner>>;

/** How worlds are gone through and kept. */
export type SearchManner = Pick<SearchOptions, 'order' | 'storage'>;

/** The ways to look at one run of each set of equivalent ones. */
const reductions = { dpor: 'optimal', 'source-dpor': 'source' } as const;

/** What a strategy for runs is made with. */
export interface SamplingOptions {
  /** How probable a fault is at a point that offers one; 0.05 unless said otherwise. */
  readonly faultRate?: number;
  /** How many events must come in one order for a bug to show: what `pct` bets on; 3 unless said otherwise. */
  readonly bugDepth?: number;
  /** Delays of one run at most, with `delay`; 2 unless said otherwise. */
  readonly delaysMax?: number;
  /** The run that the strategy `tape` makes. */
  readonly tape?: Tape;
}

const samplers = {
  random: ({ faultRate }) => byRandom(defined({ faultRate })),
  pct: ({ bugDepth, faultRate }) => byPct(defined({ depth: bugDepth, faultRate })),
  pos: ({ faultRate }) => byPos(defined({ faultRate })),
  surw: () => bySurw(),
  delay: ({ delaysMax }) => byDelays(defined({ delaysMax })),
  coverage: ({ faultRate }) => byCoverage(defined({ faultRate })),
  fifo: () => byFifo(),
  tape: ({ tape = [] }) => byTape(tape),
} satisfies Readonly<Record<string, (options: SamplingOptions) => Strategy>>;

/** The name of a way to look at a system: at all its worlds, or at some of its runs. */
export type StrategyName = keyof typeof reductions | keyof typeof samplers | keyof typeof searches;

/** Whether a name is that of a way to look at runs. */
export function isOfRuns(name: string): boolean {
  return Object.hasOwn(samplers, name);
}

/** All of them, in the order in which they are listed. */
export const strategyNames: readonly string[] = Object.keys({
  ...searches,
  ...reductions,
  ...samplers,
});

/** A way to look at a system, and what it needs to know. */
export type Way =
  | { readonly type: 'search'; readonly manner: SearchManner }
  | { readonly type: 'reduction'; readonly method: 'optimal' | 'source' }
  | { readonly type: 'runs'; readonly strategy: Strategy };

/** The way of that name. */
export function wayOf(name: StrategyName, options: SamplingOptions): Way {
  if (isKey(searches, name)) return { manner: searches[name], type: 'search' };
  if (isKey(reductions, name)) return { method: reductions[name], type: 'reduction' };
  return { strategy: samplers[name](options), type: 'runs' };
}

function isKey<T extends object>(record: T, name: PropertyKey): name is keyof T {
  return Object.hasOwn(record, name);
}
