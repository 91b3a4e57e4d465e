/** What a run must still come to while it is made smaller, and what it must not pass on the way. */
import { canonical } from '../../core/canonical.ts';
import { digest, formatDigest } from '../../core/digest.ts';
import { unreachable } from '../../core/errors.ts';
import { isExternal } from '../../kernel/choice.ts';
import type { World } from '../../kernel/world.ts';
import type { LivenessProperty, Observation, Predicate, Property } from '../../runtime/property.ts';
import type { System } from '../../runtime/system.ts';
import { asked, observed } from '../verdict.ts';
import { viewOfWorld } from '../view-of-world.ts';
import { boundOf } from '../within.ts';
import { goalOf } from './goal.ts';

/**
 * How far a run has come: it broke the property (`met`), can no more do so (`lost`), waits for what must
 * come (`waiting`), or none of these.
 */
export type Mood = 'lost' | 'met' | 'open' | 'waiting';

/** Looks at the worlds of a run, one after the other. */
export type Aim = (world: World, before: Mood) => Mood;

/** The worlds of the run that is made smaller. */
export interface Model {
  /** The hashes of the worlds in which it goes round, if it does. */
  readonly round: readonly string[];
  readonly last: World;
}

/**
 * The aim of a property and of a run that breaks it; `undefined` where no run can. Outside of the
 * system's bound on worlds nothing is found.
 */
export function aimOf(system: System, property: Property, model: Model): Aim | undefined {
  const aim = unboundAim(system, property, model);
  const isWithin = boundOf(system);
  if (aim === undefined || isWithin === undefined) return aim;
  return (world, before) => (isWithin(world) ? aim(world, before) : 'lost');
}

function unboundAim(system: System, property: Property, model: Model): Aim | undefined {
  switch (property.type) {
    case 'eventually':
    case 'leadsTo':
      return livenessAim(system, property, model.round);
    case 'agree':
    case 'agreeAcross':
      return endAim(system, property, model.last);
    case 'always':
    case 'atQuiescence':
    case 'deadlockFree':
    case 'never':
    case 'sometimes': {
      const isBroken = goalOf(system, property);
      return isBroken && ((world) => (isBroken(world) ? 'met' : 'open'));
    }
    default:
      return unreachable(property);
  }
}

/** To wait where the run ends, or in a world from which it goes round. */
function livenessAim(system: System, property: LivenessProperty, round: readonly string[]): Aim {
  const holds = (predicate: Predicate, world: World): boolean =>
    predicate(viewOfWorld(system.mechanics.rules, world));
  const rounds = new Set(round);
  const isThere = (world: World): boolean =>
    rounds.size === 0 ? system.dullest(world) === undefined : rounds.has(system.hash(world));
  if (property.type === 'eventually') {
    const comes = asked(property.name, property.holds);
    return (world) => (holds(comes, world) ? 'lost' : isThere(world) ? 'met' : 'open');
  }
  const [opens, comes] = [asked(property.name, property.from), asked(property.name, property.to)];
  return (world, before) => {
    const waits = (before === 'waiting' || holds(opens, world)) && !holds(comes, world);
    if (!waits) return 'open';
    return isThere(world) ? 'met' : 'waiting';
  };
}

/** To end where the run ends, as the property sees it. */
function endAim(
  system: System,
  { name, observe }: { readonly name: string; readonly observe: Observation },
  last: World,
): Aim {
  const ending = (world: World): string => {
    const value = observed(name, observe)(viewOfWorld(system.mechanics.rules, world));
    return formatDigest(digest(canonical(value, name)));
  };
  const wanted = ending(last);
  return (world) => (isEnd(system, world) && ending(world) === wanted ? 'met' : 'open');
}

/** Whether the system has nothing left to do and the environment nothing left to give; faults may come. */
function isEnd(system: System, world: World): boolean {
  if (system.dullest(world) !== undefined) return false;
  return system.choices(world).every((choice) => isExternal(choice) && choice.type !== 'input');
}
