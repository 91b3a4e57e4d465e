/** The museum as a table, and as data. */
import Table from 'cli-table3';

import type { Exhibit } from '../../../../examples/races/exhibit.ts';
import { plainStyle } from '../terminal/style.ts';
import { amount } from '../terminal/words.ts';
import { medianOf, racingStrategies } from './finding.ts';
import type { Finding } from './finding.ts';

/** An exhibit, what is known of it, and where its trace lies. */
export interface Shown {
  readonly exhibit: Exhibit;
  readonly finding: Finding;
  /** The file; `null` where no run was found. */
  readonly trace: string | null;
}

/** What `--json` says of an exhibit. */
export function inJson({ exhibit, finding, trace }: Shown): Readonly<Record<string, unknown>> {
  const { component, id, isLive, property } = exhibit;
  const { departures, faults, fixed, found, schedules, states } = finding;
  return {
    id,
    component,
    property,
    live: isLive,
    found,
    schedules: Object.fromEntries(
      racingStrategies.map((name) => [name, medianOf(schedules[name])] as const),
    ),
    states,
    steps: departures,
    faults,
    fixedHolds: fixed.broken === null,
    fixedComplete: fixed.complete,
    trace,
  };
}

/** The names of the columns. */
export const racesHeader: readonly string[] = [
  'id',
  'component',
  'property',
  'live',
  ...racingStrategies,
  'states',
  'steps',
  'faults',
  'fixed',
];

/** The cells of an exhibit. */
export function racesRow({ exhibit, finding }: Pick<Shown, 'exhibit' | 'finding'>): string[] {
  const { departures, faults, found, schedules, states } = finding;
  return [
    exhibit.id,
    exhibit.component,
    exhibit.property,
    exhibit.when,
    ...racingStrategies.map((name) => {
      const median = medianOf(schedules[name]);
      return median === null ? '—' : amount(median);
    }),
    found ? amount(states) : `not found in ${amount(states)}`,
    String(departures),
    String(faults),
    verdictOf(finding),
  ];
}

/** What is known of the variant without the bug, in a word or two. */
export function verdictOf({ fixed: { broken, complete, states } }: Finding): string {
  if (broken !== null) return `breaks ${broken}`;
  return complete ? `holds in all ${amount(states)}` : `holds in ${amount(states)}`;
}

/** The table for a terminal. */
export function racesTable(shown: readonly Shown[]): string {
  const table = new Table({ head: [...racesHeader], style: plainStyle });
  for (const one of shown) table.push(racesRow(one));
  return table.toString();
}

/** What the columns mean. */
export const racesLegend =
  'random, pct, pos, coverage: schedules until the bug shows, median over seeds; states: worlds until an exhaustive ' +
  'search shows it; steps: choices of the shrunk run that depart from FIFO; fixed: what all worlds without the bug say';
