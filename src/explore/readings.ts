/** What a property looked at when it said no: the reason why it is broken, in the world's own words. */
import { unreachable } from '../core/errors.ts';
import type { World } from '../kernel/world.ts';
import type { Predicate, Property } from '../runtime/property.ts';
import type { System } from '../runtime/system.ts';
import type { ActorView, View } from '../runtime/view.ts';
import { viewOfWorld } from './view-of-world.ts';

/** One thing that was read: `rm1.value`, `rm1.context.votes`, `history`, `messages in flight`. */
export interface Reading {
  readonly value: unknown;
  readonly what: string;
}

/**
 * All that a property reads of a world, in the order of reading and each thing once; nothing where it
 * asks nothing or speaks of whole runs.
 */
export function readingsOf(system: System, property: Property, world: World): readonly Reading[] {
  const predicate = predicateOf(property);
  const readings = new Map<string, unknown>();
  const note = <T>(what: string, value: T): T => {
    if (!readings.has(what)) readings.set(what, value);
    return value;
  };
  predicate?.(noting(viewOfWorld(system.mechanics.rules, world), note));
  return [...readings].map(([what, value]) => ({ value, what }));
}

type Note = <T>(what: string, value: T) => T;

function predicateOf(property: Property): Predicate | undefined {
  switch (property.type) {
    case 'always':
    case 'never':
    case 'sometimes':
    case 'atQuiescence':
    case 'eventually':
      return property.holds;
    case 'deadlockFree':
      return property.isDone;
    case 'leadsTo':
      return property.to;
    case 'agree':
    case 'agreeAcross':
      return undefined;
    default:
      return unreachable(property);
  }
}

function noting(view: View, note: Note): View {
  return {
    actor: (address) => {
      const actor = view.actor(address);
      return actor === undefined ? note(address, undefined) : notingActor(actor, address, note);
    },
    addresses: () => note('actors', view.addresses()),
    messages: () => note('messages in flight', view.messages()),
    monitor: (name) => note(name, view.monitor(name)),
  };
}

function notingActor(actor: ActorView, address: string, note: Note): ActorView {
  const context = new Proxy(actor.context, {
    get: (target, key) =>
      typeof key === 'string' && Object.hasOwn(target, key)
        ? note(`${address}.context.${key}`, target[key])
        : undefined,
  });
  return {
    get context() {
      return context;
    },
    get error() {
      return note(`${address}.error`, actor.error);
    },
    get output() {
      return note(`${address}.output`, actor.output);
    },
    get status() {
      return note(`${address}.status`, actor.status);
    },
    get value() {
      return note(`${address}.value`, actor.value);
    },
  };
}
