/** What a run must still show while it is made smaller. */
import { SimulationError } from '../../core/errors.ts';
import type { World } from '../../kernel/world.ts';
import type { Property } from '../../runtime/property.ts';
import type { System } from '../../runtime/system.ts';
import { isBrokenIn } from '../verdict.ts';
import { viewOfWorld } from '../view-of-world.ts';

/** Whether a world shows that the property is broken. */
export type Goal = (world: World) => boolean;

/**
 * The goal of a property that one world can break.
 *
 * @throws {SimulationError} `explore/nothing-to-shrink` for one that no single world breaks.
 */
export function goalOf(system: System, property: Property): Goal {
  const { rules } = system.mechanics;
  switch (property.type) {
    case 'always':
    case 'never':
      return (world) => isBrokenIn(property, viewOfWorld(rules, world), false);
    case 'atQuiescence':
    case 'deadlockFree':
      return (world) =>
        system.dullest(world) === undefined &&
        isBrokenIn(property, viewOfWorld(rules, world), true);
    default:
      throw new SimulationError(
        'explore/nothing-to-shrink',
        `No single world breaks "${property.name}" (${property.type}), so there is no run of it to shrink. ` +
          'Shrink what breaks an always, never, atQuiescence or deadlockFree.',
      );
  }
}
