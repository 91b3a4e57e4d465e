import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';

import { museum } from '../../../examples/races/museum.ts';
import { askedFor } from '../../../src/app/cli/campaign/asked.ts';
import { isBad } from '../../../src/app/cli/campaign/summary.ts';
import type { Summary } from '../../../src/app/cli/campaign/summary.ts';
import { cli as cliHere, inFolder, isOneMessage } from '../cli.ts';
import { buildOrrery } from './built.ts';

const { cli, remove, start } = buildOrrery();
afterAll(remove);

const bug = [
  'two-phase-commit',
  'rms=2',
  'repeats=false',
  'bug=commits-without-all-votes',
] as const;

function campaign(folder: string, ...argv: readonly string[]) {
  const spoken = cli('campaign', ...argv, '--out', folder, '--json');
  const summary = spoken.out === '' ? undefined : (JSON.parse(spoken.out) as Summary);
  return { ...spoken, summary };
}

/** What was found, without how long it took and where it lies. */
function found({ schedules, scenarios, steps, worlds }: Summary) {
  return {
    schedules,
    scenarios: scenarios.map(({ failures, ...scenario }) => ({
      ...scenario,
      failures: failures.map((failure) => ({ ...failure, trace: undefined })),
    })),
    steps,
    worlds,
  };
}

describe('a campaign', () => {
  test('does what it is asked for, and writes what it found where others read it', async () => {
    await inFolder(async (folder) => {
      const { code, summary } = campaign(
        folder,
        ...bug,
        'paxos',
        '--schedules',
        '300',
        '--threads',
        '1',
      );
      expect(code).toBe(1);
      expect(summary?.scenarios.map(({ schedules }) => schedules)).toEqual([300, 300]);
      expect(summary?.complete).toBe(true);
      const [broken, whole] = summary?.scenarios ?? [];
      expect(broken?.properties).toContainEqual(
        expect.objectContaining({ name: 'consistent', verdict: 'broken' }),
      );
      expect(whole?.properties.map(({ verdict }) => verdict)).toEqual(['not broken', 'reached']);
      const stories = broken?.failures.map(({ lines }) => lines.slice(1).join('\n')) ?? [];
      expect(new Set(stories).size).toBe(stories.length);
      expect(readFileSync(join(folder, 'junit.xml'), 'utf8')).toMatch(
        /<testcase classname="two-phase-commit[^>]*name="consistent"><failure message="broken by \d+ of 300 schedules"/,
      );
      expect(readFileSync(join(folder, 'report.html'), 'utf8')).toMatch(/<svg[\s\S]*consistent/);
      const trace = broken?.failures[0]?.trace ?? '';
      const replayed = cli('replay', trace, '--quiet');
      expect(replayed.out).toContain('"consistent" is broken');
      expect(replayed.code).toBe(0);
    });
  });

  test('finds the same with any number of threads, and after any interruption', async () => {
    await inFolder(async (folder) => {
      const one = campaign(join(folder, 'one'), ...bug, '--schedules', '130', '--threads', '1');
      const two = campaign(join(folder, 'two'), ...bug, '--schedules', '130', '--threads', '2');
      const journal = join(folder, 'two', 'journal.jsonl');
      expect(one.summary && found(one.summary)).toEqual(two.summary && found(two.summary));
      const lines = readFileSync(journal, 'utf8').split('\n');
      for (const kept of [1, 4]) {
        // As a process leaves it that was killed while it wrote.
        writeFileSync(journal, `${lines.slice(0, kept).join('\n')}\n`);
        appendFileSync(journal, (lines[kept] ?? '').slice(0, 20));
        const again = campaign(join(folder, 'two'), '--resume', '--threads', '1');
        expect(again.summary && found(again.summary)).toEqual(one.summary && found(one.summary));
      }
    });
  });

  test('looks at all worlds in portions, and says what holds in them', async () => {
    await inFolder(async (folder) => {
      const small = ['paxos', 'clients=1'];
      const words = ['--strategy', 'exhaustive', '--portions', '6'];
      const one = campaign(join(folder, 'one'), ...small, ...words, '--threads', '1');
      const two = campaign(join(folder, 'two'), ...small, ...words, '--threads', '2');
      expect(one.code).toBe(0);
      expect(one.summary && found(one.summary)).toEqual(two.summary && found(two.summary));
      const [whole] = one.summary?.scenarios ?? [];
      expect(whole?.searched).toBe(true);
      expect(whole?.properties.map(({ verdict }) => verdict)).toEqual(['holds', 'reached']);
      const broken = campaign(join(folder, 'broken'), ...bug, ...words, '--schedules', '10');
      expect(broken.code).toBe(1);
      const [scenario] = broken.summary?.scenarios ?? [];
      expect(scenario?.searched).toBe(false);
      const trace = scenario?.failures[0]?.trace ?? '';
      expect(cli('replay', trace, '--quiet').out).toContain('"consistent" is broken');
    });
  });

  test('stops when it is asked to, and nothing is lost', async () => {
    await inFolder(async (folder) => {
      const argv = [...bug, '--schedules', '1500', '--threads', '1', '--json'] as const;
      const child = start('campaign', ...argv, '--out', folder);
      let out = '';
      child.stdout?.on('data', (data: Buffer) => {
        out += data.toString();
      });
      const journal = join(folder, 'journal.jsonl');
      const lines = (): number =>
        existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').length : 0;
      while (lines() < 4 && child.exitCode === null) await pause(10);
      child.kill('SIGINT');
      const code = await new Promise((resolve) => {
        child.once('close', resolve);
      });
      const stopped = JSON.parse(out) as Summary;
      expect(stopped.complete).toBe(false);
      expect(code).toBe(
        stopped.scenarios.some(({ properties }) => properties.some(isBad)) ? 1 : 130,
      );
      const whole = campaign(folder, '--resume', '--threads', '1');
      const alone = campaign(join(folder, 'alone'), ...argv);
      expect(whole.summary && found(whole.summary)).toEqual(alone.summary && found(alone.summary));
    });
  });

  test('by the clock goes on for as long as it is told each time', async () => {
    await inFolder(async (folder) => {
      const first = campaign(folder, 'ping-pong', '--for', '0.2s', '--threads', '1');
      const more = campaign(folder, '--resume', '--for', '0.2s', '--threads', '1');
      expect(first.code).toBe(0);
      expect(more.summary?.schedules).toBeGreaterThan(first.summary?.schedules ?? Infinity);
    });
  });

  test('leaves what is broken, if it is told to', async () => {
    await inFolder(async (folder) => {
      const { code, summary } = campaign(
        folder,
        ...bug,
        '--first',
        '--schedules',
        '100000',
        '--threads',
        '1',
      );
      expect(code).toBe(1);
      expect(summary?.schedules).toBeLessThan(10_000);
    });
  });

  test('says what is wrong with a scenario, and goes on with the others', async () => {
    await inFolder(async (folder) => {
      const { code, summary } = campaign(
        folder,
        'test/app/modules/throwing.ts',
        'ping-pong',
        '--schedules',
        '20',
        '--threads',
        '1',
      );
      expect(code).toBe(2);
      expect(summary?.scenarios[0]?.mistake?.message).toMatch(/"asks too much" threw/);
      expect(summary?.scenarios[1]?.schedules).toBe(20);
      expect(readFileSync(join(folder, 'junit.xml'), 'utf8')).toMatch(/<error message=/);
    });
  });
});

test('the name of a group stands for all that is in it, with the parameters behind it', async () => {
  const asked = await askedFor(['races', 'switch=off', 'paxos'], noVersion);
  const names = asked.map(({ scenario }) => scenario);
  const ids = museum.map(({ id }) => `races/${id}`);
  expect(names).toEqual([...ids, 'paxos']);
  expect(asked.slice(0, -1).every(({ params }) => params['switch'] === 'off')).toBe(true);
});

describe('what cannot be meant', () => {
  test.each([
    [['nothing-of-the-kind'], /no scenario "nothing-of-the-kind"/],
    [[], /No scenario is named/],
    [['rms=3'], /parameter of nothing/],
    [['paxos', '--strategy', 'fifo'], /no strategy "fifo"/],
    [['paxos', '--timed', '--untimed'], /not both/],
    [['--resume'], /cannot be read/],
    [['--resume', 'paxos'], /Name no scenarios/],
    [['paxos', 'bug=unheard-of'], /unheard-of/],
  ])('is refused: %j', async (argv, message) => {
    await inFolder(async (folder) => {
      const spoken = await cliHere('campaign', ...argv, '--out', folder);
      expect(isOneMessage(spoken)).toBe(true);
      expect(spoken.err).toMatch(message);
      expect(existsSync(join(folder, 'journal.jsonl'))).toBe(false);
    });
  });

  test('a journal that is there is not written over, and one of other code is not gone on with', async () => {
    await inFolder(async (folder) => {
      const journal = join(folder, 'journal.jsonl');
      campaign(folder, 'ping-pong', '--schedules', '5', '--threads', '1');
      const again = cli('campaign', 'ping-pong', '--out', folder);
      expect(again.err).toMatch(/Go on with it with --resume/);
      const text = readFileSync(journal, 'utf8');
      writeFileSync(journal, text.replace(/"code":"[0-9a-f]+"/, '"code":"0000000000000000"'));
      expect(cli('campaign', '--resume', '--out', folder).err).toMatch(/was version 0000/);
      truncateSync(journal, 10);
      expect(cli('campaign', '--resume', '--out', folder).err).toMatch(/Line 1 of .* not JSON/);
    });
  });
});

function noVersion(): Promise<string> {
  return Promise.resolve('0');
}
