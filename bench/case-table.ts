/**
 * A table that is taken case by case and goes on where it stopped. A case that stands there is not looked at again
 * unless `--stale` is given, for those of an older state of the sources, or `--again`, for all. An expression and
 * `--part 1/2` choose among them; `--minutes` and `--states` limit each.
 */
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';

import type { SearchResult } from '../src/index.ts';
import type { PagePart } from './page.ts';
import { formatRows } from './section.ts';
import type { Worlds } from './worlds.ts';

/** A table of a page, and how a case of it is taken. */
export interface CaseTable<Case> {
  readonly cases: readonly Case[];
  /** What the columns of `keyOf` are called. */
  readonly header: readonly string[];
  /** What tells a case from the others, in words. */
  readonly keyOf: (one: Case) => readonly string[];
  /** The folders and files that figures depend on; pages and tests may have changed since. */
  readonly measured: readonly string[];
  readonly part: PagePart;
  readonly take: (one: Case, limits: CaseLimits) => Worlds;
}

/** How much a case may take. */
export interface CaseLimits {
  readonly isEnough: () => boolean;
  readonly statesMax: number;
}

const figures = ['worlds', 'steps', 'depth', 'complete', 'broken', 'seconds', 'commit'];
const minute = 60_000;

/** Takes the cases that the command line asks for, and writes each into the page as soon as it is there. */
export function takeCases<Case>(table: CaseTable<Case>): void {
  const asked = askedFor();
  const log = ['log', '-1', '--format=%h', '--', ...table.measured];
  const commit = execFileSync('git', log, { encoding: 'utf8' }).trim();
  const isGood = (row: Row): boolean => !asked.again && (!asked.stale || row.at(-1) === commit);
  for (const [index, one] of table.cases.entries()) {
    const key = table.keyOf(one);
    if (!asked.isWanted(index, key)) continue;
    if (rowsOf(table).some((row) => isOf(row, key) && isGood(row))) continue;
    const start = performance.now();
    const { broken, result } = table.take(one, {
      isEnough: () => performance.now() - start > asked.minutes * minute,
      statesMax: asked.states,
    });
    const seconds = Math.ceil((performance.now() - start) / 1_000);
    const row = [...key, ...figuresOf(result, broken), `${seconds}`, commit];
    process.stdout.write(`${row.join('  ')}\n`);
    keep(table, row);
  }
}

type Row = readonly string[];

function askedFor() {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      again: { default: false, type: 'boolean' },
      minutes: { default: '10', type: 'string' },
      part: { default: '1/1', type: 'string' },
      stale: { default: false, type: 'boolean' },
      states: { default: '10000000', type: 'string' },
    },
  });
  const wanted = new RegExp(positionals[0] ?? '');
  const [part = 1, parts = 1] = values.part.split('/').map(Number);
  return {
    again: values.again,
    isWanted: (index: number, key: Row): boolean =>
      index % parts === part - 1 && wanted.test(key.join(' ')),
    minutes: Number(values.minutes),
    stale: values.stale,
    states: Number(values.states),
  };
}

function figuresOf(result: SearchResult, broken: readonly string[]): Row {
  const { complete, depth, states, transitions } = result;
  return [
    states.toLocaleString('en'),
    transitions.toLocaleString('en'),
    `${depth}`,
    complete ? 'yes' : 'no',
    broken.length === 0 ? 'none' : broken.join(', '),
  ];
}

function isOf(row: Row, key: Row): boolean {
  return key.every((cell, index) => row[index] === cell);
}

/** Puts the row into the page, in the order of cases. */
function keep<Case>(table: CaseTable<Case>, row: Row): void {
  const { cases, header, keyOf, part } = table;
  const key = row.slice(0, header.length);
  const rows = [...rowsOf(table).filter((other) => !isOf(other, key)), row];
  const order = cases.map((one) => keyOf(one).join());
  const placeOf = (other: Row): number => order.indexOf(other.slice(0, header.length).join());
  const sorted = rows
    .filter((other) => placeOf(other) >= 0)
    .toSorted((a, b) => placeOf(a) - placeOf(b));
  part.write(`${summaryOf(table, sorted)}\n\n${formatRows([...header, ...figures], sorted)}`);
}

function rowsOf<Case>({ header, part }: CaseTable<Case>): readonly Row[] {
  return part
    .read()
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
    .filter(([first = '']) => first !== header[0] && !first.startsWith('---'));
}

function summaryOf<Case>({ cases, header }: CaseTable<Case>, rows: readonly Row[]): string {
  const cellOf = (row: Row, name: string) => row[header.length + figures.indexOf(name)];
  const done = rows.filter((row) => cellOf(row, 'complete') === 'yes').length;
  const bad = rows.filter((row) => cellOf(row, 'broken') !== 'none').length;
  return (
    `${done} of ${cases.length} cases are complete, ${rows.length - done} were looked at up to a limit; ` +
    `in ${bad} a property is broken.`
  );
}
