/**
 * `npm run bench:workers`: takes the figures of large clusters, into `docs/rpc.md`. With a number behind it, as
 * `npm run bench:workers -- 100`, the clusters of at most so many workers alone, which are printed and not kept.
 */
import { built, builtRpc } from './built.ts';
import { manyWorkers } from './many-workers.ts';
import { pagePart } from './page.ts';
import { formatRows } from './section.ts';

const sizes = [
  { references: 1_000, workers: 10 },
  { references: 10_000, workers: 100 },
  { references: 100_000, workers: 1_000 },
];
const [, , text = ''] = process.argv;
const workersMax = text === '' ? Number.POSITIVE_INFINITY : Number(text);
const chosen = sizes.filter(({ workers }) => workers <= workersMax);
if (chosen.length === 0) {
  throw new Error(`"${text}" is no number of workers; give 10, 100 or 1000, or nothing.`);
}
const { header, method, rows } = manyWorkers({ orrery: built, rpc: builtRpc }, chosen);
const figures = `${method}\n\n${formatRows(header, rows)}`;
if (chosen.length === sizes.length) pagePart('rpc.md', 'workers').write(figures);
process.stdout.write(`${figures}\n`);
