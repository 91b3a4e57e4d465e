import { describe, expect, test } from 'vitest';

import { singleCopyRegister } from '../../examples/protocols/single-copy-register.ts';
import { twoPhaseCommit } from '../../examples/protocols/two-phase-commit.ts';
import { isBrokenIn } from '../../src/explore/verdict.ts';
import { viewOfWorld } from '../../src/explore/view-of-world.ts';
import {
  always,
  atQuiescence,
  deadlockFree,
  defineSystem,
  never,
  search,
  sometimes,
} from '../../src/index.ts';
import type { System, View } from '../../src/index.ts';

/** All that a view shows. */
function shown(view: View): string {
  const messages = view.messages().map((message) => JSON.stringify(message));
  return JSON.stringify([
    view.addresses().map((address) => [address, view.actor(address)]),
    messages.toSorted(),
    view.monitor('history'),
    view.actor('nobody') === undefined,
  ]);
}

function shownBySearch(system: System): ReadonlySet<string> {
  const seen = new Set<string>();
  const look = always('shown', (view) => {
    seen.add(shown(view));
    return true;
  });
  search(system, { properties: [look] });
  return seen;
}

/** The views of all worlds of the plain kernel. */
function shownByKernel(system: System): ReadonlySet<string> {
  const first = system.start().world;
  const known = new Set([system.hash(first)]);
  const open = [first];
  const seen = new Set<string>();
  for (const world of open) {
    seen.add(shown(viewOfWorld(system.mechanics.rules, world)));
    for (const choice of system.choices(world)) {
      const after = system.apply(world, choice).world;
      const hash = system.hash(after);
      if (!known.has(hash)) open.push(after);
      known.add(hash);
    }
  }
  return seen;
}

test.each([
  ['messages that stay', twoPhaseCommit({ rms: 2 })],
  ['messages that are taken, and a monitor', singleCopyRegister({ clients: 2 })],
])('a plain world shows what an interned one does: %s', (_, definition) => {
  const system = defineSystem(definition);
  const seen = shownByKernel(system);
  expect(seen.size).toBeGreaterThan(50);
  expect(seen).toEqual(shownBySearch(system));
});

const isWorking = ({ actor }: View): boolean => actor('rm1')?.value === 'working';

describe('a world breaks', () => {
  const { rules } = defineSystem(twoPhaseCommit({ rms: 2 })).mechanics;
  const view = viewOfWorld(rules, defineSystem(twoPhaseCommit({ rms: 2 })).start().world);

  test.each([
    [always('a', isWorking), false, false],
    [never('n', isWorking), true, true],
    [sometimes('s', isWorking), false, false],
    [atQuiescence('q', (one) => !isWorking(one)), false, true],
    [deadlockFree(), false, true],
    [deadlockFree(isWorking), false, false],
  ])('%o: %s in motion, %s at rest', (property, inMotion, atRest) => {
    expect(isBrokenIn(property, view, false)).toBe(inMotion);
    expect(isBrokenIn(property, view, true)).toBe(atRest);
  });
});
