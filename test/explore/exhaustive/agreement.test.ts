import { expect, test } from 'vitest';

import { viewOfWorld } from '../../../src/explore/view-of-world.ts';
import { agree, agreeAcross, defineSystem, runSystem, search } from '../../../src/index.ts';
import type { SystemDefinition, View } from '../../../src/index.ts';
import { count, does, play, send } from '../interned/play.ts';
import type { Part } from '../interned/puppet.ts';

const value = (view: View): unknown => view.actor('a')?.value;

const says = (event: string): Part => ({ entry: [send('a', event)], states: { on: {} } });

/** Hears `x` from b and `y` from c, in any order. */
function race(a: Part, options: Partial<SystemDefinition> = {}) {
  return defineSystem(play('race', { a, b: says('x'), c: says('y') }, options));
}

const remembersLast: Part = {
  states: {
    none: { x: { target: 'x' }, y: { target: 'y' } },
    x: { x: { target: 'x' }, y: { target: 'y' } },
    y: { x: { target: 'x' }, y: { target: 'y' } },
  },
};
const counts: Part = { states: { on: { x: does(count), y: does(count) } } };

test('ends that differ are shown as two runs that replay to them', () => {
  const system = race(remembersLast);
  const { violations } = search(system, { properties: [agree('one end', value)] });
  const [first, second] = [violations[0]?.run, violations[0]?.other?.run].map((run) => {
    const again = runSystem(system, { replay: 'strict', tape: run?.tape ?? [] });
    expect(again).toMatchObject({ ended: 'quiescent', hash: run?.hash });
    return value(viewOfWorld(system.mechanics.rules, again.world));
  });
  expect(new Set([first, second])).toEqual(new Set(['x', 'y']));
});

test('ends agree by contents, whatever order led to them', () => {
  const found = search(race(counts), { properties: [agree('one end', recordOfCount)] });
  expect(found).toMatchObject({ complete: true, vacuous: [], violations: [] });
});

test('an end is where nothing is left to give; faults that may still come are not waited for', () => {
  const told = { told: { a: { x: 1 } } };
  const properties = [agree('one end', (view) => view.actor('a')?.context['n'])];
  const calm = defineSystem(play('told', { a: counts }, told));
  expect(search(calm, { properties })).toMatchObject({ complete: true, violations: [] });
  const lossy = race(counts, { faults: { drop: 1 } });
  expect(search(lossy, { properties }).violations[0]?.other).toBeDefined();
  const endless = defineSystem(play('told for ever', { a: counts }, { told: { a: { x: 0 } } }));
  expect(search(endless, { properties })).toMatchObject({ vacuous: ['one end'] });
});

test('variants are held against the system that is searched', () => {
  const [same, lossy] = [
    race(counts, { network: { links: 'unordered' } }),
    race(counts, { faults: { drop: 1 } }),
  ];
  const base = race(counts);
  const across = (...systems: readonly (typeof base)[]) =>
    search(base, { properties: [agreeAcross('variants', systems, observe)] });
  expect(across(same)).toMatchObject({ complete: true, violations: [] });
  const [violation] = across(same, lossy).violations;
  expect(violation).toMatchObject({ other: { variant: 1 }, property: 'variants', variant: 1 });
  const less = race({ states: { on: { x: does(count), y: {} } } });
  const [pair] = across(less).violations;
  expect(pair).toMatchObject({ variant: 0 });
  expect(pair?.other?.variant).toBeUndefined();
  expect(runSystem(less, { replay: 'strict', tape: pair?.run?.tape ?? [] }).hash).toBe(
    pair?.run?.hash,
  );
  expect(runSystem(base, { replay: 'strict', tape: pair?.other?.run.tape ?? [] }).hash).toBe(
    pair?.other?.run.hash,
  );
});

test('names the observation that is no data', () => {
  const properties = [agree('one end', () => ({ f: () => 1 }))];
  expect(() => search(race(counts), { properties })).toThrow(/one end/);
});

function recordOfCount(view: View): unknown {
  return { n: view.actor('a')?.context['n'] };
}

function observe(view: View): unknown {
  return view.actor('a')?.context['n'];
}
