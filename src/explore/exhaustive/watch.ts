/** Looks at each world of a search with the eyes of its properties. */
import { SimulationError } from '../../core/errors.ts';
import type { Predicate, Property } from '../../runtime/property.ts';
import { createDecision } from '../interned/decision.ts';
import type { Decision } from '../interned/decision.ts';
import type { Space } from '../interned/space.ts';
import { asked } from '../verdict.ts';

/** What properties have to say of the worlds that were looked at. */
export interface Watch {
  /** What is broken, and the world in which it was seen. */
  readonly broken: () => readonly Broken[];
  /** Looks at a world; whether something broke. `isQuiet`: the system has nothing left to do of its own. */
  readonly look: (vector: Int32Array, state: number, isQuiet: boolean) => boolean;
  /** The `sometimes` properties that never held. */
  readonly missed: () => readonly string[];
  /** The `sometimes` properties that were seen to hold. */
  readonly reached: () => readonly string[];
}

/** A broken property. */
export interface Broken {
  readonly property: string;
  readonly state: number;
}

/** A watch over properties. */
export function createWatch(space: Space, properties: readonly Property[]): Watch {
  const watched = properties.map((property) => ({
    decide: createDecision(space, asked(property.name, predicateOf(property))),
    property,
  }));
  const broken: Broken[] = [];
  const reached = new Set<string>();
  return {
    broken: () => broken,
    look: (vector, state, isQuiet) => {
      for (const { decide, property } of watched) {
        if (property.type === 'sometimes') {
          if (!reached.has(property.name) && decide(vector)) reached.add(property.name);
        } else if (isBroken({ decide, property }, vector, isQuiet)) {
          broken.push({ property: property.name, state });
        }
      }
      return broken.length > 0;
    },
    missed: () =>
      properties.flatMap(({ name, type }) =>
        type === 'sometimes' && !reached.has(name) ? [name] : [],
      ),
    reached: () => [...reached],
  };
}

interface Watched {
  readonly decide: Decision;
  readonly property: Property;
}

function isBroken({ decide, property }: Watched, vector: Int32Array, isQuiet: boolean): boolean {
  switch (property.type) {
    case 'always':
      return !decide(vector);
    case 'never':
      return decide(vector);
    case 'atQuiescence':
    case 'deadlockFree':
      return isQuiet && !decide(vector);
    default:
      return false;
  }
}

function predicateOf(property: Property): Predicate {
  switch (property.type) {
    case 'deadlockFree':
      return property.isDone;
    case 'eventually':
    case 'leadsTo':
    case 'agree':
    case 'agreeAcross':
      throw new SimulationError(
        'explore/unknown-property',
        `This search cannot decide "${property.name}", which is said of whole runs. Leave it out.`,
      );
    default:
      return property.holds;
  }
}
