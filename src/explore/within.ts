/** The bound on worlds, outside of which nothing is looked at. */
import { invariant } from '../core/errors.ts';
import type { World } from '../kernel/world.ts';
import type { System } from '../runtime/system.ts';
import { asked } from './verdict.ts';
import { viewOfWorld } from './view-of-world.ts';

/** What it is called where a property would have its name. */
export const boundName = 'within';

/** Whether a world of the plain kernel is to be looked at. */
export type Bound = (world: World) => boolean;

/** The bound of a system, if it has one. */
export function boundOf({ definition, mechanics: { rules } }: System): Bound | undefined {
  const { within } = definition;
  if (within === undefined) return undefined;
  const isWithin = asked(boundName, within);
  return (world) => isWithin(viewOfWorld(rules, world));
}

/**
 * Refuses a bound that leaves nothing to look at.
 *
 * @throws {SimulationError} `explore/nothing-within`.
 */
export function requireStartWithin(isWithin: boolean): void {
  invariant(
    isWithin,
    'explore/nothing-within',
    'The first world lies outside of what `within` says is to be looked at, so there is nothing to look ' +
      'at. Let it hold there.',
  );
}
