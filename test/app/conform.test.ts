import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { cli, inFolder, isOneMessage } from './cli.ts';

const programs = readFileSync('examples/conformance/programs.jsonl', 'utf8').trim().split('\n');
const golden = readFileSync('examples/conformance/programs.golden.jsonl', 'utf8')
  .trim()
  .split('\n');

/** The smallest: with a relay and two passes, and with an error. */
const few = ['p11-147', 'p11-155'];

function linesOf(lines: readonly string[], ids: readonly string[]): string {
  return ids
    .map((id) => `${lines.find((line) => line.includes(`"id": "${id}"`)) ?? ''}\n`)
    .join('');
}

test('gives what PyTorch gave, in the order of the programs, under every schedule', async () => {
  await inFolder(async (folder) => {
    const [file, expected, out] = ['programs', 'golden', 'out'].map((name) => join(folder, name));
    writeFileSync(file ?? '', linesOf(programs, few.toReversed()));
    writeFileSync(expected ?? '', linesOf(golden, few));
    const argv = ['conform', file ?? '', '--golden', expected ?? '', '--out', out ?? ''];
    const { code, out: text } = await cli(...argv, '--schedules', '3', '--seed', '5');
    expect(text).toMatch(/2 of 2 agree/);
    expect(text).toMatch(/2 of 2 come out alike under 3 random schedules/);
    expect(code).toBe(0);
    const ids = readFileSync(out ?? '', 'utf8')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { readonly id: string }).id);
    expect(ids).toEqual(few.toReversed());
  });
});

test('says which outcome is not as PyTorch gave it, and exits with 1', async () => {
  await inFolder(async (folder) => {
    const [file, expected, out] = ['programs', 'golden', 'out'].map((name) => join(folder, name));
    writeFileSync(file ?? '', linesOf(programs, few));
    writeFileSync(
      expected ?? '',
      linesOf(golden, few).replace('requires_grad not set on root', 'it is Tuesday'),
    );
    const argv = ['conform', file ?? '', '--golden', expected ?? '', '--out', out ?? ''];
    const spoken = await cli(...argv);
    expect(spoken.code).toBe(1);
    expect(spoken.out).toContain('1 of 2 agree');
    expect(spoken.out).toMatch(
      /p11-147: error\.message is "requires_grad not set on root", expected "it is Tuesday"/,
    );
    expect(existsSync(out ?? '')).toBe(true);
    const asJson = await cli(...argv, '--json');
    expect(JSON.parse(asJson.out)).toMatchObject({ agree: 1, mismatches: [{ id: 'p11-147' }] });
  });
});

const leaf = { data: [1], id: 'l0', kind: 'leaf', requires_grad: true, shape: [1], worker: 0 };
const op = { args: ['l0'], id: 'r0', kind: 'op', op: 'sum', to: 1, via: 'rpc_sync' };

function program(first: object, second: object): string {
  return JSON.stringify({ id: 'p', roots: ['r0'], values: [first, second], workers: 2 });
}

test.each([
  ['a line that is no JSON', `${program(leaf, op)}\n\n{"id": `, /Line 3 of ".*" is not JSON/],
  ['a program that is no object', '7', /Line 1 of/],
  [
    'an unknown worker of a leaf',
    program({ ...leaf, worker: 2 }, op),
    /"p".*"l0".*unknown worker 2/,
  ],
  ['an unknown worker of an op', program(leaf, { ...op, to: 5 }), /"p".*"r0".*unknown worker 5/],
  ['an unknown op', program(leaf, { ...op, op: 'root' }), /"p".*"r0".*unknown op "root"/],
  ['an unknown value', program(leaf, { ...op, args: ['l9'] }), /"p".*"r0".*unknown value "l9"/],
  [
    'a shape that does not fit',
    program({ ...leaf, shape: [2, 2] }, op),
    /"l0".*1 numbers.*takes 4/,
  ],
  ['no program at all', '\n', /holds no program/],
  ['two programs of one id', `${program(leaf, op)}\n${program(leaf, op)}`, /Line 2 .*before it/],
])('says one message for %s, and writes nothing', async (_, text, message) => {
  await inFolder(async (folder) => {
    const file = join(folder, 'programs.jsonl');
    writeFileSync(file, text);
    const spoken = await cli('conform', file, '--out', join(folder, 'out.jsonl'));
    expect(spoken.err).toMatch(message);
    expect(isOneMessage(spoken)).toBe(true);
    expect(readdirSync(folder)).toEqual(['programs.jsonl']);
  });
});

test.each([
  ['no outcome of a program', '{"id":"q"}', /has no outcome of the program "p"/],
  ['a line that is no JSON', '{"id":"p"}\nnan', /Line 2 of/],
  ['a line that is no outcome', '[]', /Line 1 of .* is no outcome/],
])('says one message for golden outcomes with %s', async (_, text, message) => {
  await inFolder(async (folder) => {
    const [file, expected] = [join(folder, 'programs.jsonl'), join(folder, 'golden.jsonl')];
    writeFileSync(file, program(leaf, op));
    writeFileSync(expected, text);
    const spoken = await cli('conform', file, '--golden', expected, '--out', join(folder, 'out'));
    expect(spoken.err).toMatch(message);
    expect(isOneMessage(spoken)).toBe(true);
    expect(readdirSync(folder)).toHaveLength(2);
  });
});

test('names the value that cannot be made, and judges the other programs', async () => {
  await inFolder(async (folder) => {
    const [file, expected, out] = ['programs', 'golden', 'out'].map((name) => join(folder, name));
    // Neither the leaf nor what comes after it is to blame.
    const clamp = { ...op, id: 'v0', kwargs: { min: 'low' }, op: 'clamp', via: 'rpc_async' };
    const ill = {
      id: 'ill',
      roots: ['r0'],
      values: [leaf, clamp, { ...op, via: 'local' }],
      workers: 2,
    };
    writeFileSync(file ?? '', `${JSON.stringify(ill)}\n${linesOf(programs, few)}`);
    writeFileSync(expected ?? '', `{"id": "ill", "outcome": "error"}\n${linesOf(golden, few)}`);
    const argv = ['conform', file ?? '', '--schedules', '2', '--out', out ?? ''];
    const compared = await cli(...argv, '--golden', expected ?? '');
    expect(compared.code).toBe(1);
    expect(compared.out).toMatch(/ill: value v0 cannot be made: .*"low" as "min", where a number/);
    expect(compared.out).toContain('2 of 3 agree');
    expect(compared.out).toContain('2 of 3 come out alike');
    const outcomes = readFileSync(out ?? '', 'utf8')
      .trim()
      .split('\n');
    expect(outcomes.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { contexts_after: [], id: 'ill', outcome: 'failed' },
      { id: few[0], outcome: expect.stringMatching(/ok|error/) as unknown },
      { id: few[1] },
    ]);
    const alone = await cli(...argv, '--json');
    expect(alone.code).toBe(1);
    expect(JSON.parse(alone.out)).toMatchObject({ mismatches: [{ id: 'ill' }], programs: 3 });
  });
});

test('demonstrates itself: a table, a backward pass, its trace, and what to try next', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'backward.json');
    const { code, out } = await cli('demo', '--schedules', '1', '--out', file);
    expect(code).toBe(0);
    expect(out).toContain('the same');
    expect(out).not.toContain('DIFFERS');
    expect(out).toMatch(/├─+ BACKWARD_AUTOGRAD_REQ ─+>│/);
    const commands = out.split('Try next:')[1]?.match(/orrery (.*)/g) ?? [];
    expect(commands).toHaveLength(3);
    for (const command of commands) {
      expect(await cli(...command.split(' ').slice(1))).toMatchObject({ code: 0 });
    }
  });
});
