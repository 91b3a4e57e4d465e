/** How a definition is looked at, and how a mistake in it is named: by its place, what is there, and what should be. */
import { invariant } from '../core/errors.ts';

/** What is at a place of a definition, and what should be. */
export interface Expected {
  readonly key: string;
  readonly value: unknown;
  readonly wanted: string;
}

/**
 * Refuses what has not the form that it should have.
 *
 * @throws {SimulationError} `runtime/bad-definition`.
 */
export function requireForm(condition: boolean, { key, value, wanted }: Expected): void {
  invariant(
    condition,
    'runtime/bad-definition',
    `In the definition of a system, ${key} is ${inWords(value)}. Give ${wanted}.`,
  );
}

/** Refuses an object with a key that means nothing: misspelt, it would be as good as left out. */
export function requireKeys(place: string, value: object, known: readonly string[]): void {
  for (const key of Object.keys(value)) {
    invariant(
      known.includes(key),
      'runtime/bad-definition',
      `In the definition of a system, ${place}${key} means nothing. ` +
        `Known are: ${known.join(', ')}.`,
    );
  }
}

/** Refuses what is none of some words; it may be left out. */
export function requireWord(key: string, value: unknown, words: readonly string[]): void {
  const wanted = words.map((word) => `"${word}"`).join(' or ');
  requireForm(value === undefined || words.some((word) => word === value), { key, value, wanted });
}

/** Refuses what is no list of texts. */
export function requireTexts(key: string, value: unknown, wanted: string): void {
  const isTexts = Array.isArray(value) && value.every((member) => typeof member === 'string');
  requireForm(isTexts, { key, value, wanted });
}

/** The members of a list, each with its place; refuses what is no list. */
export function membersOf<Member>(
  key: string,
  value: readonly Member[],
  wanted: string,
): readonly (readonly [key: string, member: Member])[] {
  requireForm(Array.isArray(value), { key, value, wanted });
  return value.map((member, index) => [`${key}[${index}]`, member]);
}

/** The keys of some options, all of which must be named. */
export function keys<Options>(all: Readonly<Record<keyof Options, true>>): readonly string[] {
  return Object.keys(all);
}

/** Whether something is an object and no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether something is a whole number that counts. */
export function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** What something is, for people. */
export function inWords(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Promise) return 'a promise';
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? 'a list' : 'an object';
  return typeof value === 'function' ? 'a function' : String(value);
}
