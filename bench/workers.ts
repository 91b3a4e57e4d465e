/** `npm run bench:workers`: takes the figures of large clusters, into `docs/rpc.md`. */
import { manyWorkers } from './many-workers.ts';
import { pagePart } from './page.ts';
import { formatRows } from './section.ts';

const { header, method, rows } = manyWorkers([
  { references: 1_000, workers: 10 },
  { references: 10_000, workers: 100 },
  { references: 100_000, workers: 1_000 },
]);
const text = `${method}\n\n${formatRows(header, rows)}`;
pagePart('rpc.md', 'workers').write(text);
process.stdout.write(`${text}\n`);
