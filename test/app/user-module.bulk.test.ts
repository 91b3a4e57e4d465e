import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { cli, inFolder, isOneMessage } from './cli.ts';
import type { Spoken } from './cli.ts';

const modules = 'test/app/modules';

test('runs a scenario from a module, and replays its trace with the module named', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'clocks.json');
    const module = `${modules}/counting.ts`;
    const ran = await cli('run', module, '--param', 'clocks=3', '--seed', '1', '--out', file);
    expect(ran.code).toBe(0);
    expect(ran.out).toContain('clock2');
    expect((await cli('replay', file, '--module', module)).out).toContain('the same as recorded');
    const unnamed = await cli('replay', file);
    expect(unnamed.err).toMatch(/is of "counting".*--module/);
    expect(isOneMessage(unnamed)).toBe(true);
  });
});

test('refuses a machine that awaits a promise, with the remedy', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'never.json');
    const spoken = await cli('run', `${modules}/awaiting.ts`, '--out', file);
    expect(spoken.err).toMatch(/"profile".*"loading".*"fetchUser".*outcomes\(/);
    expect(isOneMessage(spoken)).toBe(true);
    expect(existsSync(file)).toBe(false);
  });
});

test('says what a module should export', async () => {
  const spoken = await cli('run', `${modules}/empty.ts`);
  expect(spoken.err).toMatch(
    /exports no system: its exports are "nothing" \([^)]*\)\. Write export default/,
  );
  expect(isOneMessage(spoken)).toBe(true);
});

test('says in one line why a module does not compile', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'broken.ts');
    writeFileSync(file, 'export const system = {{;');
    const spoken = await cli('run', file);
    expect(spoken.err).toMatch(/broken\.ts" cannot be loaded: .*Expected/);
    expect(isOneMessage(spoken)).toBe(true);
  });
});

test('says of a cluster of a module which gradient cannot come', async () => {
  await inFolder(async (folder) => {
    const how = ['--param', 'rpcTimeout=0', '--properties', 'P3', '--no-shrink', '--out', folder];
    const spoken = await cli('check', `${modules}/unused-call.ts`, ...how, '--json');
    const stuck =
      /stuck: send \(0, 281474976710657\) on worker1 waits for a gradient that cannot come: the roots depend on nothing that worker0 made of it; made by rpc\.sync\(worker1, add\) on worker0/;
    expect(spoken.code).toBe(1);
    expect(spoken.err).toMatch(stuck);
    expect(JSON.parse(spoken.out).violations[0].remarks.join('\n')).toMatch(stuck);
  });
}, 120_000);

const machine = `import { createMachine } from 'xstate';
const machine = createMachine({ initial: 'a', states: { a: {}, b: {} }, on: { go: '.b' } });`;
const mine = `${machine}
import { always, defineSystem } from 'orrery';
const inputs = [{ event: { type: 'go' }, budget: 1 }];
const actors = [{ address: 'x', inputs, machine }];
const properties = [always('at a', (view) => view.actor('x')?.value === 'a')];
export default defineSystem({ actors, name: 'mine', properties });`;

/** Carries out `check` of a module that lies in a folder without packages. */
async function checkedAlone(
  name: string,
  text: string,
  ...options: readonly string[]
): Promise<Spoken> {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-'));
  try {
    writeFileSync(join(folder, name), text);
    return await cli('check', join(folder, name), '--out', folder, ...options);
  } finally {
    rmSync(folder, { force: true, recursive: true });
  }
}

test.each(['mine.ts', 'mine.js', 'mine.mts', 'mine.mjs'])(
  'loads %s, which imports orrery and xstate by name, from anywhere',
  async (name) => {
    const { code, err, out } = await checkedAlone(name, mine);
    expect(err).toBe('');
    expect(out).toContain('"at a" is broken by a run of 1 step:');
    expect(code).toBe(1);
  },
);

test.each([
  [
    'is no system',
    'export default { name: "x", actors: [] };',
    /exports no system: .*"default" \(an object: give it to defineSystem\)/,
  ],
  ['is a function', 'export default () => 1;', /"default" \(a function: call it\)/],
  [
    'makes none',
    'export default { make: async () => 7 };',
    /make gave a promise: await it\. Let it return defineSystem/,
  ],
  [
    'makes one too late',
    'export default { make: async () => 7 };',
    /make gave a promise: await it/,
  ],
  ['makes a mistake', 'export default { make: () => x.y };', /make threw: x is not defined\./],
  ['has odd parameters', 'export default { make() {}, params: [] };', /params is a list\. Give an/],
  ['is nothing', '', /exports no system\. Write export default/],
  ['throws', 'throw new Error("not today");', /cannot be loaded: not today/],
  ['throws what is no error', 'throw "so";', /cannot be loaded: so/],
  ['does not compile', 'export default {{;', /cannot be loaded: .*x\.ts:1: Expected/],
  ['imports what is not there', 'import "./other.ts";', /cannot be loaded: .*Could not resolve/],
  ['imports a package that is not there', 'import "lefter-pad";', /Could not resolve "lefter-pad"/],
  [
    'makes a system that is refused',
    'import { defineSystem } from "orrery"; export default defineSystem({ name: "x", actors: [{ address: "a" }] });',
    /actors\[0\] \("a"\)\.machine is undefined/,
  ],
])('says one message for a module that %s', async (_, text, message) => {
  const spoken = await checkedAlone('x.ts', text);
  expect(spoken.err).toMatch(message);
  expect(isOneMessage(spoken)).toBe(true);
});

/** A module with one actor, `rm1`, whose machine is made by this text. */
function withMachine(text: string): string {
  return `import { assign, createMachine, fromPromise, setup } from 'xstate';
    import { always, defineSystem } from 'orrery';
    class Ledger {}
    const cycle = {};
    cycle.self = cycle;
    const machine = ${text};
    const inputs = [{ event: { type: 'go' }, budget: 1 }];
    export default defineSystem({
      name: 'bad',
      actors: [{ address: 'rm1', inputs, machine }],
      properties: [always('fine', () => true)],
    });`;
}

const onGo = (context: string): string =>
  `createMachine({ context: {}, on: { go: { actions: assign(${context}) } } })`;

test.each([
  [
    'a function',
    'createMachine({ context: { callbacks: [() => 1] } })',
    'rm1.context.callbacks[0] is a function',
  ],
  [
    'a function, later',
    onGo('{ callbacks: () => [() => 1] }'),
    'rm1.context.callbacks[0] is a function',
  ],
  ['a cycle', 'createMachine({ context: { cycle } })', 'rm1.context.cycle.self'],
  [
    'an instance',
    onGo('{ ledger: () => new Ledger() }'),
    'rm1.context.ledger is an instance of Ledger',
  ],
  [
    'a date',
    'createMachine({ context: { at: new Date(0) } })',
    'rm1.context.at is an instance of Date',
  ],
  ['a map', onGo('{ seen: () => new Map() }'), 'rm1.context.seen is an instance of Map'],
  ['a set', onGo('{ seen: () => [new Set()] }'), 'rm1.context.seen[0] is an instance of Set'],
  ['a symbol', onGo('{ tag: () => Symbol("tag") }'), 'rm1.context.tag is a symbol'],
  ['an action that acts', 'createMachine({ entry: () => console.log(1) })', 'acts on the outside'],
  [
    'a promise',
    "setup({ actors: { fetch: fromPromise(async () => 1) } }).createMachine({ invoke: { src: 'fetch' } })",
    '"fetch"',
  ],
  ['a clock', onGo('{ at: ({ self }) => self.getSnapshot() }'), 'getSnapshot'],
])('names the place of what no machine may have: %s', async (_, text, message) => {
  const spoken = await checkedAlone('x.js', withMachine(text));
  expect(spoken.err).toContain(message);
  expect(isOneMessage(spoken)).toBe(true);
});

test.each(['random', 'pct'])('names it whatever the strategy: %s', async (strategy) => {
  const text = withMachine(onGo('{ seen: () => new Map() }'));
  const spoken = await checkedAlone('x.js', text, '--strategy', strategy);
  expect(spoken.err).toContain('rm1.context.seen is an instance of Map');
  expect(isOneMessage(spoken)).toBe(true);
});
