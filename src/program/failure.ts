/**
 * Errors of user code as data. Between actors an error is its name and message; inside a generator it is
 * an `Error` again, so that `try` and `catch` work. Classes do not survive, names do: compare
 * `error.name`.
 */
import { messageOf } from '../core/errors.ts';

/** An error as plain data. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  /** The classes that its own is derived from, the nearest first, without `Error`; absent where there are none. */
  readonly bases?: readonly string[];
  /** What its class is constructed from, by name; absent where that is its text. */
  readonly parameters?: readonly string[];
}

/**
 * What the engines say when frozen data is changed (V8, SpiderMonkey, JavaScriptCore). One text of ours
 * replaces them, so that a run has the same contents in every browser.
 */
const mutations: readonly RegExp[] = [
  /^Cannot (?:assign to read only|add|delete|redefine|define) property:? '?(.+?)'?(?: of |, |$)/,
  /^(?:can't define property )?"?(.+?)"?(?: is read-only|: (?:Object|Array) is not extensible)/,
  /^Attempt(?:ed|ing) to (?:assign|define|add|delete).*(?:readonly|not extensible|configurable)/,
];

/** Whatever was thrown, as data. */
export function toFailure(thrown: unknown): Failure {
  if (!(thrown instanceof Error)) return { name: 'Error', message: messageOf(thrown) };
  if (thrown instanceof TypeError) {
    const found = mutations.map((pattern) => pattern.exec(thrown.message)).find((match) => match);
    if (found) return { name: thrown.name, message: frozenAdvice(found[1]) };
  }
  return { name: nameOf(thrown), message: thrown.message, ...classOf(thrown) };
}

/** The error that user code catches. Its stack is that of no host, for user code must not see one. */
export function toError({ name, message, ...ofClass }: Failure): Error {
  const error = Object.assign(new Error(message), ofClass);
  error.name = name;
  error.stack = `${name}: ${message}`;
  return error;
}

/** A class that does not say its name is known by that of its constructor, as in Python. */
function nameOf(error: Error): string {
  const prototype: unknown = Object.getPrototypeOf(error);
  const isNamed = Object.hasOwn(error, 'name') || Object.hasOwn(Object(prototype), 'name');
  return isNamed ? error.name : error.constructor.name;
}

/** What is known of its class: what the error says itself, or what it is made of. */
function classOf(error: Error): Pick<Failure, 'bases' | 'parameters'> {
  const bases = namesIn(error, 'bases') ?? ancestorsOf(error);
  const parameters = namesIn(error, 'parameters');
  return {
    ...(bases.length === 0 ? {} : { bases }),
    ...(parameters === undefined ? {} : { parameters }),
  };
}

function namesIn(error: object, key: string): readonly string[] | undefined {
  const names: unknown = Object.hasOwn(error, key) ? Reflect.get(error, key) : undefined;
  return Array.isArray(names) && names.every((name) => typeof name === 'string')
    ? names
    : undefined;
}

/** The names of the classes between that of the error and `Error`. */
function ancestorsOf(error: Error): readonly string[] {
  const names: string[] = [];
  const own: unknown = Object.getPrototypeOf(error);
  let at: unknown = own instanceof Error ? Object.getPrototypeOf(own) : undefined;
  while (at instanceof Error) {
    names.push(nameIn(at));
    at = Object.getPrototypeOf(at);
  }
  return names;
}

function nameIn(prototype: Error): string {
  return Object.hasOwn(prototype, 'name') ? prototype.name : prototype.constructor.name;
}

function frozenAdvice(property: string | undefined): string {
  const what = property === undefined ? 'a property' : `property "${property}"`;
  return (
    `Cannot change ${what} of frozen data. Arguments, answers and results are shared and never ` +
    'change: copy first, for instance [...list] or { ...record }.'
  );
}
