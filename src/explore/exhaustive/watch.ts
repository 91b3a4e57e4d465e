/** Looks at each world of a search with the eyes of its properties. */
import { unreachable } from '../../core/errors.ts';
import type { Property } from '../../runtime/property.ts';
import { createDecision } from '../interned/decision.ts';
import type { Walker } from '../interned/walker.ts';
import { createLiveness } from '../liveness/liveness.ts';
import type { Liveness } from '../liveness/liveness.ts';
import { asked } from '../verdict.ts';
import { createAgreement } from './agreement.ts';
import type { Agreement } from './agreement.ts';
import type { Rest } from './expansion.ts';

/** What properties have to say of the worlds that were looked at. */
export interface Watch {
  readonly agreements: readonly Agreement[];
  /** What is broken, and where it was seen. */
  readonly broken: () => readonly Broken[];
  readonly liveness: readonly Liveness[];
  /** Looks at a world; whether something broke. */
  readonly look: (vector: Int32Array, state: number, rest: Rest) => boolean;
  /** The `sometimes` properties that never held. */
  readonly missed: () => readonly string[];
  /** The `sometimes` properties that were seen to hold. */
  readonly reached: () => readonly string[];
  /** Properties that hold because what they speak of was never seen. */
  readonly vacuous: () => readonly string[];
}

/** A broken property, the world in which it was seen, and the one with which that does not agree. */
export interface Broken {
  readonly other?: number;
  readonly property: string;
  readonly state: number;
}

/** A watch over properties. */
export function createWatch(walker: Walker, properties: readonly Property[]): Watch {
  const reached = new Set<string>();
  const agreements: Agreement[] = [];
  const liveness: Liveness[] = [];
  const rested = new Set<string>();
  const broken: Broken[] = [];
  const looks = properties.map((property): Look => {
    const { name } = property;
    const found = (state: number): Broken => ({ property: name, state });
    switch (property.type) {
      case 'always':
      case 'never': {
        const decide = createDecision(walker.space, asked(name, property.holds));
        const isGood = property.type === 'always';
        return (vector, state) => (decide(vector) === isGood ? undefined : found(state));
      }
      case 'sometimes': {
        const decide = createDecision(walker.space, asked(name, property.holds));
        return (vector) => {
          if (!reached.has(name) && decide(vector)) reached.add(name);
          return undefined;
        };
      }
      case 'atQuiescence':
      case 'deadlockFree': {
        const ask = property.type === 'deadlockFree' ? property.isDone : property.holds;
        const decide = createDecision(walker.space, asked(name, ask));
        return (vector, state, rest) => {
          if (rest === 'busy') return undefined;
          rested.add(name);
          return decide(vector) ? undefined : found(state);
        };
      }
      case 'eventually':
      case 'leadsTo': {
        const made = createLiveness(walker, property);
        liveness.push(made);
        return (vector, state) => {
          made.look(vector, state);
          return undefined;
        };
      }
      case 'agree':
      case 'agreeAcross': {
        const made = createAgreement(walker.space, property);
        agreements.push(made);
        return (vector, state, rest) => {
          const other = rest === 'over' ? made.look(vector, state) : undefined;
          return other === undefined ? undefined : { ...found(state), other };
        };
      }
      default:
        return unreachable(property);
    }
  });
  const names = (wanted: readonly Property['type'][], isWanted: (name: string) => boolean) =>
    properties.flatMap(({ name, type }) => (wanted.includes(type) && isWanted(name) ? [name] : []));
  return {
    agreements,
    broken: () => broken,
    liveness,
    look: (vector, state, rest) => {
      for (const look of looks) {
        const seen = look(vector, state, rest);
        if (seen !== undefined) broken.push(seen);
      }
      return broken.length > 0;
    },
    missed: () => names(['sometimes'], (name) => !reached.has(name)),
    reached: () => [...reached],
    vacuous: () => [
      ...names(['atQuiescence'], (name) => !rested.has(name)),
      ...liveness.flatMap(({ isVacuous, property }) => (isVacuous() ? [property.name] : [])),
      ...agreements.flatMap(({ isVacuous, property }) => (isVacuous() ? [property.name] : [])),
    ],
  };
}

type Look = (vector: Int32Array, state: number, rest: Rest) => Broken | undefined;
