/**
 * `npm run evidence:worlds`: all worlds of the small programs of the hardened protocol, case by case, into the
 * table of `docs/rpc.md`, so it goes on where it stopped. A case that stands there is not looked at again unless
 * `--stale` is given, for those of an older state of the sources, or `--again`, for all. An expression and
 * `--part` choose among them: `npm run evidence:worlds -- '^creation .* crash$' --minutes 10 --part 1/2`.
 */
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';

import { pagePart } from './page.ts';
import { protocolCases, protocolVerdict } from './protocol-worlds.ts';
import type { ProtocolCase } from './protocol-worlds.ts';
import { formatRows } from './section.ts';

const table = pagePart('rpc.md', 'worlds');
const header = 'program workers pool fault worlds steps depth complete broken seconds commit'.split(
  ' ',
);
const keyLength = 4;
const minute = 60_000;

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
// What the figures depend on; pages and tests may have changed since.
const measured = ['actors', 'bench/protocol-worlds.ts', 'examples/tutorials', 'machines', 'src'];
const log = ['log', '-1', '--format=%h', '--', ...measured];
const commit = execFileSync('git', log, { encoding: 'utf8' }).trim();

for (const [index, one] of protocolCases().entries()) {
  const key = keyOf(one);
  if (index % parts !== part - 1 || !wanted.test(key.join(' '))) continue;
  if (rowsOf(table.read()).some((row) => isOf(row, key) && isGood(row))) continue;
  const row = [...key, ...figuresOf(one), commit];
  process.stdout.write(`${row.join('  ')}\n`);
  keep(row);
}

function keyOf({ fault, poolSize, scenario, workers }: ProtocolCase): readonly string[] {
  return [scenario, `${workers}`, `${poolSize}`, fault];
}

function isOf(row: readonly string[], key: readonly string[]): boolean {
  return key.every((cell, index) => row[index] === cell);
}

/** Whether a row can stay as it is. */
function isGood(row: readonly string[]): boolean {
  return !values.again && (!values.stale || row.at(-1) === commit);
}

/** One case, within its limits. */
function figuresOf(one: ProtocolCase): readonly string[] {
  const start = performance.now();
  const { broken, result } = protocolVerdict(one, {
    isEnough: () => performance.now() - start > Number(values.minutes) * minute,
    profile: 'hardened',
    statesMax: Number(values.states),
  });
  const { complete, depth, states, transitions } = result;
  return [
    states.toLocaleString('en'),
    transitions.toLocaleString('en'),
    `${depth}`,
    complete ? 'yes' : 'no',
    broken.length === 0 ? 'none' : broken.join(' '),
    `${Math.ceil((performance.now() - start) / 1_000)}`,
  ];
}

/** Puts the row into the page, in the order of cases. */
function keep(row: readonly string[]): void {
  const key = row.slice(0, keyLength);
  const rows = [...rowsOf(table.read()).filter((other) => !isOf(other, key)), row];
  const order = protocolCases().map((one) => keyOf(one).join());
  const placeOf = (other: readonly string[]): number =>
    order.indexOf(other.slice(0, keyLength).join());
  const sorted = rows
    .filter((other) => placeOf(other) >= 0)
    .toSorted((a, b) => placeOf(a) - placeOf(b));
  table.write(`${summaryOf(sorted)}\n\n${formatRows(header, sorted)}`);
}

function rowsOf(text: string): readonly (readonly string[])[] {
  return text
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

function summaryOf(rows: readonly (readonly string[])[]): string {
  const [complete, broken] = ['complete', 'broken'].map((name) => header.indexOf(name));
  const done = rows.filter((row) => row[complete ?? -1] === 'yes').length;
  const bad = rows.filter((row) => row[broken ?? -1] !== 'none').length;
  return (
    `${done} of ${protocolCases().length} cases are complete, ${rows.length - done} were looked at up to a limit; ` +
    `in ${bad} an invariant is broken.`
  );
}
