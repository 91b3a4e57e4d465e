/** What a property says of one world. */
import { messageOf, SimulationError, unreachable } from '../core/errors.ts';
import type { Predicate, Property } from '../runtime/property.ts';
import type { View } from '../runtime/view.ts';

/**
 * Whether a world breaks a property by itself. What is said of whole runs is broken by none.
 *
 * @param isQuiet whether the system has nothing left to do of its own there.
 * @throws {SimulationError} `explore/property-threw`, `explore/property-undecided`.
 */
export function isBrokenIn(property: Property, view: View, isQuiet: boolean): boolean {
  switch (property.type) {
    case 'always':
      return !asked(property.name, property.holds)(view);
    case 'never':
      return asked(property.name, property.holds)(view);
    case 'atQuiescence':
      return isQuiet && !asked(property.name, property.holds)(view);
    case 'deadlockFree':
      return isQuiet && !asked(property.name, property.isDone)(view);
    case 'agree':
    case 'agreeAcross':
    case 'eventually':
    case 'leadsTo':
    case 'sometimes':
      return false;
    default:
      return unreachable(property);
  }
}

/**
 * The question of the property `name`, whose mistakes carry that name. What is neither true nor false is a
 * mistake too: a promise, for one, would always count as true.
 */
export function asked(name: string, holds: Predicate): Predicate {
  const answer = observed(name, holds);
  return (view) => {
    const said: unknown = answer(view);
    if (typeof said === 'boolean') return said;
    throw new SimulationError(
      'explore/property-undecided',
      `The property "${name}" answered ${inWords(said)}. Let it answer true or false, and at once.`,
    );
  };
}

/** The first questions are asked so often, and these first ones once more. */
const often = { asks: 10, first: 10 };
const twice = { asks: 2, first: 1000 };

/**
 * The same, and the first questions are asked several times: a property that counts, draws or looks at a
 * clock says now this and now that of one world, and whatever is remembered of it would be worth nothing.
 *
 * @throws {SimulationError} `explore/property-not-pure` at an answer that differs from the one before.
 */
export function askedAgain(name: string, holds: Predicate): Predicate {
  const ask = asked(name, holds);
  let count = 0;
  return (view) => {
    const answer = ask(view);
    if (count >= twice.first) return answer;
    const { asks } = count < often.first ? often : twice;
    count += 1;
    for (let again = 1; again < asks; again += 1) if (ask(view) !== answer) throw notPure(name);
    return answer;
  };
}

function notPure(name: string): SimulationError {
  return new SimulationError(
    'explore/property-not-pure',
    `The property "${name}" gave two answers in one world. A property may use only the view that it is given: ` +
      'look for a variable outside of it, a clock or a random number.',
  );
}

/** Mistakes of the system that properties come upon, and name themselves. */
const ofSystem: readonly string[] = ['explore/bad-history', 'explore/no-monitor'];

/** What the property `name` observes; its mistakes carry that name. */
export function observed<Answer>(
  name: string,
  question: (view: View) => Answer,
): (view: View) => Answer {
  return (view) => {
    try {
      return question(view);
    } catch (thrown) {
      if (thrown instanceof SimulationError && ofSystem.includes(thrown.code)) throw thrown;
      throw new SimulationError(
        'explore/property-threw',
        `The property "${name}" threw: ${messageOf(thrown).replace(/\.$/, '')}. ` +
          `A property is a pure question; let it answer false where it cannot know.${missedBy(question, view)}`,
        { cause: thrown },
      );
    }
  };
}

/** What a question was told not to be there, which may be why it threw. */
function missedBy(question: (view: View) => unknown, view: View): string {
  const missing = new Set<string>();
  const noting: View = {
    ...view,
    actor: (address) => {
      const actor = view.actor(address);
      if (actor === undefined) missing.add(`no actor "${address}" there`);
      return actor;
    },
    monitor: (name) => {
      const state = view.monitor(name);
      if (state === undefined) missing.add(`no monitor "${name}"`);
      return state;
    },
  };
  try {
    question(noting);
  } catch {
    // It is known that it throws.
  }
  return missing.size === 0 ? '' : ` There is ${[...missing].join(', and ')}.`;
}

function inWords(value: unknown): string {
  if (value instanceof Promise) return 'with a promise';
  if (typeof value === 'string') return JSON.stringify(value);
  return typeof value === 'object' && value !== null ? 'with an object' : String(value);
}
