import { describe, expect, test } from 'vitest';

import { twoPhaseCommit } from '../../../examples/protocols/two-phase-commit.ts';
import { indexer, lastZero, readers } from '../../../examples/shared-memory/programs.ts';
import { senders } from '../../../examples/shared-memory/senders.ts';
import {
  agree,
  always,
  defineSystem,
  eventually,
  leadsTo,
  never,
  reduce,
  runSystem,
  search,
  sometimes,
} from '../../../src/index.ts';
import type { SystemDefinition } from '../../../src/index.ts';

describe('the runs that are looked at are as many as Concuerror explores', () => {
  const programs: readonly (readonly [SystemDefinition, number])[] = [
    [readers(2), 4],
    [readers(6), 64],
    [readers(8), 256],
    [lastZero(5), 64],
    [indexer(12), 8],
    [senders({ senders: 4, to: 'one receiver' }), 24],
    [senders({ senders: 5, to: 'one receiver' }), 120],
    [senders({ senders: 6, to: 'one receiver' }), 720],
    [senders({ senders: 7, to: 'each its own receiver' }), 1],
  ];

  test.each(programs.map(([program, count]) => ({ count, name: program.name, program })))(
    '$name: $count',
    ({ count, program }) => {
      const system = defineSystem(program);
      expect(reduce(system)).toMatchObject({ blocked: 0, complete: true, interleavings: count });
      expect(reduce(system, { method: 'source' }).interleavings).toBe(count);
    },
  );

  test('with source sets, as many runs are given up on the way: 97 less 64', () => {
    expect(reduce(defineSystem(lastZero(5)), { method: 'source' }).blocked).toBe(33);
  });
});

const race = defineSystem(senders({ senders: 3, to: 'one receiver' }));

describe('a reduction', () => {
  test('gives a run that breaks a property and replays', () => {
    const isLast = never('the first comes last', (view) => {
      const numbers = view.actor('r')?.context['numbers'];
      return Array.isArray(numbers) && numbers.length === 3 && numbers[2] === 1;
    });
    const { complete, violations } = reduce(race, { properties: [isLast] });
    expect(complete).toBe(false);
    const run = violations[0]?.run;
    expect(run?.steps).toHaveLength(4);
    const again = runSystem(race, { replay: 'strict', tape: run?.tape ?? [] });
    expect(again.hash).toBe(run?.hash);
  });

  test('says which property it loses most by', () => {
    const apart = defineSystem(senders({ senders: 3, to: 'each its own receiver' }));
    const together = always('not all at once', (view) =>
      ['r1', 'r2', 'r3'].every((name) => view.actor(name) !== undefined),
    );
    const alone = always('the first is there', (view) => view.actor('r1') !== undefined);
    const result = reduce(apart, { properties: [alone, together] });
    expect(result).toMatchObject({ interleavings: 6, limitedBy: { property: 'not all at once' } });
    expect(reduce(apart, { properties: [alone] })).toMatchObject({ interleavings: 1 });
    expect(reduce(apart, { properties: [alone] }).limitedBy).toBeUndefined();
  });

  test('compares all ends', () => {
    const order = agree('the order', (view) => view.actor('r')?.context['numbers']);
    const [violation] = reduce(race, { properties: [order] }).violations;
    expect(violation?.property).toBe('the order');
    expect(violation?.other?.run.hash).not.toBe(violation?.run?.hash);
    const none = agree('how many', () => 3);
    expect(reduce(race, { properties: [none] }).violations).toEqual([]);
  });

  test.each([
    eventually('some time', () => true),
    leadsTo('then', { from: () => true, to: () => true }),
  ])('refuses what is said of whole runs: $type', (property) => {
    expect(() => reduce(race, { properties: [property] })).toThrow(
      expect.objectContaining({ code: 'explore/reduction-cannot' }),
    );
  });

  test('says which properties it refuses, and which it can take', () => {
    const properties = [
      eventually('some time', () => true),
      sometimes('once', () => true),
      leadsTo('then', { from: () => true, to: () => true }),
    ];
    expect(() => reduce(race, { properties })).toThrow(
      'cannot decide "some time", "then" (eventually, leadsTo): it leaves out runs that such properties may tell ' +
        'apart. Check them exhaustively, and choose among those that it can decide by `properties` ' +
        '(--properties A,B): "once".',
    );
    const alone = (): unknown => reduce(race, { properties: properties.slice(0, 1) });
    expect(alone).toThrow(/cannot decide "some time" .* Check exhaustively\.$/);
  });

  test('stops at its limits and says that it is not complete', () => {
    expect(reduce(race, { runsMax: 2 })).toMatchObject({ complete: false, interleavings: 2 });
    const cut = reduce(race, { depthMax: 2, properties: [sometimes('never', () => false)] });
    expect(cut).toMatchObject({ complete: false, depth: 2, violations: [] });
  });

  test('cuts runs off that have no end, and gives the verdicts of a search as deep', () => {
    const system = defineSystem(twoPhaseCommit({ rms: 2 }));
    const properties = [
      never('both commit', (view) =>
        ['rm1', 'rm2'].every((name) => view.actor(name)?.value === 'committed'),
      ),
    ];
    for (const steps of [3, 4, 5, 6, 7]) {
      const found = search(system, { depthMax: steps + 1, properties }).violations;
      const reduced = reduce(system, { depthMax: steps, properties }).violations;
      expect(reduced.map(({ property }) => property)).toEqual(
        found.map(({ property }) => property),
      );
    }
  });
});
