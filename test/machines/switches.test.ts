import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { isOn, switchesOf, switchNames, switchTable } from '../../machines/switches/switches.ts';

const machines = new URL('../../machines', import.meta.url).pathname;

/** How often machines ask for each switch. */
function readings(): Readonly<Record<string, number>> {
  const text = readdirSync(machines, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(join(machines, path), 'utf8'))
    .join('\n');
  const asked = [...text.matchAll(/isOn\(\s*[\w.]+,\s*'([\w.]+)',?\s*\)/g)].map(
    ([, name = '']) => name,
  );
  return Object.fromEntries(
    switchNames.map((name) => [name, asked.filter((each) => each === name).length]),
  );
}

test('each switch is read at one place', () => {
  const expected = switchNames.map((name) => [name, 1]);
  expect(readings()).toEqual(Object.fromEntries(expected));
});

test('each switch says in one line what it does', () => {
  for (const name of switchNames) expect(switchTable[name].about).toMatch(/^[a-z].{20,90}[^.]$/);
});

describe('a profile', () => {
  const { 'rref.createForkNotAtomic': anyOf } = switchTable;

  test('is PyTorch with the bugs that it still has, or hardened with none', () => {
    const asPyTorch = switchesOf('pytorch-2.6');
    expect(anyOf).toMatchObject({ isLive: true });
    expect(isOn(asPyTorch, 'rref.createForkNotAtomic')).toBe(true);
    for (const name of switchNames) {
      expect(isOn(asPyTorch, name)).toBe(switchTable[name].isLive);
    }
    expect(switchesOf('hardened')).toEqual({});
  });

  test('can be departed from in both directions', () => {
    expect(switchesOf('hardened', { 'rref.createForkNotAtomic': true })).toEqual({
      'rref.createForkNotAtomic': true,
    });
    const without = switchesOf('pytorch-2.6', { 'rref.createForkNotAtomic': false });
    expect(isOn(without, 'rref.createForkNotAtomic')).toBe(false);
  });

  test('knows no other names', () => {
    // cast -- what a test does on purpose
    expect(() => switchesOf('hardened', { 'rref.typo': true } as never)).toThrow(
      'There is no switch "rref.typo"',
    );
    expect(() => switchesOf('pytorch' as never)).toThrow(
      'There is no profile "pytorch". There are pytorch-2.6, hardened.',
    );
  });
});
