import { isExternal } from '../../../kernel/choice.ts';
import type { Choice } from '../../../kernel/choice.ts';
import type { World } from '../../../kernel/world.ts';
import type { System } from '../../../runtime/system.ts';

const mending: ReadonlySet<Choice['type']> = new Set(['heal', 'restart', 'resume']);

/** What can happen in a world if nothing else goes wrong: turns, inputs, and what mends a fault. */
export function turnsIn(system: System, world: World): readonly Choice[] {
  return system
    .choices(world)
    .filter((choice) => !isExternal(choice) || choice.type === 'input' || mending.has(choice.type));
}
