import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { cluster, mainOutcome, rpc, torch } from '../../actors/index.ts';
import { defineFunctions, defineSystem, runSystem } from '../../src/index.ts';

function* main() {
  const rref = yield* rpc.remote('worker1', torch.add, [yield* torch.tensor([1, 2]), 3]);
  const sum = yield* rref.toHere();
  return sum.data;
}

test('docs/rpc.md shows a program that runs', () => {
  const functions = defineFunctions({ main });
  const system = defineSystem(
    cluster({ functions, main: { worker0: functions.toCall('main', []) }, workers: 2 }),
  );
  const outcome = mainOutcome(runSystem(system).world, 'worker0');
  expect(outcome).toEqual({ type: 'returned', value: [4, 5] });

  const [, shown = ''] = /```ts\n([^`]*)```/.exec(readFileSync('docs/rpc.md', 'utf8')) ?? [];
  const lines = readFileSync('test/actors/documented.test.ts', 'utf8').split('\n');
  const tested = new Set(lines.map((line) => line.trim()));
  const missing = shown
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => !line.startsWith('import') && !line.startsWith('mainOutcome(runSystem'))
    .filter((line) => !tested.has(line));
  expect(missing).toEqual([]);
});
