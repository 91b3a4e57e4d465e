import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { draws, followTrace, never, recordTrace, runSystem } from '../../src/index.ts';
import { fromEnvironment, tapes } from '../../src/testing/index.ts';
import { anyModel, systemOf } from '../laws/models.ts';

const stepsMax = 60;

test('on the same system it is the same run, and nothing is skipped', () => {
  fc.assert(
    fc.property(anyModel(), tapes(), (model, numbers) => {
      const system = systemOf(model);
      const run = runSystem(system, { chooser: draws(numbers), stepsMax });
      const followed = followTrace(recordTrace(system, run), system);
      expect(followed).toMatchObject({ isSameStart: true, skipped: [] });
      expect(followed.run.hash).toBe(run.hash);
    }),
    fromEnvironment(40),
  );
});

test('on another system it takes what fits, and says what does not', () => {
  fc.assert(
    fc.property(anyModel(), tapes(), fc.nat({ max: 2 }), (model, numbers, muted) => {
      const system = systemOf(model);
      const run = runSystem(system, { chooser: draws(numbers), stepsMax });
      const machines = model.machines.with(muted, []);
      const changed = systemOf({ ...model, machines });
      const { run: followed, skipped } = followTrace(recordTrace(system, run), changed);
      expect(followed.tape.length + skipped.length).toBe(run.tape.length);
      expect([...followed.tape, ...skipped].map((one) => JSON.stringify(one)).toSorted()).toEqual(
        run.tape.map((one) => JSON.stringify(one)).toSorted(),
      );
      // What was taken is a tape of its own.
      const again = runSystem(changed, {
        stepsMax: followed.steps.length - 1,
        tape: followed.tape,
      });
      expect(again.hash).toBe(followed.hash);
    }),
    fromEnvironment(40),
  );
});

test('stops where the property breaks', () => {
  fc.assert(
    fc.property(anyModel(), tapes(), (model, numbers) => {
      const system = systemOf(model);
      const run = runSystem(system, { chooser: draws(numbers), stepsMax });
      const trace = recordTrace(system, run);
      const property = never('two steps', (view) => view.addresses().length > 0);
      const followed = followTrace(trace, system, { property });
      expect(followed).toMatchObject({ isBroken: true, run: { ended: 'until' } });
      expect(followed.run.steps).toHaveLength(1);
      const other = never('nothing', () => false);
      expect(followTrace(trace, system, { property: other, moreMax: 5 }).isBroken).toBe(false);
    }),
    fromEnvironment(20),
  );
});
