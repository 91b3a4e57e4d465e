import * as fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

import { dullestFirst, isSmaller } from '../../../src/explore/shrink/course.ts';
import { goalOf } from '../../../src/explore/shrink/goal.ts';
import type { Shrunk } from '../../../src/explore/shrink/shrink.ts';
import { draws, never, randomWalk, runSystem, shrink } from '../../../src/index.ts';
import type { Property, System, View } from '../../../src/index.ts';
import { fromEnvironment, tapes } from '../../../src/testing/index.ts';
import { anyModel, systemOf } from '../../laws/models.ts';

const stepsMax = 60;

/** What can be told of a world's machines: enough to tell most worlds apart. */
function lookOf(view: View): string {
  return JSON.stringify(
    view.addresses().map((at) => [at, view.actor(at)?.value, view.actor(at)?.context]),
  );
}

/** That the machines never look as they do at the end of a run; every run there breaks it. */
function neverAgain(system: System, look: string): Property {
  return never(`as at the end of ${system.name}`, (view) => lookOf(view) === look);
}

function lookAtEnd(system: System, numbers: readonly number[]) {
  let look = '';
  const run = runSystem(system, { chooser: draws(numbers), stepsMax });
  const probe = never('probe', (view) => {
    look = lookOf(view);
    return false;
  });
  goalOf(system, probe)?.(run.world);
  return { look, run };
}

function shrunk(system: System, numbers: readonly number[]): Broken {
  const { look, run } = lookAtEnd(system, numbers);
  const property = neverAgain(system, look);
  return { property, result: shrink(system, { property, run }) };
}

interface Broken {
  readonly property: Property;
  readonly result: Shrunk;
}

test('a shrunk run breaks the same property, and only its last world does', () => {
  fc.assert(
    fc.property(anyModel(), tapes(), (model, numbers) => {
      const system = systemOf(model);
      const { property, result } = shrunk(system, numbers);
      const goal = goalOf(system, property);
      const broken: boolean[] = [];
      runSystem(system, {
        onStep: (_, world) => {
          broken.push(goal?.(world) === true);
        },
        stepsMax: result.run.steps.length - 1,
        tape: result.run.tape,
      });
      expect(broken.indexOf(true)).toBe(broken.length - 1);
    }),
    fromEnvironment(60),
  );
});

test('a shrunk run has no more faults or departures, and more steps only for fewer of those', () => {
  fc.assert(
    fc.property(anyModel(), tapes(), (model, numbers) => {
      const { from, run, size } = shrunk(systemOf(model), numbers).result;
      expect(size.faults).toBeLessThanOrEqual(from.faults);
      expect(size.departures).toBeLessThanOrEqual(from.departures);
      expect(isSmaller(from, size, dullestFirst)).toBe(false);
      expect(run.tape).toHaveLength(size.departures);
      expect(run.steps).toHaveLength(size.steps + 1);
    }),
    fromEnvironment(60),
  );
});

test('shrinking is deterministic, and what is shrunk stays as it is', () => {
  fc.assert(
    fc.property(anyModel(), tapes(), (model, numbers) => {
      const system = systemOf(model);
      const { property, result } = shrunk(system, numbers);
      expect(shrunk(systemOf(model), numbers).result.run.tape).toEqual(result.run.tape);
      expect(result.complete).toBe(true);
      expect(shrink(system, { property, run: result.run }).run.tape).toEqual(result.run.tape);
    }),
    fromEnvironment(40),
  );
});

test('a shrunk run is the same in another process', () => {
  const models = fc.sample(anyModel(), fromEnvironment(30));
  const small = models.map((model, seed) => {
    const system = systemOf(model);
    const run = runSystem(system, { chooser: randomWalk(seed), stepsMax });
    const numbers = run.steps.map((_, index) => (seed * 7 + index * 5) % 4);
    return { model, run: shrunk(system, numbers).result.run };
  });
  const script = fileURLToPath(new URL('../../laws/replay-elsewhere.ts', import.meta.url));
  const { stderr, stdout } = spawnSync(process.execPath, ['--import', 'tsx', script], {
    encoding: 'utf8',
    input: small
      .map(({ model, run: { steps, tape } }) =>
        JSON.stringify({ model, stepsMax: steps.length - 1, tape }),
      )
      .join('\n'),
  });
  expect(stderr).toBe('');
  expect(
    stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => line.slice(0, 16)),
  ).toEqual(small.map(({ run }) => run.hash));
});
