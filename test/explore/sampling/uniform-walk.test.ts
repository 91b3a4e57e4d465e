import { describe, expect, test } from 'vitest';

import { paxos, paxosProperties } from '../../../examples/protocols/paxos.ts';
import { twoPhaseCommit } from '../../../examples/protocols/two-phase-commit.ts';
import { createInternedSampler } from '../../../src/explore/sampling/interned-sampler.ts';
import { createPlainSampler } from '../../../src/explore/sampling/plain-sampler.ts';
import type { Made, Sampler, SamplerOptions } from '../../../src/explore/sampling/sampler.ts';
import { createSightings } from '../../../src/explore/sampling/sightings.ts';
import {
  defineSystem,
  describeChoice,
  eventually,
  never,
  randomWalk,
  runSystem,
  sample,
} from '../../../src/index.ts';
import type { Property, View } from '../../../src/index.ts';
import { pingPong } from '../../support/ping-pong.ts';

const commit = defineSystem({ ...twoPhaseCommit({ rms: 2 }), faults: { crash: 1, drop: 1 } });

function optionsOf(properties: readonly Property[] = []): SamplerOptions {
  const memory = { reached: new Set<string>(), tested: new Set<string>() };
  return { memory, properties, sightings: createSightings(100_000), stepsMax: 200 };
}

describe('walks over interned worlds', () => {
  test('are as likely as those of the plain kernel', () => {
    const runs = 1_000;
    const interned = createInternedSampler(commit, { ...optionsOf(), misfortune: {}, seed: 5 });
    const plain = createPlainSampler(commit, optionsOf());
    const lengths = (sampler: Sampler): readonly number[] => {
      const counts: number[] = Array.from({ length: 30 }, () => 0);
      for (let index = 0; index < runs; index += 1) {
        const { steps } = sampler.make(index, randomWalk(index * 7919));
        counts[steps] = (counts[steps] ?? 0) + 1;
      }
      return counts;
    };
    const [one, other] = [lengths(interned), lengths(plain)];
    // Chi-square of two samples, by the length of their runs.
    const bins = one.flatMap((count, index) => {
      const both = count + (other[index] ?? 0);
      return both < 16 ? [] : [(count - (other[index] ?? 0)) ** 2 / both];
    });
    expect(bins.length).toBeGreaterThan(5);
    expect(bins.reduce((sum, bin) => sum + bin, 0)).toBeLessThan(3 * bins.length);
  });

  test('are the same whether worlds are remembered or not', () => {
    const system = defineSystem(paxos({ clients: 2 }));
    const timeless = sample(system, { properties: paxosProperties(), schedules: 400 });
    const vain = eventually('vain', () => true);
    const timely = sample(system, { properties: [...paxosProperties(), vain], schedules: 400 });
    const { reached, states, transitions, violations } = timeless;
    expect(timely).toMatchObject({ reached, states, transitions, violations });
    expect(timeless.states).toBeGreaterThan(500);
  });

  test('that break something are runs of the plain kernel', () => {
    const mixed = never('one down, one committed', (view: View) => {
      const values = ['rm1', 'rm2'].map((rm) => view.actor(rm)?.value);
      return values.includes(undefined) && values.includes('committed');
    });
    const [violation] = sample(commit, { properties: [mixed], schedules: 5_000 }).violations;
    const { run } = violation ?? {};
    const stepsMax = (run?.steps.length ?? 0) - 1;
    expect(run?.steps.some(({ choice }) => choice?.type === 'crash')).toBe(true);
    const again = runSystem(commit, { stepsMax, tape: run?.tape ?? [] });
    expect(again.hash).toBe(run?.hash);
    expect(again.steps.map(({ choice }) => choice && describeChoice(choice))).toEqual(
      run?.steps.map(({ choice }) => choice && describeChoice(choice)),
    );
  });
});

describe('bounded tables', () => {
  test('are begun anew when they are full, where states recur', () => {
    const options = { ...optionsOf(), misfortune: {}, seed: 1 };
    const sampler = createInternedSampler(defineSystem(paxos({ clients: 2 })), {
      ...options,
      wordsMax: 420_000,
    });
    const made = make(sampler, 900);
    expect(made.every(({ ended }) => ended !== 'until')).toBe(true);
    expect(sampler.notes()[0]).toMatch(/were full \d+ times/);
  });

  test('are given up where states do not recur', () => {
    const system = defineSystem(pingPong({ rounds: 1_000 }));
    const options = { ...optionsOf(), misfortune: {}, seed: 1, stepsMax: 2_000, wordsMax: 50_000 };
    const sampler = createInternedSampler(system, options);
    const made = make(sampler, 3);
    expect(made.map(({ steps }) => steps)).toEqual([2_000, 2_000, 2_000]);
    expect(sampler.notes()).toEqual([
      'Local states hardly recur: from run 0 on worlds were neither remembered nor counted.',
    ]);
  });
});

function make(sampler: Sampler, runs: number): readonly Made[] {
  return Array.from({ length: runs }, (_, index) => sampler.make(index, randomWalk(index)));
}
