/** One continuation, drawn by chance. */
import { createRandom } from '../../../core/random.ts';
import type { World } from '../../../kernel/world.ts';
import type { System } from '../../../runtime/system.ts';
import { endsOf } from './continuations.ts';
import type { Judge, Phase } from './judge.ts';
import { turnsIn } from './turns.ts';

/** How many continuations were drawn, and how many of them were cut before they were decided. */
export interface Drawn {
  readonly of: number;
  readonly cut: number;
}

/** From where, and how far. */
export interface Drawing {
  readonly judge: Judge;
  readonly phase: Phase;
  readonly seed: number;
  readonly stepsMax: number;
  readonly world: World;
}

/** How it ends; `cut` where it goes on for longer. Each way on, or an end, is as likely as any other. */
export function drawFrom(system: System, drawing: Drawing): 'cut' | 'fails' | 'passes' {
  const { judge, seed, stepsMax } = drawing;
  const random = createRandom(seed);
  let { phase, world } = drawing;
  for (let step = 0; step <= stepsMax; step += 1) {
    const ends = endsOf(system, world, phase);
    const turns = phase === 'fails' || phase === 'passes' ? [] : turnsIn(system, world);
    const drawn = random.below(turns.length + ends.length);
    const choice = turns[drawn];
    if (choice === undefined) return ends[drawn - turns.length] ?? 'cut';
    ({ world } = system.apply(world, choice));
    phase = judge(phase, world);
  }
  return 'cut';
}
