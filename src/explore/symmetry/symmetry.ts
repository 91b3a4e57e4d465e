/** Search up to the exchange of interchangeable actors, and the proof that they are. */
import { SimulationError, unreachable } from '../../core/errors.ts';
import type { Property } from '../../runtime/property.ts';
import { createDecision } from '../interned/questions/decision.ts';
import type { Decision } from '../interned/questions/decision.ts';
import type { Walker } from '../interned/steps/walker.ts';
import { asked } from '../verdict.ts';
import { boundName } from '../within.ts';
import { asymmetric, exchangesOf, membersOf } from './members.ts';
import { createRelabel } from './relabel.ts';
import { createRepresentative } from './representative.ts';
import type { Representative } from './representative.ts';

/** A symmetry of a system. */
export interface Symmetry {
  /**
   * Exchanges two neighbours in a world, and throws if anything but names is different then: what may
   * follow, or what a property says.
   */
  readonly audit: (vector: Int32Array, state: number) => void;
  readonly representative: Representative;
}

/**
 * The symmetry of a system in which the actors of each group are interchangeable.
 *
 * @throws {SimulationError} `explore/not-symmetric` where they are not, `explore/symmetry-unsupported`
 * for properties that are said of whole runs.
 */
export function createSymmetry(
  walker: Walker,
  groups: readonly (readonly string[])[],
  properties: readonly Property[],
): Symmetry {
  const { space } = walker;
  const members = membersOf(space, groups);
  const relabel = createRelabel(space, members);
  const representative = createRepresentative(space, members, relabel);
  const exchanges = exchangesOf(members);
  const { isWithin } = walker;
  const questions = [
    ...properties.map((property) => questionOf(walker, property)),
    ...(isWithin === undefined ? [] : [{ decide: isWithin, name: boundName }]),
  ];
  const first = walker.first();
  for (const exchange of exchanges) {
    const other = relabel.apply(first, exchange);
    const slot = other.findIndex((cell, index) => cell !== (first[index] ?? 0));
    if (slot >= 0)
      throw asymmetric(`at the start "${nameOf(walker, slot)}" does not treat them alike`);
  }
  const followers = (vector: Int32Array): readonly string[] => {
    const found: string[] = [];
    walker.expand(vector, ({ label }) => {
      const next = Int32Array.from(space.slots, (_, slot) => walker.change.at(slot));
      found.push(`${label.type} ${representative(next).join()}`);
    });
    return found.toSorted();
  };
  return {
    audit: (vector, state) => {
      const exchange = exchanges[state % exchanges.length];
      if (exchange === undefined) return;
      const world = vector.slice(0, space.slots.length);
      const other = relabel.apply(world, exchange);
      for (const { decide, name } of questions) {
        if (decide(world) !== decide(other))
          throw asymmetric(`the property "${name}" tells them apart`);
      }
      if (followers(world).join() !== followers(other).join()) {
        throw asymmetric(
          'in one world that was found, not the same may follow when they are exchanged',
        );
      }
    },
    representative,
  };
}

interface Question {
  readonly decide: Decision;
  readonly name: string;
}

function questionOf({ space }: Walker, property: Property): Question {
  const { name } = property;
  switch (property.type) {
    case 'eventually':
    case 'leadsTo':
    case 'agree':
    case 'agreeAcross':
      throw new SimulationError(
        'explore/symmetry-unsupported',
        `"${name}" is said of whole runs, which a search up to symmetry does not tell apart. ` +
          'Check it in a search of its own, without symmetry.',
      );
    case 'deadlockFree':
      return { decide: createDecision(space, asked(name, property.isDone)), name };
    case 'always':
    case 'atQuiescence':
    case 'never':
    case 'sometimes':
      return { decide: createDecision(space, asked(name, property.holds)), name };
    default:
      return unreachable(property);
  }
}

function nameOf({ space }: Walker, slot: number): string {
  return space.slots[slot]?.address ?? 'the network or a monitor';
}
