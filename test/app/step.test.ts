import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';

import { cli, inFolder, isOneMessage, spokenTo } from './cli.ts';
import type { Spoken } from './cli.ts';

const [enter, escape] = ['\r', '\u0003'];

/** Walks with somebody who types each of these to find a line of the menu, and takes it; then ends. */
async function walked(answers: readonly string[], ...argv: readonly string[]): Promise<Spoken> {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
  const output = Object.assign(new PassThrough(), { columns: 100, isTTY: true, rows: 40 });
  const left = [...answers];
  // Nobody types while the terminal is being drawn.
  const answer = (text: string): void => {
    setImmediate(() => input.write(text));
  };
  let heard = '';
  let typed: string | undefined;
  output.on('data', (chunk: Buffer) => {
    heard += stripVTControlCharacters(chunk.toString());
    if (typed !== undefined && heard.includes(`Search: ${typed}`)) {
      // The line that was looked for is the first that is left.
      [heard, typed] = ['', undefined];
      answer(enter);
      return;
    }
    if (typed !== undefined || !heard.includes('◆')) return;
    heard = '';
    typed = left.shift();
    answer(typed ?? escape);
  });
  return spokenTo({ input, output }, ['step', ...argv]);
}

const heads = (out: string): readonly string[] => out.match(/^#.*$/gm) ?? [];

test('walks forth, back and aside, and writes down where it ended', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'walk.trace.json');
    const { code, out } = await walked(
      ['prepare.decided at rm1', 'one step back', 'abort.decided at rm1', 'the first run', 'undo'],
      'two-phase-commit',
      '--param',
      'rms=2',
      '--out',
      file,
    );
    expect(code).toBe(0);
    expect(heads(out).map((line) => line.replace(/ +/g, ' '))).toEqual([
      '#0 0 ms start',
      '#1 0 ms input prepare.decided to rm1',
      '#0 0 ms start',
      '#1 0 ms input abort.decided to rm1',
      '#1 0 ms input prepare.decided to rm1',
      '#1 0 ms input abort.decided to rm1',
    ]);
    const replayed = await cli('replay', file);
    expect(replayed.code).toBe(0);
    expect(replayed.out).toContain('input abort.decided to rm1');
  });
});

test('begins in a trace where one likes, says why a step came, and what is broken there', async () => {
  await inFolder(async (folder) => {
    const found = await cli(
      'check',
      'two-phase-commit',
      'bug=commits-without-all-votes',
      '--out',
      folder,
      '--json',
    );
    const { steps, trace } = JSON.parse(found.out).violations[0];
    const { code, out } = await walked(['why', 'actors'], trace, '--to', String(steps));
    expect(code).toBe(0);
    expect(out).toContain('"consistent" is broken from here on');
    // What the others did before has no part in it: rm2 decides alone.
    expect(out).toMatch(
      /It comes of these steps[^\n]*\n#0 .*start\n#3 .*input abort\.decided to rm2\n/,
    );
    expect(out).toMatch(/^ {2}rm1 "committed"/m);
    expect(out).toMatch(/^\* rm2 "aborted"/m);
  });
});

test('says what to do where it cannot begin', async () => {
  expect(isOneMessage(await cli('step', 'ping-pong'))).toBe(true);
  expect(isOneMessage(await walked([], 'no-such-scenario'))).toBe(true);
  expect(isOneMessage(await walked([], 'ping-pong', '--to', '3'))).toBe(true);
  expect(isOneMessage(await walked([], 'no-such-file.json'))).toBe(true);
});
