/** The runs of a strategy, one after the other, each judged: what samples and campaigns are made of. */
import type { Digest } from '../../core/digest.ts';
import type { Property } from '../../runtime/property.ts';
import type { System } from '../../runtime/system.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { boundOf, requireStartWithin } from '../within.ts';
import { canWalk, createInternedSampler } from './interned-sampler.ts';
import type { JudgeMemory } from './judge.ts';
import { createPlainSampler } from './plain-sampler.ts';
import type { Made } from './sampler.ts';
import { createSightings } from './sightings.ts';
import type { Sightings } from './sightings.ts';

/** What runs are made by. */
export interface RunsOptions {
  /** Told of each world that is counted as new; see `SamplerOptions`. */
  readonly onWorld?: (world: Digest) => void;
  readonly properties: readonly Property[];
  readonly seed: number;
  /** Different worlds that are counted. */
  readonly statesMax: number;
  /** Steps after which a run is cut. */
  readonly stepsMax: number;
  readonly strategy: Strategy;
}

/** Makes runs, and knows what they have shown together. */
export interface Runs {
  /** The schedule that was made last, in the strategy's words, if it has some. */
  readonly describe: () => string | undefined;
  /** Whether there is no more room for what is remembered: worlds that come now are not counted. */
  readonly isFull: () => boolean;
  /** Lets the strategy learn from a run; to be called before the next one is made. */
  readonly learn: (index: number, made: Made) => void;
  /** The run of this number; `undefined` where the strategy has no schedule left. */
  readonly make: (index: number) => Made | undefined;
  readonly memory: JudgeMemory;
  readonly notes: () => readonly string[];
  readonly sightings: Sightings;
  /** Whether runs are walks over interned worlds, as far as these fit. */
  readonly walks: boolean;
}

/** Runs of a system by a strategy. */
export function createRuns(system: System, options: RunsOptions): Runs {
  const { onWorld, properties, seed, statesMax, stepsMax, strategy } = options;
  requireStartWithin(boundOf(system)?.(system.start().world) ?? true);
  const sightings = createSightings(statesMax);
  const campaign = strategy.begin({ seed, stepsMax, system });
  const memory = { reached: new Set<string>(), tested: new Set<string>() };
  const shared = { memory, onWorld, properties, sightings, stepsMax };
  const { uniform: misfortune } = strategy;
  const walks = misfortune !== undefined && canWalk(properties);
  const sampler = walks
    ? createInternedSampler(system, { ...shared, misfortune, seed })
    : createPlainSampler(system, shared);
  return {
    describe: () => campaign.describe?.(),
    isFull: () => sightings.isFull() || sampler.isFull(),
    learn: (index, made) => {
      campaign.learn?.({ index, newWorlds: made.newWorlds, run: made.run() });
    },
    make: (index) => {
      const choose = campaign.next(index);
      return choose === undefined ? undefined : sampler.make(index, choose);
    },
    memory,
    notes: () => [...(campaign.notes?.() ?? []), ...sampler.notes()],
    sightings,
    walks,
  };
}
