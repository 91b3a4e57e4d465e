import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { cli, inFolder } from './cli.ts';
import type { Spoken } from './cli.ts';

const module = 'test/app/modules/whole-runs.ts';

interface Saved {
  property: { loop?: { from: number }; other?: { departures: unknown[]; hash: string } };
}

/** Checks the scenario, changes the trace of what is broken, and replays it. */
async function replayed(of: string, change: (trace: Saved) => void): Promise<Spoken> {
  let spoken: Spoken | undefined;
  await inFolder(async (folder) => {
    const found = await cli('check', module, '--param', `of=${of}`, '--out', folder);
    expect(found.code).toBe(1);
    const [name = ''] = readdirSync(folder);
    const file = join(folder, name);
    const trace = JSON.parse(readFileSync(file, 'utf8')) as Saved;
    change(trace);
    writeFileSync(file, JSON.stringify(trace));
    spoken = await cli('replay', file, '--module', module, '--quiet');
  });
  if (spoken === undefined) throw new Error('nothing was replayed');
  return spoken;
}

const asItIs = (): undefined => undefined;

describe('a replay judges anew', () => {
  test('a run that goes round', async () => {
    const { code, err, out } = await replayed('ball', asItIs);
    expect(err).toBe('');
    expect(out).toMatch(/"somebody tires" is broken: steps \d+ to \d+ can come again and again/);
    expect(code).toBe(0);
  });

  test('that it does not come round, where the turn is another', async () => {
    const { code, out } = await replayed('ball', ({ property }) => {
      property.loop = { from: (property.loop?.from ?? 0) + 1 };
    });
    expect(out).toMatch(/"somebody tires" is not broken: the world after its last step/);
    expect(code).toBe(1);
  });

  test.each(['letters', 'across'])('two runs that must agree, both made again: %s', async (of) => {
    const { code, err, out } = await replayed(of, asItIs);
    expect(err).toBe('');
    expect(out).toMatch(/is broken: once it ended with "[ab]", once with "[ab]"/);
    expect(code).toBe(0);
  });

  test('that the other run is no more what it was', async () => {
    const { code, out } = await replayed('letters', ({ property }) => {
      if (property.other !== undefined) property.other.hash = '0'.repeat(16);
    });
    expect(out).toMatch(/is not broken: the other run comes out otherwise/);
    expect(code).toBe(1);
  });
});
