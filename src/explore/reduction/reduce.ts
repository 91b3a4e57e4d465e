/**
 * Looks at one run of each set of runs that differ only in the order of steps that have nothing to do
 * with one another: partial-order reduction, a search of its own beside the exhaustive one.
 */
import { defined } from '../../core/defined.ts';
import { invariant } from '../../core/errors.ts';
import type { Run } from '../../kernel/run.ts';
import type { Property, WorldProperty } from '../../runtime/property.ts';
import type { System } from '../../runtime/system.ts';
import type { Rest } from '../exhaustive/expansion.ts';
import { createWatch } from '../exhaustive/watch.ts';
import type { Label } from '../interned/cells/cell.ts';
import { plainRun } from '../interned/steps/plain-run.ts';
import { createWalker } from '../interned/steps/walker.ts';
import type { Walker } from '../interned/steps/walker.ts';
import type { Violation } from '../violation.ts';
import { requireStartWithin } from '../within.ts';
import { createClashes } from './clashes.ts';
import type { Clash } from './clashes.ts';
import { countRuns } from './count-runs.ts';
import { descend } from './descent.ts';
import type { Met, Tally } from './descent.ts';
import { createGaze } from './gaze.ts';
import { boundIn } from './gazing-bound.ts';
import type { GazingBound } from './gazing-bound.ts';
import { isOwn } from './offer.ts';
import type { Offer } from './offer.ts';
import type { Method } from './races.ts';

/** How to reduce. */
export interface ReduceOptions {
  readonly properties?: readonly Property[];
  /**
   * `optimal` (the default) looks at one run of each set of equivalent ones; `source` holds less in
   * memory and gives up some runs half way, because all that could follow was looked at before. Where
   * steps can take away what others offer (inputs, faults, time), both are source sets.
   */
  readonly method?: 'optimal' | 'source';
  /**
   * Steps of a run after which it is cut off; 10,000 unless said otherwise. A system that can go on for
   * ever needs one that fits: then every run of at most so many steps is looked at, up to equivalence.
   */
  readonly depthMax?: number;
  /** Runs after which the search stops; a million unless said otherwise. */
  readonly runsMax?: number;
  /** Told now and then how far the search has come. */
  readonly onProgress?: (progress: ReduceProgress) => void;
}

/** How far a search has come. */
export interface ReduceProgress {
  /** Runs given up because all that could follow was looked at before. */
  readonly blocked: number;
  /** Runs that were cut off at `depthMax`. */
  readonly cut: number;
  /** The longest run so far, in steps. */
  readonly depth: number;
  /** Runs that came to where the system has nothing left to do, or were cut off. */
  readonly interleavings: number;
  readonly steps: number;
}

/** What came of a search. */
export interface ReduceResult extends ReduceProgress {
  /**
   * Runs that there are when every order of steps counts, so that `all / interleavings` is the reduction;
   * only given for a complete search of at most 5,000 worlds.
   */
  readonly all?: number;
  /** Whether all runs were looked at, up to equivalence: none was cut off, and nothing was broken. */
  readonly complete: boolean;
  /** By what steps that came one right after the other depend, most pairs first: it limits the reduction. */
  readonly clashes: readonly Clash[];
  /**
   * How much was left out: `races` where only what races was turned round; `sleep` where, because of a
   * bound on worlds or of runs that were cut off, all that was on offer was taken unless it was known.
   */
  readonly kind: 'races' | 'sleep';
  /** The property whose reading made most pairs of steps dependent that were not otherwise. */
  readonly limitedBy?: { readonly pairs: number; readonly property: string };
  /** The `sometimes` properties that were seen to hold. */
  readonly reached: readonly string[];
  /** Properties that hold because what they speak of never came about. */
  readonly vacuous: readonly string[];
  readonly violations: readonly Violation[];
}

const depthMaxDefault = 10_000;
const runsMaxDefault = 1_000_000;
const progressEvery = 1024;

/**
 * Searches all runs of a system, up to the order of steps that do not depend on one another. It gives
 * the verdicts of `search` on `always`, `never`, `sometimes`, `atQuiescence`, `deadlockFree` and
 * `agree`, without remembering worlds: for systems whose runs end, or with `depthMax`.
 *
 * @throws {SimulationError} `explore/reduction-cannot` for a property that it cannot decide,
 * `explore/property-threw`, or whatever the system's own mistake is.
 * @see Abdulla, Aronis, Jonsson and Sagonas, "Optimal Dynamic Partial Order Reduction", POPL 2014;
 * "Source Sets: A Foundation for Optimal Dynamic Partial Order Reduction", JACM 64(4), 2017.
 */
export function reduce(system: System, options: ReduceOptions = {}): ReduceResult {
  const { properties = [] } = options;
  refuseUndecidable(properties);
  const walker = createWalker(system.mechanics, system.definition.within);
  const start = walker.first();
  const gaze = createGaze(walker.space, properties.filter(isOfWorlds));
  const bound = boundIn(walker.space, system.definition.within);
  requireStartWithin(bound?.isWithin(start) ?? true);
  const isWithholding = !isPlain(system);
  let method: Method = isWithholding ? 'careful' : (options.method ?? 'optimal');
  for (;;) {
    const size = (bound ?? gaze).size();
    const { hasConflict, result } = pass(system, {
      bound,
      gaze,
      isWithholding,
      method,
      options,
      start,
      walker,
    });
    if (result.violations.length > 0) return result;
    const mustBeCareful = hasConflict && method !== 'careful';
    if (mustBeCareful) method = 'careful';
    // What was not known when runs were left out is known now: once more.
    else if ((bound ?? gaze).size() === size) return result;
  }
}

/**
 * Whether nothing that could happen is ever taken away by what it does not depend on: everything sent
 * arrives, and nothing comes from outside. Then what races is all that there is to look for.
 */
function isPlain({ definition, mechanics: { rules } }: System): boolean {
  const hasFaults = Object.values(rules.budgets).some((budget: number) => budget > 0);
  const hasInputs = rules.actors.some(({ inputs }) => inputs.length > 0);
  const hasPlan = (definition.plan ?? []).length > 0;
  const isWanted = rules.time === 'untimed' && rules.unhandled === 'consume';
  return isWanted && !hasFaults && !hasInputs && !hasPlan;
}

interface Pass {
  readonly bound: GazingBound | undefined;
  readonly gaze: ReturnType<typeof createGaze>;
  readonly isWithholding: boolean;
  readonly method: Method;
  readonly options: ReduceOptions;
  readonly start: Int32Array;
  readonly walker: Walker;
}

interface Passed {
  readonly hasConflict: boolean;
  readonly result: ReduceResult;
}

function pass(
  system: System,
  { bound, gaze, isWithholding, method, options, start, walker }: Pass,
): Passed {
  const { depthMax = depthMaxDefault, properties = [], runsMax } = options;
  const limit = runsMax ?? runsMaxDefault;
  const gazing = bound ?? gaze;
  const size = gazing.size();
  const { space } = walker;
  const others = properties.filter((property) => !isOfWorlds(property));
  const watch = createWatch(walker, [...gaze.watched, ...others]);
  const clashes = createClashes(gaze.watched);
  let broken: readonly Label[] = [];
  let firstEnd: readonly Label[] | undefined;
  const onWorld = ({ labels, offers, vector }: Met): boolean => {
    const rest = restOf(offers);
    // All ends are compared with the first one.
    const isBroken = watch.look(vector, firstEnd === undefined ? 0 : 1, rest);
    if (rest === 'over') firstEnd ??= labels();
    if (isBroken) broken = labels();
    return isBroken || gazing.size() > size;
  };
  const { hasConflict, isCut, isWhole, tally } = descend(space, start, {
    depthMax,
    isFull: bound !== undefined,
    isRestWanted: properties.some((property) => !isOfWorlds(property)),
    isWithholding,
    isWithin: bound?.isWithin,
    method,
    onRun: (now) => {
      if (now.ended % progressEvery === 0) options.onProgress?.(progressOf(now));
      return now.ended + now.cut >= limit;
    },
    onPair: clashes.add,
    onWorld,
    // With a bound every world is met, and what properties read does not matter.
    sight: gazing.sight,
  });
  const runOf = (labels: readonly Label[]): Run => plainRun(system, { labels, space });
  const runs = watch.broken().map(({ other, property }) => ({
    property,
    run: runOf(broken),
    ...(other === undefined ? {} : { other: { run: runOf(firstEnd ?? []) } }),
  }));
  const complete = isWhole && runs.length === 0;
  const missed = complete ? watch.missed().map((property) => ({ property })) : [];
  const all = complete ? countRuns(space, start) : undefined;
  const result: ReduceResult = {
    ...(all === undefined ? {} : { all }),
    ...progressOf(tally),
    complete,
    clashes: clashes.all(),
    kind: bound === undefined && !isCut ? 'races' : 'sleep',
    ...defined({ limitedBy: clashes.worst() }),
    reached: watch.reached(),
    vacuous: complete ? watch.vacuous() : [],
    violations: [...runs, ...missed],
  };
  return { hasConflict, result };
}

function progressOf({ blocked, cut, depth, ended, steps }: Tally): ReduceProgress {
  return { blocked, cut, depth, interleavings: ended + cut, steps };
}

function isOfWorlds(property: Property): property is WorldProperty {
  return property.type === 'always' || property.type === 'never' || property.type === 'sometimes';
}

/** What the system has left to do of its own, or the environment may give it; faults need not come. */
function restOf(offers: readonly Offer[]): Rest {
  if (offers.some(isOwn)) return 'busy';
  return offers.some(({ move: { label } }) => label.type === 'input') ? 'quiet' : 'over';
}

/** Says at once of all properties which are refused, and which can be asked. */
function refuseUndecidable(properties: readonly Property[]): void {
  const refused = properties.filter(isOfRuns);
  const others = properties.filter((property) => !isOfRuns(property));
  const types = [...new Set(refused.map(({ type }) => type))].join(', ');
  const remedy =
    others.length === 0
      ? 'Check exhaustively.'
      : `Check them exhaustively, and choose among those that it can decide by \`properties\` (--properties A,B): ${quoted(others)}.`;
  invariant(
    refused.length === 0,
    'explore/reduction-cannot',
    `Partial-order reduction cannot decide ${quoted(refused)} (${types}): it leaves out runs that such ` +
      `properties may tell apart. ${remedy}`,
  );
}

function isOfRuns({ type }: Property): boolean {
  return type === 'eventually' || type === 'leadsTo' || type === 'agreeAcross';
}

function quoted(those: readonly Property[]): string {
  return those.map(({ name }) => `"${name}"`).join(', ');
}
