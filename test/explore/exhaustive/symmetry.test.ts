import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  twoPhaseCommit,
  twoPhaseCommitProperties,
} from '../../../examples/protocols/two-phase-commit.ts';
import {
  agree,
  defineSystem,
  eventually,
  never,
  runSystem,
  search,
  SimulationError,
} from '../../../src/index.ts';
import type { Property, SearchResult, SystemDefinition, View } from '../../../src/index.ts';
import { fromEnvironment } from '../../../src/testing/environment.ts';
import { count, does, play, send } from '../interned/play.ts';
import type { Cast, Deed, Part } from '../interned/puppet.ts';
import { anyPlay, playOf } from '../interned/random-play.ts';

const managers = (rms: number): readonly string[] =>
  Array.from({ length: rms }, (_, index) => `rm${index + 1}`);

const refusal = (code: string): unknown => expect.objectContaining({ code });

describe('two-phase commit up to the exchange of resource managers', () => {
  // Canonical orbits.
  test.each([
    [3, 80, 318],
    [5, 314, 2048],
  ])('has for %i of them %i worlds and %i ways between them', (rms, states, transitions) => {
    const found = search(defineSystem(twoPhaseCommit({ repeats: true, rms })), {
      properties: twoPhaseCommitProperties({ rms }),
      symmetry: [managers(rms)],
    });
    expect(found).toMatchObject({ complete: true, states, transitions });
  });

  test('shows what is broken by a run of the system as it is', () => {
    const system = defineSystem(twoPhaseCommit({ rms: 3 }));
    const allAborted = never('all aborted', (view) =>
      managers(3).every((name) => view.actor(name)?.value === 'aborted'),
    );
    const [found] = search(system, {
      properties: [allAborted],
      symmetry: [managers(3)],
    }).violations;
    expect(found?.run?.steps).toHaveLength(4);
    const again = runSystem(system, {
      replay: 'strict',
      stepsMax: 3,
      tape: found?.run?.tape ?? [],
    });
    expect(again.hash).toBe(found?.run?.hash);
  });

  test('refuses a property that tells them apart, and what is said of whole runs', () => {
    const system = defineSystem(twoPhaseCommit({ rms: 3 }));
    const searched = (property: Parameters<typeof search>[1]) => () =>
      search(system, { ...property, symmetry: [managers(3)] });
    const first = never('rm1', (view) => view.actor('rm1')?.value === 'aborted');
    expect(searched({ properties: [first] })).toThrow(refusal('explore/not-symmetric'));
    const unsupported = refusal('explore/symmetry-unsupported');
    expect(searched({ properties: [eventually('it', () => true)] })).toThrow(unsupported);
    expect(searched({ properties: [agree('it', () => 1)] })).toThrow(unsupported);
  });

  test.each([
    ['an actor that is not there', [['rm1', 'rm9']]],
    [
      'one in two groups',
      [
        ['rm1', 'rm2'],
        ['rm2', 'rm3'],
      ],
    ],
    ['different machines', [['rm1', 'tm']]],
  ])('refuses %s', (_, symmetry) => {
    const system = defineSystem(twoPhaseCommit({ rms: 3 }));
    expect(() => search(system, { symmetry })).toThrow(refusal('explore/not-symmetric'));
  });
});

/** Two of one machine, who tell a third. */
function tellers(c: Part): SystemDefinition {
  const told: Part = {
    states: { idle: { go: { deeds: [send('c', 'x')], target: 'said' } }, said: { y: {} } },
  };
  return twins(play('tellers', { a: told, c }, { told: { a: { go: 1 } } }));
}

test('refuses actors whom somebody else treats differently', () => {
  const symmetry = [['a', 'd']];
  const even: Part = { states: { on: { x: does(count) } } };
  const alike = search(defineSystem(tellers(even)), { symmetry });
  expect(alike.complete).toBe(true);
  expect(alike.states).toBeLessThan(search(defineSystem(tellers(even))).states);
  const unfair: Part = { states: { on: { x: does(send('a', 'y')) } } };
  expect(() => search(defineSystem(tellers(unfair)), { symmetry })).toThrow(
    refusal('explore/not-symmetric'),
  );
});

test('no verdict depends on it, on any small system of two that are alike', () => {
  const seen = { broken: 0, smaller: 0 };
  fc.assert(
    fc.property(
      anyPlay,
      fc.nat({ max: 2 }),
      fc.constantFrom('s', 't', 'done'),
      (random, n, value) => {
        // casts -- the cast of a random play is made of parts alone
        const cast = fair(random.cast as Readonly<Record<string, Part>>);
        const one = playOf({ ...random, cast, isTogether: false, isWatched: false, plan: [] });
        const isIt = (view: View, address: string): boolean =>
          view.actor(address)?.value === value && view.actor(address)?.context['n'] === n;
        const properties = [never('it', (view) => isIt(view, 'a') || isIt(view, 'd'))];
        const [plain, found] = bothWays(twins(one), properties) ?? [];
        fc.pre(plain !== undefined && found !== undefined);
        expect(found.violations.length).toBe(plain.violations.length);
        expect(found.violations[0]?.run?.steps.length).toBe(plain.violations[0]?.run?.steps.length);
        if (plain.violations.length > 0) seen.broken += 1;
        if (found.states < plain.states) seen.smaller += 1;
      },
    ),
    // Of the draws, those count in which the two are alike and there are not too many worlds.
    fromEnvironment(300),
  );
  expect(seen.broken).toBeGreaterThan(30);
  expect(seen.smaller).toBeGreaterThan(30);
});

/** Searches without symmetry and with it; `undefined` where the two are not alike, or worlds too many. */
function bothWays(
  definition: SystemDefinition,
  properties: readonly Property[],
): readonly [SearchResult, SearchResult] | undefined {
  try {
    const found = search(defineSystem(definition), {
      properties,
      statesMax: 150,
      symmetry: [['a', 'd']],
    });
    if (found.ended === 'states-max') return undefined;
    return [search(defineSystem(definition), { properties }), found];
  } catch (error) {
    if (error instanceof SimulationError) return undefined;
    throw error;
  }
}

/** With a second actor of the first one's machine. */
function twins(definition: SystemDefinition): SystemDefinition {
  const [a, ...others] = definition.actors;
  if (a === undefined) return definition;
  const { partitions = [], ...network } = definition.network ?? {};
  return {
    ...definition,
    actors: [a, { ...a, address: 'd' }, ...others],
    network: {
      ...network,
      partitions: partitions.map((one) => ({ ...one, groups: [['a', 'd'], ['b']] })),
    },
  };
}

/** The same cast, in which nobody treats `a` otherwise than its twin `d`, nor takes a name that both want. */
function fair(cast: Readonly<Record<string, Part>>): Cast {
  return mapped(cast, (part, name) => ({
    entry: (part.entry ?? []).flatMap((deed) => fairDeeds(deed, name)),
    states: mapped(part.states, (rows) =>
      mapped(rows, (row) => ({
        ...row,
        deeds: (row.deeds ?? []).flatMap((deed) => fairDeeds(deed, name)),
      })),
    ),
  }));
}

function mapped<From, To>(
  record: Readonly<Record<string, From>>,
  to: (value: From, key: string) => To,
): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value, key)]));
}

function fairDeeds(deed: Deed, name: string): readonly Deed[] {
  if (deed.do === 'spawn') return [{ do: 'spawn', id: deed.id, part: deed.part }];
  if (deed.do !== 'send' || !['a', 'a/k', 'known'].includes(deed.to)) return [deed];
  // Only b is one of its kind, and can tell both.
  const all = deed.to === 'a' && name === 'b' ? ['a', 'd'] : ['b'];
  return all.map((to) => ({ ...deed, to }));
}
