import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { whyKept } from '../../../src/explore/liveness/broken-run.ts';
import { defineSystem, eventually, leadsTo, runSystem, search } from '../../../src/index.ts';
import { SimulationError } from '../../../src/index.ts';
import type { LivenessProperty, Loop, Property, Run, System, View } from '../../../src/index.ts';
import { fromEnvironment } from '../../../src/testing/environment.ts';
import { count, does, send } from '../interned/play.ts';
import type { Part } from '../interned/puppet.ts';
import { anyPlay, playOf } from '../interned/random-play.ts';
import { isBrokenByReference } from './reference.ts';

const anyPredicate: fc.Arbitrary<(view: View) => boolean> = fc.oneof(
  fc.record({ address: fc.constantFrom('a', 'b'), value: fc.constantFrom('s', 't', 'done') }).map(
    ({ address, value }) =>
      (view: View) =>
        view.actor(address)?.value === value,
  ),
  fc.record({ address: fc.constantFrom('a', 'b', 'a/k'), n: fc.nat({ max: 2 }) }).map(
    ({ address, n }) =>
      (view: View) =>
        view.actor(address)?.context['n'] === n,
  ),
  fc.constant((view: View) => view.messages().length > 0),
);

const anyLiveness: fc.Arbitrary<LivenessProperty> = fc.oneof(
  anyPredicate.map((holds) => eventually('it', holds)),
  fc.record({ from: anyPredicate, to: anyPredicate }).map((parts) => leadsTo('it', parts)),
);

interface Shown {
  readonly loop?: Loop;
  readonly run: Run;
}

/** With it no run ever ends, so that fairness decides. */
const ticker: Part = {
  entry: [send('c', 'tick')],
  states: { on: { tick: does(count, send('c', 'tick')) } },
};

test('what is found on components is what a walk with all that is owed finds, on any small system', () => {
  const seen = { broken: 0, holds: 0, loops: 0 };
  fc.assert(
    fc.property(anyPlay, fc.boolean(), anyLiveness, (drawn, ticks, property) => {
      const random = ticks ? { ...drawn, cast: { ...drawn.cast, c: ticker } } : drawn;
      // In timed mode the reference does not know which messages are kept.
      const unhandled = random.time === 'timed' ? { unhandled: 'consume' as const } : {};
      const system = defineSystem(playOf({ ...random, ...unhandled }));
      const expected = judged(system, property);
      if (expected === undefined) return;
      const { undecided, violations } = search(system, { properties: [property] });
      expect(undecided).toEqual([]);
      expect(violations.length > 0).toBe(expected);
      seen[expected ? 'broken' : 'holds'] += 1;
      const [found] = violations;
      if (found?.run === undefined) return;
      const hashes: string[] = [];
      const again = runSystem(system, {
        onStep: (_, world) => hashes.push(system.hash(world)),
        replay: 'strict',
        stepsMax: found.run.steps.length - 1,
        tape: found.run.tape,
      });
      expect(again.hash).toBe(found.run.hash);
      // A replay judges it by itself.
      expect(whyKept(system, property, found as Shown)).toBeUndefined();
      if (found.loop === undefined) return;
      seen.loops += 1;
      expect(hashes[found.loop.from - 1]).toBe(again.hash);
    }),
    fromEnvironment(200),
  );
  expect(seen.broken).toBeGreaterThan(10);
  expect(seen.holds).toBeGreaterThan(10);
  expect(seen.loops).toBeGreaterThan(5);
});

/** What the reference says; nothing where the system is in error or too large. */
function judged(system: System, property: Property): boolean | undefined {
  try {
    return isBrokenByReference(system, property as LivenessProperty);
  } catch (error) {
    if (!(error instanceof SimulationError)) throw error;
    return undefined;
  }
}
