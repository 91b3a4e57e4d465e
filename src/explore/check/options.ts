/** How to check, and what of it is a mistake. */
import { invariant, SimulationError } from '../../core/errors.ts';
import { checkFaults } from '../../runtime/check-surroundings.ts';
import { keys } from '../../runtime/definition-form.ts';
import type { Predicate, Property } from '../../runtime/property.ts';
import type { Variant } from '../../runtime/variant.ts';
import type { Crew } from '../native/crew.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { isOfRuns, strategyNames } from './strategy-names.ts';
import type { SamplingOptions, StrategyName } from './strategy-names.ts';

/** One call for all ways to look at a system. What is left out is as the system itself says. */
export interface CheckOptions extends SamplingOptions, Variant {
  /** By name, or one of your own; `exhaustive` unless said otherwise. */
  readonly strategy?: Strategy | StrategyName;
  /** Runs that a strategy makes (1,000 unless said otherwise), or a reduction looks at (a million). */
  readonly schedules?: number;
  /** What all that is random is drawn from; 1 unless said otherwise. */
  readonly seed?: number;
  /** Steps after which a run is cut; 10,000 unless said otherwise. */
  readonly stepsMax?: number;
  /** Which of the system's properties, by name, or others; all of its own unless given. */
  readonly properties?: readonly (Property | string)[];
  /** Takes worlds that differ by an exchange of actors for one: those that the system declares, or these. */
  readonly symmetry?: boolean | readonly (readonly string[])[];
  /** Bytes that the worlds of a search may take, roughly. */
  readonly bytesMax?: number;
  /** Bounds the worlds that are looked at, instead of the bound that the system has. */
  readonly within?: Predicate;
  /** Worlds that there are, as a search has counted: what runs have seen is said as a share of them. */
  readonly known?: number;
  /** Levels that are expanded, in breadth, the start being the first. */
  readonly depthMax?: number;
  /** Worlds after which a search stops (100 million unless said otherwise), or runs count no more (a million). */
  readonly statesMax?: number;
  /** Threads that help an exhaustive search, where properties are decided world by world. */
  readonly crew?: Crew;
  /** Whether what breaks a property is made as small as possible; it is unless `false`. */
  readonly shrink?: boolean;
  /** Told now and then how far it has come. */
  readonly onProgress?: (progress: CheckProgress) => void;
}

/** How far a check has come. */
export interface CheckProgress {
  readonly depth: number;
  /** Runs that were made. */
  readonly schedules: number;
  readonly states: number;
  readonly transitions: number;
  /** Worlds that a search has found and not yet looked at. */
  readonly waiting?: number;
}

/** A name that is misspelt would otherwise be as good as left out. */
const known = keys<CheckOptions>({
  bugDepth: true,
  bytesMax: true,
  crew: true,
  delaysMax: true,
  depthMax: true,
  faultRate: true,
  faults: true,
  known: true,
  onProgress: true,
  properties: true,
  schedules: true,
  seed: true,
  shrink: true,
  statesMax: true,
  stepsMax: true,
  strategy: true,
  symmetry: true,
  tape: true,
  time: true,
  within: true,
});

/**
 * Refuses what cannot be meant.
 *
 * @throws {SimulationError} `explore/unknown-strategy`, `runtime/unknown-fault`, `explore/bad-option`.
 */
export function requireSense(options: CheckOptions): void {
  for (const name of Object.keys(options)) {
    invariant(
      known.includes(name),
      'explore/bad-option',
      `The option "${name}" means nothing. Known are: ${known.join(', ')}.`,
    );
  }
  const { faults = {}, strategy = 'exhaustive', time = 'timed' } = options;
  if (typeof strategy === 'string' && !strategyNames.includes(strategy)) {
    throw unknownStrategy(strategy);
  }
  const { onProgress, properties = [], within } = options;
  const isStrategy = typeof strategy === 'string' || typeof strategy.begin === 'function';
  requireOption(isStrategy, 'strategy', 'the name of one, or { name, begin }');
  requireOption(Array.isArray(properties), 'properties', 'a list of properties, or of names');
  requireOption(isFunction(within), 'within', 'a question about a world, (view) => …');
  requireOption(isFunction(onProgress), 'onProgress', 'a function of how far it has come');
  checkFaults(faults);
  for (const [kind, count] of Object.entries(faults)) requireCount(`faults.${kind}`, count, 0);
  invariant(
    ['timed', 'untimed'].includes(time),
    'explore/bad-option',
    `The option "time" is ${JSON.stringify(time)}. Give "timed" or "untimed".`,
  );
  for (const name of [
    'bugDepth',
    'bytesMax',
    'delaysMax',
    'depthMax',
    'known',
    'schedules',
    'statesMax',
    'stepsMax',
  ] as const) {
    requireCount(name, options[name], 1);
  }
  requireCount('seed', options.seed, 0);
  if (options.known !== undefined && typeof strategy === 'string') requireRuns(strategy);
}

function isFunction(value: unknown): boolean {
  return value === undefined || typeof value === 'function';
}

function requireOption(condition: boolean, name: string, wanted: string): void {
  invariant(
    condition,
    'explore/bad-option',
    `The option "${name}" is not what it should be. Give ${wanted}.`,
  );
}

function requireRuns(strategy: string): void {
  invariant(
    isOfRuns(strategy),
    'explore/bad-option',
    'The option "known" says how many worlds there are, so that runs can say what share of them they ' +
      `have seen; "${strategy}" makes no such runs. Leave it out, or take a strategy such as "random".`,
  );
}

function requireCount(name: string, value: unknown, min: number): void {
  invariant(
    value === undefined ||
      (typeof value === 'number' && Number.isSafeInteger(value) && value >= min),
    'explore/bad-option',
    `The option "${name}" is ${String(value)}. Give a whole number, ${min} or more.`,
  );
}

function unknownStrategy(name: string): SimulationError {
  return new SimulationError(
    'explore/unknown-strategy',
    `There is no strategy "${name}". There are ${strategyNames.join(', ')}.`,
  );
}
