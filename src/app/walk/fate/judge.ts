/** What a run is up to as far as one property is concerned, world by world. */
import { unreachable } from '../../../core/errors.ts';
import { goalOf } from '../../../explore/shrink/goal.ts';
import { asked } from '../../../explore/verdict.ts';
import { viewOfWorld } from '../../../explore/view-of-world.ts';
import type { World } from '../../../kernel/world.ts';
import type { Predicate, Property } from '../../../runtime/property.ts';
import type { System } from '../../../runtime/system.ts';

/**
 * Decided for good (`fails`, `passes`), or not yet: `open` passes if nothing more comes, `owing` fails then,
 * for something that must come has not.
 */
export type Phase = 'fails' | 'open' | 'owing' | 'passes';

/** The phase in a world, given that in the world before it; `undefined` before the first. */
export type Judge = (before: Phase | undefined, world: World) => Phase;

/** How runs are judged by a property; `undefined` for one that no run by itself breaks. */
export function judgeOf(system: System, property: Property): Judge | undefined {
  switch (property.type) {
    case 'always':
    case 'never':
    case 'atQuiescence':
    case 'deadlockFree': {
      const goal = goalOf(system, property);
      return (before, world) => (before === 'fails' || goal?.(world) === true ? 'fails' : 'open');
    }
    case 'eventually': {
      const comes = inWorlds(system, property.name, property.holds);
      return (before, world) => (before === 'passes' || comes(world) ? 'passes' : 'owing');
    }
    case 'leadsTo': {
      const opens = inWorlds(system, property.name, property.from);
      const comes = inWorlds(system, property.name, property.to);
      return (before, world) =>
        (before === 'owing' || opens(world)) && !comes(world) ? 'owing' : 'open';
    }
    case 'sometimes':
    case 'agree':
    case 'agreeAcross':
      return undefined;
    default:
      return unreachable(property);
  }
}

/** The phases along a run. */
export function phasesOf(judge: Judge, worlds: readonly World[]): readonly Phase[] {
  const phases: Phase[] = [];
  for (const world of worlds) phases.push(judge(phases.at(-1), world));
  return phases;
}

function inWorlds(system: System, name: string, holds: Predicate): (world: World) => boolean {
  const answer = asked(name, holds);
  return (world) => answer(viewOfWorld(system.mechanics.rules, world));
}
