/**
 * The functions of user code by name. Data holds names and never functions, so that a history can be
 * hashed, stored and replayed in another process that has the same registry.
 */
import { invariant } from '../core/errors.ts';
import { createLivePrograms } from './live-programs.ts';
import type { LivePrograms } from './live-programs.ts';
import type { Program } from './request.ts';

/** A generator function that yields requests, or a plain function; its arguments are plain data. */
export type UserFunction = (...args: never[]) => unknown;

/** User functions by name. */
export type Functions = Readonly<Record<string, UserFunction>>;

/** What a user function ends with: the return value of a generator, or of a plain function. */
export type ResultOf<Fn extends UserFunction> =
  ReturnType<Fn> extends Generator<unknown, infer Result, never> ? Result : ReturnType<Fn>;

/** A function by its name, with its arguments: plain data. */
export interface Call {
  readonly fn: string;
  readonly args: readonly unknown[];
}

/** The functions that user code can be called by, and their types. */
export interface FunctionRegistry<F extends Functions = Functions> {
  /** The names, in alphabetical order. */
  readonly names: readonly string[];
  /** Generators that wait at a request: a cache, of which nobody can notice whether it is there. */
  readonly live: LivePrograms;
  /** A call as data. @throws {SimulationError} `program/unknown-function` */
  toCall<Name extends keyof F & string>(fn: Name, args: Readonly<Parameters<F[Name]>>): Call;
  /** The name of `fn`. @throws {SimulationError} `program/unknown-function` */
  nameOf(fn: UserFunction): string;
  /** Whether a function has this name. */
  has(name: string): boolean;
  /** The program that a call stands for, before its first step; a plain function is one without requests. */
  start(call: Call): Program<unknown>;
}

/**
 * A registry of these functions.
 *
 * @throws {SimulationError} `program/bad-name` for a name that does not begin with a letter,
 * `program/same-function` when a function has two names.
 */
export function defineFunctions<const F extends Functions>(functions: F): FunctionRegistry<F> {
  const byName = new Map<string, UserFunction>();
  const nameByFunction = new Map<UserFunction, string>();
  for (const [name, fn] of Object.entries(functions)) {
    checkName(name);
    const other = nameByFunction.get(fn);
    invariant(
      other === undefined,
      'program/same-function',
      `One function has two names, "${other}" and "${name}". Register it once.`,
    );
    byName.set(name, fn);
    nameByFunction.set(fn, name);
  }
  const names = Object.freeze([...byName.keys()].toSorted());

  return Object.freeze({
    names,
    live: createLivePrograms(),
    toCall(fn: string, args: readonly unknown[]) {
      invariant(
        byName.has(fn),
        'program/unknown-function',
        unknownFunction(`Function "${fn}"`, names),
      );
      return { fn, args };
    },
    has: (name: string) => byName.has(name),
    nameOf(fn: UserFunction) {
      const name = nameByFunction.get(fn);
      invariant(
        name !== undefined,
        'program/unknown-function',
        unknownFunction(
          fn.name === '' ? 'A function without a name' : `Function "${fn.name}"`,
          names,
        ),
      );
      return name;
    },
    start({ fn, args }: Call) {
      const found = byName.get(fn);
      invariant(found !== undefined, 'program/unknown-function', unknownFunction(`"${fn}"`, names));
      return toProgram(found, args);
    },
  });
}

/** One form for both kinds of function. */
function* toProgram(fn: UserFunction, args: readonly unknown[]): Program<unknown> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checked where the call was typed; names erase it
  const result = fn(...(args as readonly never[]));
  return isProgram(result) ? yield* result : result;
}

/** Data has no methods, so what has these is a generator. */
function isProgram(value: unknown): value is Program<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'next' in value &&
    typeof value.next === 'function' &&
    Symbol.iterator in value
  );
}

function checkName(name: string): void {
  invariant(
    /^[A-Za-z][\w.-]*$/.test(name),
    'program/bad-name',
    `"${name}" cannot name a function. Begin with a letter; go on with letters, digits, "_", "-" and ".".`,
  );
}

function unknownFunction(what: string, names: readonly string[]): string {
  return `${what} is not registered. Known are ${names.join(', ') || 'none'}. Add it to defineFunctions.`;
}
