import { describe, expect, test } from 'vitest';

import { twoPhaseCommit } from '../../../examples/protocols/two-phase-commit.ts';
import {
  allOf,
  always,
  atQuiescence,
  deadlockFree,
  defineSystem,
  never,
  runSystem,
  search,
  sometimes,
} from '../../../src/index.ts';
import type { View } from '../../../src/index.ts';

const system = defineSystem(twoPhaseCommit({ rms: 3 }));
const valuesIn = (view: View): readonly unknown[] =>
  ['rm1', 'rm2', 'rm3'].map((rm) => view.actor(rm)?.value);
const isMixed = (view: View): boolean =>
  valuesIn(view).includes('committed') && valuesIn(view).includes('aborted');

/** What is asked of each resource manager, and of how many worlds. */
function asking() {
  const asked = ['rm1', 'rm2', 'rm3'].map((rm) => ({ rm, views: new Set<View>() }));
  const parts = asked.map(({ rm, views }) => (view: View): boolean => {
    views.add(view);
    return view.actor(rm)?.value !== 'aborted';
  });
  const count = (): number => asked.reduce((sum, { views }) => sum + views.size, 0);
  return { count, parts };
}

describe('a question of several parts', () => {
  test('has the answer of its parts together, in the same world', () => {
    const whole = allOf(asking().parts);
    const plain = (view: View): boolean => whole(view);
    const ways = [whole, plain, allOf([allOf([whole])])].map((holds) => {
      const { violations } = search(system, { properties: [always('none aborts', holds)] });
      return violations.map(({ run }) => run?.steps.length);
    });
    expect(ways).toEqual([ways[0], ways[0], ways[0]]);
    expect(ways[0]?.[0]).toBeGreaterThan(1);
    expect(search(system, { properties: [never('abort', whole)] }).violations).toHaveLength(1);
  });

  test('asks each part once for what that part reads, not for all of them together', () => {
    const [together, apart] = [asking(), asking()].map(({ count, parts }) => ({
      count,
      parts: parts.map((part) => (view: View) => part(view) || true),
    }));
    if (together === undefined || apart === undefined) throw new Error('There are two.');
    const all = (view: View): boolean => together.parts.every((part) => part(view));
    search(system, { properties: [always('asked together', all)] });
    search(system, { properties: [always('asked apart', allOf(apart.parts))] });
    // A resource manager is working, prepared, committed or aborted.
    expect(apart.count()).toBe(12);
    expect(together.count()).toBeGreaterThan(50);
  });
});

describe('a search', () => {
  test.each(['breadth', 'depth'] as const)('looks at every world, %s first', (order) => {
    const found = search(system, { order, properties: [never('mixed', isMixed)] });
    expect(found).toMatchObject({ complete: true, states: 288, violations: [] });
  });

  test('says how deep a complete search went: 11 levels, the start being the first', () => {
    expect(search(system).depth).toBe(11);
  });

  test('stops at its limits and says that it is not complete', () => {
    expect(search(system, { statesMax: 50 })).toMatchObject({ complete: false });
    expect(search(system, { depthMax: 2 })).toMatchObject({ complete: false, depth: 2 });
    expect(search(system, { depthMax: 11 })).toMatchObject({ complete: true, depth: 11 });
    expect(search(system, { bytesMax: 1 })).toMatchObject({ complete: false, ended: 'bytes-max' });
    const large = defineSystem(twoPhaseCommit({ rms: 6 }));
    const cut = search(large, { bytesMax: 700_000 });
    expect(cut).toMatchObject({ complete: false, ended: 'bytes-max' });
    expect(cut.states).toBeGreaterThan(1000);
  });

  test('stops when it is told that this is enough', () => {
    let asked = 0;
    const isEnough = (): boolean => {
      asked += 1;
      return asked > 1;
    };
    const large = defineSystem(twoPhaseCommit({ rms: 6 }));
    const cut = search(large, { isEnough });
    expect(cut).toMatchObject({ complete: false, ended: 'enough' });
    expect(cut.states).toBeGreaterThan(1000);
    expect(asked).toBe(2);
  });

  test('stops at a depth, depth first, and goes on beside it', () => {
    const cut = search(system, { depthMax: 3, order: 'depth' });
    expect(cut).toMatchObject({ complete: false, depth: 3, ended: 'depth-max' });
    expect(cut.states).toBeGreaterThan(search(system, { depthMax: 2, order: 'depth' }).states);
    const whole = search(system, { order: 'depth' });
    expect(search(system, { depthMax: whole.depth, order: 'depth' })).toMatchObject({
      complete: true,
      states: 288,
    });
  });

  test.each(['breadth', 'depth'] as const)('finds as much by fingerprints, %s first', (order) => {
    const large = defineSystem(twoPhaseCommit({ repeats: true, rms: 5 }));
    const found = search(large, {
      order,
      properties: [never('mixed', isMixed)],
      storage: 'fingerprints',
    });
    expect(found).toMatchObject({ complete: true, states: 8832, transitions: 58_146 });
    expect(found.omissionOdds).toBeGreaterThan(0);
    expect(found.omissionOdds).toBeLessThan(1e-9);
    expect(search(system).omissionOdds).toBe(0);
  });

  test('says which `sometimes` it saw, and which never', () => {
    const done = sometimes('all committed', (view) =>
      valuesIn(view).every((value) => value === 'committed'),
    );
    const found = search(system, { properties: [done, sometimes('mixed', isMixed)] });
    expect(found.reached).toEqual(['all committed']);
    expect(found.violations).toEqual([{ property: 'mixed' }]);
  });

  test('asks of rest only where the system rests', () => {
    const decided = atQuiescence('decided', (view) =>
      valuesIn(view).every((value) => value === 'committed' || value === 'aborted'),
    );
    const [first] = search(system, { properties: [decided] }).violations;
    // The system rests before the environment decides anything.
    expect(first?.run?.steps).toHaveLength(1);
    expect(search(system, { properties: [deadlockFree(() => true)] }).complete).toBe(true);
  });

  test('names the property that throws', () => {
    const broken = always('broken', () => {
      throw new Error('no such field');
    });
    expect(() => search(system, { properties: [broken] })).toThrow(
      expect.objectContaining({ code: 'explore/property-threw' }),
    );
  });
});

describe('what breaks a property', () => {
  const notAllAborted = never('all aborted', (view) =>
    valuesIn(view).every((value) => value === 'aborted'),
  );

  test('is reached by the shortest run, breadth first', () => {
    const [found] = search(system, { properties: [notAllAborted] }).violations;
    expect(found?.run?.steps.slice(1).map(({ choice }) => choice?.type)).toEqual([
      'input',
      'input',
      'input',
    ]);
  });

  test.each([
    ['breadth', 'worlds'],
    ['depth', 'worlds'],
    ['breadth', 'fingerprints'],
  ] as const)('is a run that replays strictly, %s first by %s', (order, storage) => {
    const { violations } = search(system, { order, properties: [notAllAborted], storage });
    const run = violations[0]?.run;
    const again = runSystem(system, {
      tape: run?.tape ?? [],
      replay: 'strict',
      stepsMax: (run?.steps.length ?? 0) - 1,
    });
    expect(again.hash).toBe(run?.hash);
  });
});
