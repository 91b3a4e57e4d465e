import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { parseTape } from '../../src/index.ts';
import { cli, inFolder, isOneMessage } from './cli.ts';

const hasty = ['two-phase-commit', '--param', 'bug=commits-without-all-votes'] as const;

/** The trace of a run that breaks consistency at some of its steps, and goes on. */
async function longTrace(folder: string): Promise<string> {
  const file = join(folder, 'long.json');
  await cli('run', ...hasty, '--seed', '4', '--steps-max', '40', '--quiet', '--out', file);
  return file;
}

test('makes a trace small, and the small one says what is broken and replays', async () => {
  await inFolder(async (folder) => {
    const long = await longTrace(folder);
    const small = join(folder, 'small.json');
    const shrunk = await cli('shrink', long, '--property', 'consistent', '--out', small);
    expect(shrunk.code).toBe(0);
    expect(shrunk.out).toMatch(/"consistent" is broken: after step 3 rm1\.value was "/);
    expect(shrunk.out).toMatch(/5 steps with 4 departures and 0 faults became 3 with 2 and 0,/);
    const replayed = await cli('replay', small);
    expect(replayed.code).toBe(0);
    expect(replayed.out).toMatch(/the same as recorded\n"consistent" is broken: after step 3 /);
    expect(replayed.out).toContain(shrunk.out.split('stopped')[0] ?? 'nothing');
    expect((await cli('show', small)).code).toBe(0);
  });
});

test('takes the property from the trace, and shrinks what is small to itself', async () => {
  await inFolder(async (folder) => {
    const [first, second] = [join(folder, 'first.json'), join(folder, 'second.json')];
    await cli('shrink', await longTrace(folder), '--property', 'consistent', '--out', first);
    const again = await cli('shrink', first, '--out', second, '--json');
    const report = JSON.parse(again.out) as { readonly from: unknown; readonly to: unknown };
    expect(report).toMatchObject({ complete: true, property: 'consistent', steps: 3 });
    expect(report.to).toEqual(report.from);
    expect(readFileSync(second, 'utf8')).toBe(readFileSync(first, 'utf8'));
  });
});

test('tries smaller parameters where that is asked for, and the trace says which', async () => {
  await inFolder(async (folder) => {
    const small = join(folder, 'small.json');
    const long = await longTrace(folder);
    const shrunk = await cli(
      'shrink',
      long,
      '--property',
      'consistent',
      '--params',
      '--out',
      small,
    );
    expect(shrunk.out).toContain('parameters {"rms":2,"repeats":true,');
    const { system } = JSON.parse(readFileSync(small, 'utf8')) as {
      readonly system: { readonly params: unknown };
    };
    expect(system.params).toMatchObject({ rms: 2 });
    expect((await cli('replay', small)).out).toMatch(
      /the same as recorded\n"consistent" is broken/,
    );
  });
});

test('says which property to name, and which is not broken', async () => {
  await inFolder(async (folder) => {
    const long = await longTrace(folder);
    const unnamed = await cli('shrink', long, '--quiet');
    expect(unnamed.err).toMatch(/Name it: --property with one of "consistent"/);
    expect(isOneMessage(unnamed)).toBe(true);
    const unknown = await cli('shrink', long, '--property', 'good');
    expect(unknown.err).toMatch(/states no property "good". It states "consistent"/);
    const fine = join(folder, 'fine.json');
    await cli('run', 'two-phase-commit', '--quiet', '--out', fine);
    const whole = await cli('shrink', fine, '--property', 'consistent');
    expect(whole.err).toMatch(/"consistent" is not broken by this run/);
    expect(isOneMessage(whole)).toBe(true);
  });
});

test('follows a trace of a changed system, and says what was skipped', async () => {
  await inFolder(async (folder) => {
    const [small, file] = [join(folder, 'small.json'), join(folder, 'changed.json')];
    await cli('shrink', await longTrace(folder), '--property', 'consistent', '--out', small);
    const broken = await cli('replay', small, '--tolerant', '--json');
    expect(broken.code).toBe(1);
    expect(JSON.parse(broken.out)).toMatchObject({ broken: true, sameStart: true, skipped: [] });
    // The mistake is put right: the manager no longer may commit.
    const trace = JSON.parse(readFileSync(small, 'utf8')) as {
      system: { params: Record<string, unknown> };
      tape: string;
    };
    trace.system.params['bug'] = 'none';
    writeFileSync(file, JSON.stringify(trace));
    expect((await cli('replay', file)).code).toBe(2);
    const followed = await cli('replay', file, '--tolerant');
    expect(followed.code).toBe(0);
    expect(followed.out).toContain(`1 of ${parseTape(trace.tape).length} departures taken`);
    expect(followed.out).toContain('skipped: input:tm:commit.decided#0 where end is next');
    expect(followed.out).toContain('"consistent" is not broken');
    const both = await cli('replay', file, '--tolerant', '--to', '1', '--quiet');
    expect(both.err).toMatch(/no fixed numbers/);
    expect(isOneMessage(both)).toBe(true);
  });
});
