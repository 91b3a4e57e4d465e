/** Campaigns over a queue, with a real Redis, whose parts die while it goes on. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { TestContext } from 'vitest';

import type { Summary } from '../../../src/app/cli/campaign/summary.ts';
import { cli as cliHere, inFolder, isOneMessage } from '../cli.ts';
import { buildOrrery } from './built.ts';
import { ended, freePort, startRedis, textOf, withRedis } from './redis.ts';

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

interface Worker {
  readonly child: ChildProcess;
  readonly said: () => string;
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
      const argv = [...bug, '--schedules', '2000', '--json'] as const;
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

  test('is gone on with by another leader', async () => {
    await withRedis(async ({ begin, engine, folder }) => {
      const argv = [...bug, '--schedules', '1500'] as const;
      const here = ['--engine', engine, '--job', '0.1s', '--out', join(folder, 'queue')] as const;
      begin(start('worker', '--engine', engine, '--threads', '1'));
      const leader = begin(start('campaign', ...argv, ...here));
      const journal = join(folder, 'queue', 'journal.jsonl');
      const lines = (): number =>
        existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').length : 0;
      while (lines() < 4 && leader.exitCode === null) await pause(10);
      expect(leader.exitCode).toBeNull();
      leader.kill('SIGKILL');
      await ended(leader);
      const other = begin(start('campaign', '--resume', ...here, '--json'));
      const out = textOf(other, 'stdout');
      await ended(other);
      const alone = cli('campaign', ...argv, '--out', join(folder, 'alone'), '--json');
      const [one, whole] = [out(), alone.out].map((text) => JSON.parse(text) as Summary);
      expect(one && found(one)).toEqual(whole && found(whole));
    });
  }, 60_000);

  test('goes over TLS, and only to whom the authority vouches for', async ({ skip }) => {
    const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
    skip(!hasOpenssl, 'There is no openssl here. Install it with: apt-get install openssl');
    await inFolder(async (folder) => {
      const [cert, key] = [join(folder, 'redis.crt'), join(folder, 'redis.key')];
      const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
      const kind = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1'];
      spawnSync('openssl', ['req', ...kind, ...subject, '-keyout', key, '-out', cert]);
      const port = await freePort();
      const files = ['--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', cert];
      const listening = ['--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no'];
      const redis = spawn('redis-server', [...listening, ...files, '--dir', folder], {
        stdio: 'ignore',
      });
      const address = ['--engine', `rediss://localhost:${port}`] as const;
      await pause(500);
      const worker = start('worker', ...address, '--tls-ca', cert, '--threads', '1');
      try {
        const argv = ['campaign', ...bug, '--schedules', '20', ...address] as const;
        const trusting = start(...argv, '--tls-ca', cert, '--out', join(folder, 'a'), '--json');
        const out = textOf(trusting, 'stdout');
        await ended(trusting);
        expect((JSON.parse(out()) as Summary).schedules).toBe(20);
        const stranger = cli(...argv, '--out', join(folder, 'b'));
        expect(stranger.code).toBe(2);
        expect(stranger.err).toMatch(/self-signed certificate/);
      } finally {
        for (const child of [redis, worker]) child.kill('SIGKILL');
        await Promise.all([redis, worker].map(ended));
      }
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
