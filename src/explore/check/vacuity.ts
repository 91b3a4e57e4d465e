/** Notices properties that hold because what they speak of never came. */
import { unreachable } from '../../core/errors.ts';
import { mapParts } from '../../runtime/property.ts';
import type { Predicate, Property } from '../../runtime/property.ts';
import type { View } from '../../runtime/view.ts';

/** A property that was not put to the test, and why. */
export interface Vacuous {
  readonly property: string;
  readonly why: string;
}

/** Properties that are watched while others ask them. */
export interface Watched {
  /** The same properties; whoever decides them tells this watch what it needs to know. */
  readonly properties: readonly Property[];
  /** Those that were not put to the test so far, and those that others know of. */
  readonly vacuous: (others: readonly string[]) => readonly Vacuous[];
}

/** Watches properties. */
export function watchProperties(properties: readonly Property[]): Watched {
  const watches = properties.map((property) => watch(property));
  return {
    properties: watches.map(({ property }) => property),
    vacuous: (others) =>
      watches.flatMap(({ property: { name }, why }) => {
        const reason =
          why() ?? (others.includes(name) ? 'what it speaks of never came' : undefined);
        return reason === undefined ? [] : [{ property: name, why: reason }];
      }),
  };
}

interface Watch {
  readonly property: Property;
  readonly why: () => string | undefined;
}

const neverAtRest = 'the system never came to rest';

function watch(property: Property): Watch {
  const actors = watchActors();
  const { through } = actors;
  switch (property.type) {
    case 'always':
    case 'never':
    case 'sometimes':
    case 'eventually':
      return {
        property: { ...property, holds: mapParts(property.holds, through) },
        why: actors.missing,
      };
    case 'atQuiescence':
      return {
        property: { ...property, holds: mapParts(property.holds, through) },
        why: () => (actors.wasAsked() ? actors.missing() : neverAtRest),
      };
    case 'deadlockFree':
      return {
        property: { ...property, isDone: mapParts(property.isDone, through) },
        why: () => (actors.wasAsked() ? actors.missing() : undefined),
      };
    case 'leadsTo': {
      let began = false;
      const from: Predicate = (view) => {
        const holds = property.from(view);
        began ||= holds;
        return holds;
      };
      return {
        property: { ...property, from: through(from), to: mapParts(property.to, through) },
        why: () => actors.missing() ?? (began ? undefined : 'what it starts from never was'),
      };
    }
    case 'agree':
    case 'agreeAcross':
      return { property, why: () => undefined };
    default:
      return unreachable(property);
  }
}

interface ActorWatch {
  /** What is wrong with the addresses that were asked for. */
  readonly missing: () => string | undefined;
  readonly through: (predicate: Predicate) => Predicate;
  readonly wasAsked: () => boolean;
}

/** Notices that a property only asks for actors that never were: most likely, a name is misspelt. */
function watchActors(): ActorWatch {
  const missing = new Set<string>();
  let found = 0;
  let asked = 0;
  const lookAt = (view: View): View => ({
    ...view,
    actor: (address) => {
      const actor = view.actor(address);
      if (actor === undefined) missing.add(address);
      else found += 1;
      return actor;
    },
  });
  return {
    missing: () =>
      found > 0 || missing.size === 0
        ? undefined
        : `it only asked for actors that never were: ${[...missing].join(', ')}`,
    through: (predicate) => (view) => {
      asked += 1;
      // What it asks for is of interest until it finds something.
      return predicate(found > 0 ? view : lookAt(view));
    },
    wasAsked: () => asked > 0,
  };
}
