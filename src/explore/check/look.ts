/** Looks at a system in the way that is asked for. */
import { defined } from '../../core/defined.ts';
import { invariant, unreachable } from '../../core/errors.ts';
import type { Property } from '../../runtime/property.ts';
import type { System } from '../../runtime/system.ts';
import type { Limit } from '../exhaustive/limits.ts';
import { search } from '../exhaustive/search.ts';
import type { SearchResult } from '../exhaustive/search.ts';
import { isShared } from '../exhaustive/survey.ts';
import { reduce } from '../reduction/reduce.ts';
import type { ReduceProgress, ReduceResult } from '../reduction/reduce.ts';
import type { SampleReport } from '../sampling/report.ts';
import { sample } from '../sampling/sample.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { Violation } from '../violation.ts';
import type { CheckOptions, CheckProgress } from './options.ts';
import { wayOf } from './strategy-names.ts';
import type { SearchManner, Way } from './strategy-names.ts';

/** What was seen. */
export interface Seen extends CheckProgress, SampleVerdict {
  /**
   * Whether everything was looked at: all worlds, or all runs up to the order of independent steps. Runs that
   * a strategy makes are some of all that there are, even where it has no more to make.
   */
  readonly complete: boolean;
  /** The share of all worlds that runs have come to, where it is known how many there are. */
  readonly share?: number;
  readonly violations: readonly Violation[];
}

type SampleVerdict = Pick<
  SampleReport,
  'estimate' | 'notes' | 'reached' | 'strategy' | 'undecided' | 'vacuous'
>;

/** What is looked at. */
export interface Subject {
  readonly properties: readonly Property[];
  readonly system: System;
}

/** Looks. */
export function look(subject: Subject, options: CheckOptions): Seen {
  const { strategy: asked = 'exhaustive' } = options;
  const way: Way =
    typeof asked === 'string' ? wayOf(asked, options) : { strategy: asked, type: 'runs' };
  const name = typeof asked === 'string' ? asked : asked.name;
  switch (way.type) {
    case 'search':
      return { ...bySearch(subject, options, way.manner), strategy: name };
    case 'reduction':
      return { ...byReduction(subject, options, way.method), strategy: name };
    case 'runs':
      return byRuns(subject, options, way.strategy);
    default:
      return unreachable(way);
  }
}

function byRuns({ properties, system }: Subject, options: CheckOptions, strategy: Strategy): Seen {
  const { known, onProgress, schedules, seed, statesMax, stepsMax } = options;
  const seen = sample(system, {
    ...defined({ onProgress, schedules, seed, statesMax, stepsMax }),
    properties,
    strategy,
  });
  const exhausted = seen.exhausted
    ? [`There is no other run that "${seen.strategy}" makes; it makes some of all that there are.`]
    : [];
  const notes = [...seen.notes, ...exhausted];
  if (known === undefined) return { ...seen, complete: false, notes };
  const share = seen.states / known;
  return { ...seen, complete: false, notes: [...notes, shareNote(seen.states, known)], share };
}

function shareNote(states: number, known: number): string {
  const share = ((states / known) * 100).toPrecision(3);
  return states > known
    ? `${states} worlds were seen, and there should only be ${known}: count those of the same system.`
    : `Of the ${known} worlds that there are, ${states} were seen: a share of ${share} %.`;
}

function bySearch(
  { properties, system }: Subject,
  { bytesMax, crew, depthMax, onProgress, statesMax, symmetry }: CheckOptions,
  manner: SearchManner,
): Omit<Seen, 'strategy'> {
  const symmetric = groupsOf(system, symmetry);
  const found = search(system, {
    ...manner,
    properties,
    ...defined({ bytesMax, crew, depthMax, statesMax, symmetry: symmetric }),
    ...(onProgress === undefined
      ? {}
      : { onProgress: (progress) => onProgress({ ...progress, schedules: 0 }) }),
  });
  const canHelp = isShared(system, {
    ...manner,
    properties,
    ...defined({ symmetry: symmetric }),
  });
  const notes = [
    ...(crew === undefined ? [] : [threadNote(found.threads, canHelp)]),
    ...boundNote(system),
  ];
  return { ...found, notes: [...notes, ...notesOf(found)], schedules: 0 };
}

function byReduction(
  { properties, system }: Subject,
  { depthMax, onProgress, schedules: runsMax }: CheckOptions,
  method: 'optimal' | 'source',
): Omit<Seen, 'strategy'> {
  const found = reduce(system, {
    method,
    properties,
    ...defined({ depthMax, runsMax }),
    ...(onProgress === undefined ? {} : { onProgress: (now) => onProgress(seenOf(now)) }),
  });
  const { complete, reached, vacuous, violations } = found;
  return {
    ...seenOf(found),
    complete,
    notes: [...reductionNotes(found), ...boundNote(system)],
    reached,
    undecided: complete ? [] : undecidedIn(properties, found),
    vacuous,
    violations,
  };
}

/** What a reduction that was cut short did not decide: ends that it did not compare, what it did not come to. */
function undecidedIn(
  properties: readonly Property[],
  { reached, violations }: ReduceResult,
): readonly string[] {
  const known = new Set([...reached, ...violations.map(({ property }) => property)]);
  return properties.flatMap(({ name, type }) =>
    (type === 'agree' || type === 'sometimes') && !known.has(name) ? [name] : [],
  );
}

/** What is left out on purpose. */
function boundNote({ definition: { within } }: System): readonly string[] {
  return within === undefined
    ? []
    : ['Worlds outside of the bound that it has were not looked at.'];
}

/** The groups of actors that may be exchanged. */
function groupsOf(
  { definition, name }: System,
  symmetry: CheckOptions['symmetry'],
): readonly (readonly string[])[] | undefined {
  if (typeof symmetry === 'object' || symmetry === undefined) return symmetry;
  if (!symmetry) return undefined;
  invariant(
    definition.symmetry !== undefined,
    'explore/no-symmetry',
    `"${name}" declares no interchangeable actors. Name them, or let its definition have ` +
      "symmetry: [['rm1', 'rm2']].",
  );
  return definition.symmetry;
}

/** No worlds are remembered, so none are counted. */
function seenOf({ depth, interleavings, steps }: ReduceProgress): CheckProgress {
  return { depth: depth + 1, schedules: interleavings, states: 0, transitions: steps };
}

function reductionNotes({
  all,
  blocked,
  clashes: [worst],
  cut,
  depth,
  interleavings,
  kind,
  limitedBy,
}: ReduceResult): readonly string[] {
  const way =
    kind === 'races'
      ? 'Only runs that races make were looked at, one of each set of equivalent ones.'
      : 'Runs that only differ in the order of independent steps were looked at once: where runs are cut ' +
        'off or worlds bounded, races alone do not tell which are left.';
  const share =
    all === undefined || interleavings === 0 ? '' : (all / interleavings).toPrecision(3);
  return [
    way,
    ...(cut > 0
      ? [
          `${cut} runs were cut after ${depth} steps. Where they go on for ever, look less far (depthMax).`,
        ]
      : []),
    ...(share === '' ? [] : [`There are ${all} runs in all, ${share} times as many.`]),
    ...(blocked > 0
      ? [`${blocked} runs were given up half way: what could follow was known.`]
      : []),
    ...(worst === undefined
      ? []
      : [
          `Most steps that had to keep their order did so for ${worst.what} (${worst.pairs} pairs).`,
        ]),
    ...(limitedBy === undefined
      ? []
      : [
          `What "${limitedBy.property}" reads made ${limitedBy.pairs} more pairs of steps dependent.`,
        ]),
  ];
}

const limitWords = {
  'bytes-max': 'The memory that it may use was used up.',
  enough: 'It was told that this is enough.',
  'depth-max': 'It did not look further than it was told to.',
  'states-max': 'It stopped at the number of worlds that it was told.',
} as const satisfies Readonly<Record<Limit, string>>;

function notesOf({ ended, omissionOdds }: SearchResult): readonly string[] {
  return [
    ...(ended === 'done' || ended === 'violation' ? [] : [limitWords[ended]]),
    ...(omissionOdds > 0
      ? [
          `Worlds were told apart by fingerprints: one was left out with odds of ${omissionOdds.toExponential(1)}.`,
        ]
      : []),
  ];
}

function threadNote(threads: number, canHelp: boolean): string {
  if (threads > 1) return `${threads} threads looked.`;
  if (canHelp) return 'One thread looked: no other was ready before it was over.';
  return (
    'One thread looked: others help where worlds are stored breadth first, without symmetry or a ' +
    'bound, and properties are of single worlds.'
  );
}
