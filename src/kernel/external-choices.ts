/** What the environment and misfortune may do, as far as their budgets go. */
import type { Choice } from './choice.ts';
import { earlyTimers } from './early-timers.ts';
import { inputChoices } from './inputs.ts';
import type { Mechanics } from './mechanics.ts';
import { messageFaults } from './message-faults.ts';
import { nodeFaults, partitionFaults } from './node-faults.ts';
import type { World } from './world.ts';

/** Inputs first, then faults: what is less dull comes later. */
export function externalChoices(mechanics: Mechanics, world: World): readonly Choice[] {
  return [
    ...mechanics.rules.actors.flatMap((declared) => inputChoices(mechanics, world, declared)),
    ...messageFaults(mechanics, world),
    ...earlyTimers(mechanics, world),
    ...nodeFaults(mechanics, world),
    ...partitionFaults(mechanics, world),
  ];
}
