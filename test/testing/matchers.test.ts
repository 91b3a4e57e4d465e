import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { twoPhaseCommit } from '../../examples/protocols/two-phase-commit.ts';
import {
  always,
  defineSystem,
  eventually,
  never,
  parseTape,
  readTrace,
  replayTrace,
  runSystem,
  sometimes,
} from '../../src/index.ts';
import { matchers } from '../../src/testing/index.ts';
import { ping } from '../explore/check/pinging.ts';

expect.extend(matchers);

const commit = defineSystem(twoPhaseCommit({ repeats: true, rms: 3 }));
const broken = defineSystem(twoPhaseCommit({ bug: 'commits-without-all-votes', rms: 3 }));

let out = '';
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'orrery-'));
});
afterEach(() => {
  rmSync(out, { force: true, recursive: true });
});

describe('toHold', () => {
  test('holds all that the system carries, in all worlds or in some runs', async () => {
    await expect(commit).toHold();
    await expect(commit).toHold('consistent');
    await expect(commit).toHold([
      'consistent',
      never('nobody', (view) => view.addresses().length === 0),
    ]);
    await expect(commit).toHold('consistent', { schedules: 10, seed: 3, stepsMax: 50 });
    await expect(commit).toHold('consistent', { strategy: 'dfs' });
  });

  test('tells the story, the trace, and what replays it', async () => {
    const failure = await messageOf(
      expect(broken).toHold('consistent', { module: './commit.ts', out }),
    );
    expect(failure).toMatch(/^"consistent" is broken by a run of 3 steps/);
    expect(failure).toMatch(/#3 .*\n[^]*and so it ends:\n[^]*rm\d: aborted\n/);
    const [, file = ''] = /npx orrery replay (\S+) --module \.\/commit\.ts\n/.exec(failure) ?? [];
    const replayed = replayTrace(readTrace(readFileSync(file, 'utf8')), broken);
    expect(replayed.type).toBe('same');
    const [, tape = ''] = /parseTape\('(.*)'\)/.exec(failure) ?? [];
    const pasted = runSystem(broken, { stepsMax: 3, tape: parseTape(tape) });
    expect(pasted.hash).toBe(replayed.run.hash);
  });

  test('notes in the trace which faults it needs', async () => {
    const system = defineSystem(ping());
    await expect(system).toHold('answered');
    const failure = await messageOf(
      expect(system).toHold('answered', { faults: { drop: 1 }, out }),
    );
    const [, file = ''] = /the trace is (\S+);/.exec(failure) ?? [];
    expect(readTrace(readFileSync(file, 'utf8')).system.variant).toEqual({ faults: { drop: 1 } });
  });

  test('can be turned round, and then writes nothing', async () => {
    await expect(broken).not.toHold('consistent', { out });
    expect(await messageOf(expect(commit).not.toHold('consistent'))).toMatch(
      /"consistent" should not hold, but it does: 288 worlds/,
    );
    expect(readdirSync(out)).toEqual([]);
  });

  test('says of what cannot be decided by a limit that it was not', async () => {
    const endless = defineSystem({ ...twoPhaseCommit({ rms: 8 }), properties: [] });
    await expect(endless).toHold([], { statesMax: 10 });
    const once = eventually('all is over', (view) => view.actor('tm')?.value === 'aborted');
    expect(await messageOf(expect(endless).toHold(once, { statesMax: 10 }))).toMatch(
      /"all is over": not decided, as not all worlds were looked at/,
    );
  });

  test('does not take for reached what was never reached', async () => {
    await expect(commit).toHold('all abort', { schedules: 100, stepsMax: 100 });
    const failure = await messageOf(expect(commit).toHold('all commit', { strategy: 'fifo' }));
    expect(failure).toMatch(/"all commit" was never reached\. Look further/);
    await expect(commit).not.toHold('all commit', { depthMax: 2 });
  });

  test.each([
    [() => expect({}).toHold(), /not-a-system|is no system/],
    [() => expect(commit).toHold('constant'), /no property "constant"/],
    [() => expect(commit).toHold('consistent', { schedules: -1 }), /"schedules" is -1/],
    [
      () =>
        expect(commit).toHold(
          always('rude', () => {
            throw new Error('no');
          }),
        ),
      /The property "rude" threw: no/,
    ],
  ])('throws for what cannot be meant %#', async (claim, message) => {
    await expect(claim).rejects.toThrow(message);
  });
});

describe('toReach', () => {
  test('comes to a world that is so', async () => {
    await expect(commit).toReach('all commit');
    await expect(commit).toReach(
      sometimes('rm1 prepares', (view) => view.actor('rm1')?.value === 'prepared'),
    );
    await expect(commit).toReach('all abort', { schedules: 50, stepsMax: 100 });
  });

  test('says that there is none', async () => {
    const lost = sometimes('rm1 is lost', (view) => view.actor('rm1')?.value === 'lost');
    await expect(commit).not.toReach(lost);
    expect(await messageOf(expect(commit).toReach(lost))).toMatch(
      /"rm1 is lost" was never reached\.\n288 worlds/,
    );
    expect(existsSync('traces')).toBe(false);
  });

  test('says how it was reached, where it should not be', async () => {
    expect(await messageOf(expect(commit).not.toReach('all abort'))).toMatch(
      /"all abort" was reached:\n#0 [^]*rm3: aborted/,
    );
  });

  test('refuses what is said of no single world', async () => {
    const over = eventually('over', () => true);
    await expect(expect(commit).toReach(over)).rejects.toThrow(/no world/);
  });
});

async function messageOf(claim: Promise<unknown>): Promise<string> {
  try {
    await claim;
  } catch (thrown) {
    return (thrown as Error).message;
  }
  return '';
}
