/** What a run must still show while it is made smaller. */
import { unreachable } from '../../core/errors.ts';
import type { World } from '../../kernel/world.ts';
import type { Property } from '../../runtime/property.ts';
import type { System } from '../../runtime/system.ts';
import { isBrokenIn } from '../verdict.ts';
import { viewOfWorld } from '../view-of-world.ts';

/** Whether a world shows that the property is broken. */
export type Goal = (world: World) => boolean;

/** The goal of a property; `undefined` for one that no single world breaks. */
export function goalOf(system: System, property: Property): Goal | undefined {
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
    case 'agree':
    case 'agreeAcross':
    case 'eventually':
    case 'leadsTo':
    case 'sometimes':
      return undefined;
    default:
      return unreachable(property);
  }
}
