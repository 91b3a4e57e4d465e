import { array, assert, nat, property } from 'fast-check';
import { expect, test } from 'vitest';

import { twoPhaseCommit } from '../../examples/protocols/two-phase-commit.ts';
import { defineSystem, draws, runSystem } from '../../src/index.ts';
import type { Run, System } from '../../src/index.ts';

const definition = twoPhaseCommit({ rms: 3 });

/** What a run shows: its hash, its tape, and what happened in each of its steps. */
function shown({ hash, steps, tape }: Run): unknown {
  return { happened: steps.map(({ happened }) => happened), hash, tape };
}

function run(system: System, numbers: readonly number[]): unknown {
  return shown(runSystem(system, { chooser: draws(numbers) }));
}

test('a system that remembers its steps runs as one that does not, whatever it remembers', () => {
  const plain = defineSystem(definition);
  // Too small for all steps, so that it also forgets.
  const remembering = [1, 7, 10_000].map((rememberedMax) =>
    defineSystem({ ...definition, rememberedMax }),
  );
  assert(
    property(array(nat({ max: 12 }), { maxLength: 60 }), (numbers) => {
      const expected = run(plain, numbers);
      for (const system of remembering) expect(run(system, numbers)).toEqual(expected);
    }),
  );
});
