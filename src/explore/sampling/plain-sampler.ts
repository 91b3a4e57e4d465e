/** Makes the runs of a campaign one by one on the plain kernel: any strategy, any system. */
import { runSystem } from '../../kernel/run.ts';
import type { Chooser, Run } from '../../kernel/run.ts';
import type { World } from '../../kernel/world.ts';
import type { Property } from '../../runtime/property.ts';
import type { System } from '../../runtime/system.ts';
import { viewOfWorld } from '../view-of-world.ts';
import type { OtherRun } from '../violation.ts';
import { createJudge } from './judge.ts';
import type { Judge } from './judge.ts';
import type { Sightings } from './sightings.ts';

/** Makes runs and judges them. */
export interface PlainSampler {
  readonly judge: Pick<Judge<World>, 'reached' | 'vacuous'>;
  readonly make: (index: number, choose: Chooser) => Made;
}

/** A run, and what it breaks. */
export interface Made {
  readonly broken: string | undefined;
  readonly newWorlds: number;
  /** The end that disagrees with this one. */
  readonly other?: OtherRun;
  readonly run: Run;
}

/** What a sampler needs. */
export interface SamplerOptions {
  readonly properties: readonly Property[];
  readonly sightings: Sightings;
  readonly stepsMax: number;
}

/** A sampler of one system. */
export function createPlainSampler(
  system: System,
  { properties, sightings, stepsMax }: SamplerOptions,
): PlainSampler {
  const judge = createJudge<World>(properties, {
    ask: (predicate) => (world) => predicate(viewOfWorld(system.mechanics.rules, world)),
    viewOf: (world) => viewOfWorld(system.mechanics.rules, world),
  });
  let firstEnd: Run | undefined;
  const settled = (run: Run): Pick<Made, 'broken' | 'other'> => {
    firstEnd ??= run;
    const broken = judge.settle(run.world);
    return broken === undefined ? { broken } : { broken, other: { run: firstEnd } };
  };
  const make = (index: number, choose: Chooser): Made => {
    let broken: string | undefined;
    let newWorlds = 0;
    let isSpent = false;
    judge.begin();
    const run = runSystem(system, {
      asksAlways: true,
      chooser: (options, world) => {
        if (options[0] === undefined) {
          isSpent = options.length === 1;
          broken = judge.rest(world);
          if (broken !== undefined) return 0;
        }
        return choose(options, world);
      },
      stepsMax,
      until: (world) => {
        const hash = system.hash(world);
        if (sightings.see(laneOf(hash, 0), laneOf(hash, 1), index)) newWorlds += 1;
        broken = judge.look(world);
        return broken !== undefined;
      },
    });
    if (broken !== undefined || run.ended !== 'quiescent') return { broken, newWorlds, run };
    broken = judge.end(run.world);
    if (broken !== undefined || !isSpent) return { broken, newWorlds, run };
    return { ...settled(run), newWorlds, run };
  };
  return { judge, make };
}

const laneDigits = 8;

function laneOf(hash: string, lane: 0 | 1): number {
  return Number.parseInt(hash.slice(lane * laneDigits, (lane + 1) * laneDigits), 16);
}
