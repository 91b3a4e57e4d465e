/** Looks at each world of a search with the eyes of its properties. */
import { unreachable } from '../../core/errors.ts';
import { partsOf } from '../../runtime/property.ts';
import type { Predicate, Property } from '../../runtime/property.ts';
import { createQuestion } from '../interned/questions/decision.ts';
import type { Decision, Question } from '../interned/questions/decision.ts';
import type { Walker } from '../interned/steps/walker.ts';
import { createLiveness } from '../liveness/liveness.ts';
import type { Liveness } from '../liveness/liveness.ts';
import { askedAgain } from '../verdict.ts';
import { createAgreement } from './agreement.ts';
import type { Agreement } from './agreement.ts';
import type { Rest } from './expansion.ts';

/** What properties have to say of the worlds that were looked at. */
export interface Watch {
  readonly agreements: readonly Agreement[];
  /** What is asked of each world by itself. */
  readonly asked: readonly Asked[];
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

/** What a property asks of worlds: all its questions must be answered with yes, or, for `never`, not all. */
export interface Asked {
  /** Asks of a world what is asked of every one, for what is learned by that alone; nothing is noted. */
  readonly consider: (vector: Int32Array) => void;
  /** Whether it needs not be asked any more. */
  readonly isOver: () => boolean;
  /** Whether it is still to be noted that there was something to ask about. */
  readonly isUnseen: () => boolean;
  readonly kind: 'always' | 'never' | 'rest' | 'sometimes';
  readonly questions: readonly Question[];
}

/** A watch over properties. */
export function createWatch(walker: Walker, properties: readonly Property[]): Watch {
  const notes: Notes = {
    agreements: [],
    asked: [],
    liveness: [],
    reached: new Set(),
    rested: new Set(),
  };
  const { agreements, liveness, reached, rested } = notes;
  const broken: Broken[] = [];
  const looks = properties.map((property) => lookOf(walker, notes, property));
  const unseen = (type: Property['type'], seen: ReadonlySet<string>): readonly string[] =>
    properties.flatMap((one) => (one.type === type && !seen.has(one.name) ? [one.name] : []));
  return {
    agreements,
    asked: notes.asked,
    broken: () => broken,
    liveness,
    look: (vector, state, rest) => {
      for (const look of looks) {
        const seen = look(vector, state, rest);
        if (seen !== undefined) broken.push(seen);
      }
      return broken.length > 0;
    },
    missed: () => unseen('sometimes', reached),
    reached: () => [...reached],
    vacuous: () => [
      ...unseen('atQuiescence', rested),
      ...[...liveness, ...agreements].flatMap(({ isVacuous, property }) =>
        isVacuous() ? [property.name] : [],
      ),
    ],
  };
}

/** What looks leave behind. */
interface Notes {
  readonly agreements: Agreement[];
  readonly asked: Asked[];
  readonly liveness: Liveness[];
  readonly reached: Set<string>;
  /** The properties that were asked where the system rests. */
  readonly rested: Set<string>;
}

type Look = (vector: Int32Array, state: number, rest: Rest) => Broken | undefined;

function lookOf(walker: Walker, notes: Notes, property: Property): Look {
  const { name } = property;
  const decisionOf = (kind: Asked['kind'], predicate: Predicate): Decision => {
    const questions = partsOf(predicate).map((part) =>
      createQuestion(walker.space, askedAgain(name, part)),
    );
    const [first] = questions;
    const decide: Decision =
      first !== undefined && questions.length === 1
        ? first.decide
        : (vector) => questions.every((question) => question.decide(vector));
    const isOver = (): boolean => kind === 'sometimes' && notes.reached.has(name);
    notes.asked.push({
      consider: (vector) => {
        // Whether the system rests there nobody has said yet.
        if (kind === 'rest') for (const { glance } of questions) glance(vector);
        else if (!isOver()) decide(vector);
      },
      isOver,
      isUnseen: () => kind === 'rest' && !notes.rested.has(name),
      kind,
      questions,
    });
    return decide;
  };
  switch (property.type) {
    case 'always':
    case 'never': {
      const decide = decisionOf(property.type, property.holds);
      const isGood = property.type === 'always';
      return (vector, state) => (decide(vector) === isGood ? undefined : { property: name, state });
    }
    case 'sometimes': {
      const decide = decisionOf('sometimes', property.holds);
      let isReached = false;
      return (vector) => {
        if (isReached || !decide(vector)) return undefined;
        isReached = true;
        notes.reached.add(name);
        return undefined;
      };
    }
    case 'atQuiescence':
      return lookAtRest(notes, name, decisionOf('rest', property.holds));
    case 'deadlockFree':
      return lookAtRest(notes, name, decisionOf('rest', property.isDone));
    case 'eventually':
    case 'leadsTo': {
      const made = createLiveness(walker, property);
      notes.liveness.push(made);
      return (vector, state) => {
        made.look(vector, state);
        return undefined;
      };
    }
    case 'agree':
    case 'agreeAcross': {
      const made = createAgreement(walker.space, property);
      notes.agreements.push(made);
      return (vector, state, rest) => {
        const other = rest === 'over' ? made.look(vector, state) : undefined;
        return other === undefined ? undefined : { other, property: name, state };
      };
    }
    default:
      return unreachable(property);
  }
}

function lookAtRest({ rested }: Notes, name: string, decide: Decision): Look {
  return (vector, state, rest) => {
    if (rest === 'busy') return undefined;
    rested.add(name);
    return decide(vector) ? undefined : { property: name, state };
  };
}
