/** Properties that count how often they are really asked: an answer that is remembered counts nothing. */
import { unreachable } from '../../core/errors.ts';
import { mapParts } from '../../runtime/property.ts';
import type { Predicate, Property } from '../../runtime/property.ts';

/** Properties that count. */
export interface Asking {
  readonly count: () => number;
  readonly properties: readonly Property[];
}

/** Properties that count what they are asked. */
export function countAsking(properties: readonly Property[]): Asking {
  let count = 0;
  const counting =
    (ask: Predicate): Predicate =>
    (view) => {
      count += 1;
      return ask(view);
    };
  return {
    count: () => count,
    properties: properties.map((property): Property => {
      switch (property.type) {
        case 'deadlockFree':
          return { ...property, isDone: mapParts(property.isDone, counting) };
        case 'always':
        case 'never':
        case 'sometimes':
        case 'atQuiescence':
          return { ...property, holds: mapParts(property.holds, counting) };
        case 'agree':
        case 'agreeAcross':
        case 'eventually':
        case 'leadsTo':
          return property;
        default:
          return unreachable(property);
      }
    }),
  };
}
