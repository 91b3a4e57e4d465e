/** Makes the runs of a campaign one by one on the plain kernel: any strategy, any system. */
import { runSystem } from '../../kernel/run.ts';
import type { Chooser, Run } from '../../kernel/run.ts';
import type { World } from '../../kernel/world.ts';
import type { System } from '../../runtime/system.ts';
import { viewOfWorld } from '../view-of-world.ts';
import { boundOf } from '../within.ts';
import { createJudge } from './judge.ts';
import type { Broken } from './judge.ts';
import type { Made, Sampler, SamplerOptions } from './sampler.ts';

/** A sampler of one system. */
export function createPlainSampler(
  system: System,
  { memory, onWorld, properties, sightings, stepsMax }: SamplerOptions,
): Sampler {
  const judge = createJudge<World>(properties, memory, {
    ask: (predicate) => (world) => predicate(viewOfWorld(system.mechanics.rules, world)),
    viewOf: (world) => viewOfWorld(system.mechanics.rules, world),
  });
  const isWithin = boundOf(system);
  let firstEnd: Run | undefined;
  const settled = (run: Run): Pick<Made, 'broken' | 'other'> => {
    firstEnd ??= run;
    const broken = judge.settle(run.world);
    return broken === undefined ? { broken } : { broken, other: { run: firstEnd } };
  };
  const make = (index: number, choose: Chooser): Made => {
    let broken: Broken;
    let newWorlds = 0;
    let isOutside = false;
    let isSpent = false;
    judge.begin();
    const run = runSystem(system, {
      asksAlways: true,
      chooser: (options, world) => {
        if (options[0] === undefined) {
          isSpent = options.every((option) => option?.type !== 'input');
          broken = judge.rest(world);
          if (broken !== undefined) return 0;
        }
        return choose(options, world);
      },
      stepsMax,
      until: (world) => {
        isOutside = isWithin?.(world) === false;
        if (isOutside) return true;
        const hash = system.hash(world);
        const [a, b] = [laneOf(hash, 0), laneOf(hash, 1)];
        const number = sightings.numberOf(a, b);
        if (number >= 0 && sightings.meet(number, index)) {
          newWorlds += 1;
          onWorld?.({ a, b });
        }
        broken = judge.look(world);
        return broken !== undefined;
      },
    });
    const ended: Made['ended'] = isOutside ? 'outside' : run.ended;
    const made = { ended, newWorlds, run: () => run, steps: run.steps.length - 1 };
    if (broken !== undefined || run.ended !== 'quiescent' || !isSpent) return { ...made, broken };
    return { ...made, ...settled(run) };
  };
  return { isFull: () => false, make, notes: () => [] };
}

const laneDigits = 8;

function laneOf(hash: string, lane: 0 | 1): number {
  return Number.parseInt(hash.slice(lane * laneDigits, (lane + 1) * laneDigits), 16);
}
