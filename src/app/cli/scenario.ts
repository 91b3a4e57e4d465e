/** A system with a name and parameters, to be made anew whenever a trace of it is replayed. */
import { invariant, SimulationError } from '../../core/errors.ts';
import type { Run } from '../../kernel/run.ts';
import type { System } from '../../runtime/system.ts';
import type { Json } from '../../trace/trace.ts';
import type { Label } from '../../trace/words.ts';

/** The values of a scenario's parameters. */
export type Params = Readonly<Record<string, Json>>;

/** What `orrery list` lists. */
export interface Scenario {
  readonly description: string;
  /** The system; traces name it by its own name, so one of the listed ones is called as listed. */
  readonly make: (params: Params) => System;
  /** The parameters with what they are unless given; a value has the type of its default. */
  readonly params: Params;
  /** How its messages are named in logs and diagrams. */
  readonly label?: Label;
  /** Mistakes that the parameter "bug" plants, and what each is. */
  readonly bugs?: Readonly<Record<string, string>>;
  /** What came of a run, for people. */
  readonly outcome?: (run: Run, params: Params) => unknown;
}

/** A scenario made into a system. */
export interface Staged {
  readonly params: Params;
  readonly scenario: Scenario;
  readonly system: System;
}

/** Makes the system; parameters that are not given keep their defaults. */
export function stage(name: string, scenario: Scenario, given: Params): Staged {
  const params = complete(name, scenario.params, given);
  return { params, scenario, system: scenario.make(params) };
}

/**
 * Parameters of the form `name=value`.
 *
 * @throws {SimulationError} `cli/bad-param`, `cli/unknown-param`.
 */
export function parseParams(name: string, defaults: Params, texts: readonly string[]): Params {
  return Object.fromEntries(
    texts.map((text) => {
      const [, key = '', value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
      invariant(key !== '', 'cli/bad-param', `"${text}" is no parameter. Write it as name=value.`);
      return [key, parseValue(key, value, defaultOf(name, defaults, key))];
    }),
  );
}

/** Parameters as one writes them behind a scenario's name. */
export function paramWords(params: Params): readonly string[] {
  return Object.entries(params).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
}

/** One of a scenario's parameters as a whole number within bounds. */
export function wholeNumber(
  params: Params,
  key: string,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  const value = params[key];
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max)
    return value;
  throw new SimulationError(
    'cli/bad-param',
    `The parameter "${key}" is ${JSON.stringify(value)}. Give a whole number from ${min} to ${max}.`,
  );
}

/** One of a scenario's parameters as one of these words. */
export function word<Word extends string>(
  params: Params,
  key: string,
  words: readonly Word[],
): Word {
  const value = params[key];
  const found = words.find((one) => one === value);
  if (found !== undefined) return found;
  throw new SimulationError(
    'cli/bad-param',
    `The parameter "${key}" is ${JSON.stringify(value)}. Give one of ${words.join(', ')}.`,
  );
}

/** One of a scenario's parameters as yes or no. */
export function flag(params: Params, key: string): boolean {
  const value = params[key];
  if (typeof value === 'boolean') return value;
  throw new SimulationError(
    'cli/bad-param',
    `The parameter "${key}" is ${JSON.stringify(value)}. Give true or false.`,
  );
}

/** One of a scenario's parameters as some of the numbers from 1 to `max`: `all`, `none`, or as `1,3`. */
export function someOf(params: Params, key: string, max: number): readonly number[] {
  const value = params[key];
  const all = Array.from({ length: max }, (_, index) => index + 1);
  if (value === 'all') return all;
  if (value === 'none') return [];
  const given = typeof value === 'string' ? value.split(',').map(Number) : [];
  invariant(
    given.length > 0 && given.every((number) => all.includes(number)),
    'cli/bad-param',
    `The parameter "${key}" is ${JSON.stringify(value)}. Give all, none, or numbers from 1 to ${max} as "1,${max}".`,
  );
  return all.filter((number) => given.includes(number));
}

/** One of a scenario's parameters as a count for each of several actors, as `1,1,0`. */
export function countList(params: Params, key: string): readonly number[] {
  const value = params[key];
  if (typeof value === 'string' && /^\d{1,3}(,\d{1,3})*$/.test(value))
    return value.split(',').map(Number);
  throw new SimulationError(
    'cli/bad-param',
    `The parameter "${key}" is ${JSON.stringify(value)}. Give a count for each of them as "1,1,0".`,
  );
}

function complete(name: string, defaults: Params, given: Params): Params {
  for (const [key, value] of Object.entries(given)) {
    const usual = defaultOf(name, defaults, key);
    invariant(
      typeof usual === typeof value || (typeof usual === 'string' && typeof value === 'object'),
      'cli/bad-param',
      `The parameter "${key}" of "${name}" is ${JSON.stringify(value)}, but it should be a ${typeof usual} ` +
        `like ${JSON.stringify(usual)}.`,
    );
  }
  return { ...defaults, ...given };
}

function defaultOf(name: string, defaults: Params, key: string): Json {
  const usual = Object.hasOwn(defaults, key) ? defaults[key] : undefined;
  if (usual !== undefined) return usual;
  const known = Object.keys(defaults).map((one) => `"${one}"`);
  throw new SimulationError(
    'cli/unknown-param',
    `"${name}" has no parameter "${key}". ` +
      (known.length === 0 ? 'It has none.' : `It has ${known.join(', ')}.`),
  );
}

function parseValue(key: string, text: string, usual: Json): Json {
  if (typeof usual === 'string') return text;
  if (typeof usual === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  const number = Number(text);
  if (typeof usual === 'number' && text.trim() !== '' && Number.isFinite(number)) return number;
  throw new SimulationError(
    'cli/bad-param',
    `The parameter "${key}" is "${text}", but it should be a ${typeof usual} like ${JSON.stringify(usual)}.`,
  );
}
