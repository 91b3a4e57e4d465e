/** How campaigns grow with threads and processes: rates taken in turn in one run, into docs/scale.md. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { median } from './alternate.ts';

const rounds = Number(process.env['ROUNDS'] ?? 3);
// Long enough that the short jobs by which a campaign learns how long they take do not count.
const span = process.env['SPAN'] ?? '30s';
// One way to choose schedules: of several, fast ones and slow ones would be mixed otherwise in each way.
const scenario = ['paxos', '--strategy', 'pos'];
const port = 6_398;
const engine = `redis://127.0.0.1:${port}`;
const main = 'dist/src/app/cli/main.js';
const folder = mkdtempSync(join(tmpdir(), 'orrery-scale-'));

/** One way to run the same campaign. */
interface Way {
  readonly name: string;
  readonly threads: number;
  /** Worker processes over a queue; none for threads of the process itself. */
  readonly workers: number;
}

const ways: readonly Way[] = [
  { name: '1 thread', threads: 1, workers: 0 },
  { name: '2 threads', threads: 2, workers: 0 },
  { name: 'queue, 1 worker', threads: 1, workers: 1 },
  { name: 'queue, 2 workers', threads: 1, workers: 2 },
];

const redis = spawn(
  'redis-server',
  ['--port', String(port), '--dir', folder, '--appendonly', 'yes'],
  {
    stdio: 'ignore',
  },
);
try {
  const rates = new Map<string, number[]>(ways.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const way of ways) {
      const rate = await rateOf(way, round);
      rates.get(way.name)?.push(rate);
      process.stderr.write(`${way.name}: ${rate.toFixed(0)} schedules a second\n`);
    }
  }
  write(rates);
} finally {
  const gone = new Promise((resolve) => {
    redis.once('exit', resolve);
  });
  redis.kill();
  await gone;
  rmSync(folder, { force: true, recursive: true });
}

/** Schedules a second, while all hands are ready. */
async function rateOf({ name, threads, workers }: Way, round: number): Promise<number> {
  const hired = await Promise.all(Array.from({ length: workers }, () => hire()));
  try {
    const out = join(folder, `${name.replaceAll(/\W+/g, '-')}-${round}`);
    // Jobs of one length everywhere, so that only the way differs.
    const words = [
      '--for',
      span,
      '--job',
      '2s',
      '--threads',
      String(threads),
      '--out',
      out,
      '--json',
    ];
    const queue = workers === 0 ? [] : ['--engine', engine];
    const made = spawnSync(process.execPath, [main, 'campaign', ...scenario, ...words, ...queue], {
      encoding: 'utf8',
    });
    // cast -- what `--json` prints
    const { elapsedMs, schedules } = JSON.parse(made.stdout) as Readonly<Record<string, number>>;
    return ((schedules ?? 0) / (elapsedMs ?? 1)) * 1_000;
  } finally {
    for (const child of hired) child.kill('SIGKILL');
  }
}

async function hire(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [main, 'worker', '--engine', engine, '--threads', '1'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await new Promise((resolve) => {
    child.stderr.once('data', resolve);
  });
  await pause(1_000);
  return child;
}

function write(rates: ReadonlyMap<string, readonly number[]>): void {
  const of = (name: string): readonly number[] => rates.get(name) ?? [];
  // Ratios of one round share the weather.
  const ratio = (one: string, other: string): string =>
    median(of(one).map((rate, round) => rate / (of(other)[round] ?? 1))).toFixed(2);
  const rows = ways.map(({ name }) => `| ${name} | ${median(of(name)).toFixed(0)} |`);
  const lines = [
    '| way | schedules a second |',
    '| --- | --- |',
    ...rows,
    '',
    `Node ${process.versions.node}, ${availableParallelism()} cores, medians of ${rounds} rounds of ${span}, in turn; ` +
      `\`campaign ${scenario.join(' ')}\`, jobs of 2 s.`,
    '',
    `- Two threads are ${ratio('2 threads', '1 thread')} times as fast as one.`,
    `- One worker over the queue is ${ratio('queue, 1 worker', '1 thread')} times as fast as one thread without it.`,
    `- Two workers are ${ratio('queue, 2 workers', 'queue, 1 worker')} times as fast as one.`,
  ];
  const page = new URL('../docs/scale.md', import.meta.url);
  const [head = '', tail = ''] = readFileSync(page, 'utf8').split(
    /<!-- measured -->[\s\S]*<!-- \/measured -->/,
  );
  writeFileSync(
    page,
    `${head}<!-- measured -->\n\n${lines.join('\n')}\n\n<!-- /measured -->${tail}`,
  );
  spawnSync('npx', ['oxfmt', 'docs/scale.md']);
  process.stdout.write(`${lines.join('\n')}\n`);
}
