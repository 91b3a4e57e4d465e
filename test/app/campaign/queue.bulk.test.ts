/** Campaigns over a queue, with a real Redis, whose parts die while it goes on. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { TestContext } from 'vitest';

import type { Summary } from '../../../src/app/cli/campaign/summary.ts';
import { cli as cliHere, inFolder, isOneMessage } from '../cli.ts';
import { buildOrrery } from './built.ts';

const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
/** Where there is none, these tests say so and are reported as skipped; `.ci/run` installs it. */
function needsRedis({ skip }: TestContext): void {
  skip(!hasRedis, 'There is no redis-server here. Install it with: apt-get install redis-server');
}

const { cli, remove, start } = buildOrrery();
afterAll(remove);

const bug = [
  'two-phase-commit',
  'rms=3',
  'repeats=false',
  'bug=commits-without-all-votes',
] as const;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function startRedis(folder: string, port: number): ChildProcess {
  const dir = join(folder, 'redis');
  mkdirSync(dir, { recursive: true });
  const words = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    dir,
    '--appendonly',
    'yes',
  ];
  return spawn('redis-server', words, { stdio: 'ignore' });
}

/** Gives `body` a Redis, and ends all that it began. */
async function withRedis(body: (stand: Stand) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    const port = await freePort();
    const children: ChildProcess[] = [];
    const begin = (child: ChildProcess): ChildProcess => {
      children.push(child);
      return child;
    };
    try {
      const redis = begin(startRedis(folder, port));
      await pause(300);
      await body({ begin, engine: `redis://127.0.0.1:${port}`, folder, port, redis });
    } finally {
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(children.map(ended));
    }
  });
}

interface Worker {
  readonly child: ChildProcess;
  readonly said: () => string;
}

interface Stand {
  readonly begin: (child: ChildProcess) => ChildProcess;
  readonly engine: string;
  readonly folder: string;
  readonly port: number;
  readonly redis: ChildProcess;
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  return new Promise((resolve) => {
    child.once('exit', resolve);
  });
}

function textOf(child: ChildProcess, stream: 'stderr' | 'stdout'): () => string {
  let text = '';
  child[stream]?.on('data', (data: Buffer) => {
    text += data.toString();
  });
  return () => text;
}

/** What was found, without where it lies. */
function found({ scenarios, schedules, steps, worlds }: Summary) {
  return {
    scenarios: scenarios.map((scenario) => ({
      ...scenario,
      failures: scenario.failures.map((failure) => ({ ...failure, trace: undefined })),
    })),
    schedules,
    steps,
    worlds,
  };
}

describe('a campaign over a queue', () => {
  beforeEach(needsRedis);

  test('does all that is asked for and nothing twice, whoever dies', async () => {
    await withRedis(async ({ begin, engine, folder, port, redis }) => {
      const argv = [...bug, '--schedules', '3000', '--json'] as const;
      const workers: Worker[] = [];
      const hire = (): void => {
        const child = begin(
          start('worker', '--engine', engine, '--threads', '1', '--patience', '1s'),
        );
        workers.push({ child, said: textOf(child, 'stderr') });
      };
      for (let count = 0; count < 4; count += 1) hire();
      const leader = begin(
        start(
          'campaign',
          ...argv,
          '--engine',
          engine,
          '--job',
          '0.2s',
          '--out',
          join(folder, 'queue'),
          '--threads',
          '1',
        ),
      );
      const [out, err] = [textOf(leader, 'stdout'), textOf(leader, 'stderr')];
      const over = ended(leader);
      let kills = 0;
      while (!(await Promise.race([over.then(() => true), pause(1_000, false)]))) {
        // On a slow machine a worker may not even have begun: the one that has been at work longest goes.
        const ready = workers.filter(({ said }) => said().includes('waiting for jobs'));
        const [victim] = ready;
        if (victim === undefined || ready.length < 2) continue;
        victim.child.kill('SIGKILL');
        workers.splice(workers.indexOf(victim), 1);
        hire();
        kills += 1;
        if (kills !== 2) continue;
        redis.kill('SIGKILL');
        await ended(redis);
        begin(startRedis(folder, port));
      }
      expect({ code: leader.exitCode, err: err() }).toMatchObject({ code: 1 });
      expect(kills).toBeGreaterThan(1);
      const alone = cli('campaign', ...argv, '--threads', '1', '--out', join(folder, 'alone'));
      const [one, other] = [out(), alone.out].map((text) => JSON.parse(text) as Summary);
      expect(one?.complete).toBe(true);
      expect(one && found(one)).toEqual(other && found(other));
    });
  }, 120_000);

  test('looks at all worlds in portions, as threads do', async () => {
    await withRedis(async ({ begin, engine, folder }) => {
      const argv = [
        'paxos',
        'clients=1',
        '--strategy',
        'exhaustive',
        '--portions',
        '5',
        '--json',
      ] as const;
      begin(start('worker', '--engine', engine, '--threads', '2'));
      const leader = begin(
        start('campaign', ...argv, '--engine', engine, '--out', join(folder, 'queue')),
      );
      const out = textOf(leader, 'stdout');
      expect(await ended(leader)).toBe(0);
      const alone = cli('campaign', ...argv, '--threads', '1', '--out', join(folder, 'alone'));
      const [one, other] = [out(), alone.out].map((text) => JSON.parse(text) as Summary);
      expect(one && found(one)).toEqual(other && found(other));
      expect(one?.scenarios.map(({ searched }) => searched)).toEqual([true]);
    });
  }, 60_000);

  test('is refused by workers that have other code, or not the module, which say so', async () => {
    await withRedis(async ({ begin, engine, folder }) => {
      const own = 'test/app/modules/whole-runs.ts';
      const stranger = begin(start('worker', '--engine', engine, '--threads', '1'));
      const leader = begin(
        start(
          'campaign',
          own,
          'of=letters',
          '--schedules',
          '50',
          '--engine',
          engine,
          '--out',
          join(folder, 'queue'),
          '--json',
        ),
      );
      const [said, refused] = [textOf(stranger, 'stderr'), textOf(leader, 'stderr')];
      const out = textOf(leader, 'stdout');
      while (!refused().includes('refuses jobs') && leader.exitCode === null) await pause(50);
      expect(refused()).toMatch(/This worker has no module "whole-runs.ts"/);
      expect(said()).toMatch(/This worker has no module "whole-runs.ts"/);
      // The job stays for whoever has it.
      begin(start('worker', own, '--engine', engine, '--threads', '1'));
      await ended(leader);
      expect((JSON.parse(out()) as Summary).schedules).toBe(50);
    });
  }, 60_000);

  test('asks for a Redis that keeps what it is given', async () => {
    await withRedis(async ({ engine, port }) => {
      spawnSync('redis-cli', [
        '-p',
        String(port),
        'config',
        'set',
        'maxmemory-policy',
        'allkeys-lru',
      ]);
      const { err } = await cliHere('worker', '--engine', engine);
      expect(err).toMatch(/maxmemory-policy is allkeys-lru/);
    });
  });
});

describe('the address of a queue', () => {
  test.each([
    ['http://localhost', /no address of Redis/],
    ['redis://:secret@localhost', /ORRERY_REDIS_PASSWORD/],
    ['redis://localhost/first', /no database/],
    ['redis://127.0.0.1:1', /does not answer/],
  ])('is refused where it cannot be meant: %s', async (engine, message) => {
    const spoken = await cliHere('worker', '--engine', engine);
    expect(isOneMessage(spoken)).toBe(true);
    expect(spoken.err).toMatch(message);
    expect(spoken.err).not.toContain('secret');
  });
});
