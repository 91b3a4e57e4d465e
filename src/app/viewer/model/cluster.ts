import { valuesOf } from '../../../core/persistent-map.ts';
import type { World } from '../../../kernel/world.ts';

/** Whether a world is one of workers that know of RPC, so that their references and passes can be drawn. */
export function isCluster(world: World): boolean {
  const workers = valuesOf(world.actors).filter(({ logic }) => logic === 'worker');
  // Somebody's own machine may have that name too; then it has not these tables.
  return workers.length > 0 && workers.every(({ local }) => hasTables(local['context']));
}

function hasTables(context: unknown): boolean {
  if (typeof context !== 'object' || context === null) return false;
  return ['agent', 'autograd', 'passes', 'rrefs', 'threads'].every((key) => key in context);
}
