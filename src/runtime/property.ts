/** What must hold, said of a readable view of the world. */
import type { System } from './system.ts';
import type { View } from './view.ts';

/** A property of systems. */
export type Property = WorldProperty | RestProperty | LivenessProperty | AgreementProperty;

/** Said of each world by itself. */
export type WorldProperty = {
  readonly type: 'always' | 'never' | 'sometimes';
  readonly name: string;
  readonly holds: Predicate;
};

/** Said of the worlds in which the system has nothing left to do. */
export type RestProperty =
  | { readonly type: 'atQuiescence'; readonly name: string; readonly holds: Predicate }
  | { readonly type: 'deadlockFree'; readonly name: string; readonly isDone: Predicate };

/** Said of whole runs, those that go on for ever among them. */
export type LivenessProperty =
  | { readonly type: 'eventually'; readonly name: string; readonly holds: Predicate }
  | {
      readonly type: 'leadsTo';
      readonly name: string;
      readonly from: Predicate;
      readonly to: Predicate;
    };

/** Said of all ends together. */
export type AgreementProperty =
  | { readonly type: 'agree'; readonly name: string; readonly observe: Observation }
  | {
      readonly type: 'agreeAcross';
      readonly name: string;
      readonly observe: Observation;
      readonly systems: readonly System[];
    };

/** A pure question about one world. */
export interface Predicate {
  (view: View): boolean;
}

/** What of a world is compared: plain data. */
export type Observation = (view: View) => unknown;

/** Several questions as one, which is answered with yes where all of them are. */
export interface Conjunction extends Predicate {
  readonly parts: readonly Predicate[];
}

/**
 * Whether all of these hold. A search remembers the answer to each part by what that part reads: what is
 * said of each actor by itself is best said so.
 */
export function allOf(parts: readonly Predicate[]): Conjunction {
  return Object.assign((view: View): boolean => parts.every((part) => part(view)), { parts });
}

/** The parts of a question; the question itself where it has none. */
export function partsOf(holds: Predicate): readonly Predicate[] {
  return isConjunction(holds) ? holds.parts.flatMap(partsOf) : [holds];
}

/** A question with something done to it, or to each of its parts. */
export function mapParts(holds: Predicate, change: (part: Predicate) => Predicate): Predicate {
  return isConjunction(holds) ? allOf(partsOf(holds).map(change)) : change(holds);
}

function isConjunction(holds: Predicate): holds is Conjunction {
  return 'parts' in holds;
}

/** Holds in every world. */
export function always(name: string, holds: Predicate): Property {
  return { holds, name, type: 'always' };
}

/** Holds in no world. */
export function never(name: string, holds: Predicate): Property {
  return { holds, name, type: 'never' };
}

/** Holds in some world: the proof that a check gets to what it speaks of. */
export function sometimes(name: string, holds: Predicate): Property {
  return { holds, name, type: 'sometimes' };
}

/** Holds wherever the system has nothing left to do, whatever the environment may still give it. */
export function atQuiescence(name: string, holds: Predicate): Property {
  return { holds, name, type: 'atQuiescence' };
}

/** The system only comes to rest where `isDone` says so; anywhere unless given means never. */
export function deadlockFree(isDone: Predicate = () => false, name = 'deadlock freedom'): Property {
  return { isDone, name, type: 'deadlockFree' };
}

/**
 * Holds at some moment of every fair run: of every run that ends where the system has nothing left to
 * do, and of every run without end in which whatever is owed for ever is done in the end. Owed are, each
 * by itself, the next message of every link (every message, where links have no order) and every set
 * timer; inputs and faults never are.
 *
 * @see Manna and Pnueli, "The Temporal Logic of Reactive and Concurrent Systems", 1992, section 2.4
 * (weak fairness, there "justice").
 */
export function eventually(name: string, holds: Predicate): LivenessProperty {
  return { holds, name, type: 'eventually' };
}

/** Whenever `from` holds in a fair run, `to` holds then or later. Fair is what `eventually` says. */
export function leadsTo(
  name: string,
  ends: { readonly from: Predicate; readonly to: Predicate },
): LivenessProperty {
  // What is neither is refused by name where a system is defined.
  return { ...ends, name, type: 'leadsTo' };
}

/**
 * All ends of the system give one observation. An end is a world in which the system has nothing left
 * to do and the environment nothing left to give; faults that might have come need not.
 */
export function agree(name: string, observe: Observation): Property {
  return { name, observe, type: 'agree' };
}

/** All ends of the system that is checked and of its variants give one observation. */
export function agreeAcross(
  name: string,
  systems: readonly System[],
  observe: Observation,
): Property {
  return { name, observe, systems, type: 'agreeAcross' };
}
