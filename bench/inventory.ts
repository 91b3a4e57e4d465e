/** `npm run inventory`: which of PyTorch's own tests have a test here, group by group. */
import Table from 'cli-table3';

import { plainStyle } from '../src/app/cli/terminal/style.ts';
import { coverageOf, namesInTests, readInventory } from './inventory-rows.ts';

const root = new URL('..', import.meta.url).pathname;
const rows = readInventory(root);
const names = namesInTests(root);
const coverage = coverageOf(rows, names);

const table = new Table({
  head: ['group', 'covered', 'of', 'what it is about'],
  style: plainStyle,
});
for (const { applicable, covered, group, title } of coverage) {
  table.push([group, covered.length, applicable.length, title]);
}
const sum = (of: (each: (typeof coverage)[number]) => number): number =>
  coverage.reduce((total, each) => total + of(each), 0);
table.push([
  'all',
  sum(({ covered }) => covered.length),
  sum(({ applicable }) => applicable.length),
  '',
]);
console.log(table.toString());

const known = new Set(rows.map(({ name }) => name));
const beyond = [...names].filter((name) => !known.has(name));
if (beyond.length > 0) console.log(`Beyond the inventory: ${beyond.toSorted().join(', ')}`);

const missing = coverage.flatMap(({ applicable, covered }) =>
  applicable.filter((row) => !covered.includes(row)),
);
if (process.argv.includes('--missing')) {
  for (const { about, group, name } of missing) console.log(`${group} ${name}: ${about}`);
}
