import { expect, test } from 'vitest';
import { sendTo, setup } from 'xstate';

import { differenceOnRepeat } from '../../../src/explore/sampling/repeat.ts';
import { defineSystem, runSystem } from '../../../src/index.ts';
import type { System } from '../../../src/index.ts';

/** What the actor answers is decided outside: two of these are one system that hides something. */
function hiding(answer: string): System {
  const asker = setup({
    actions: { ask: sendTo(({ system }) => system.get('liar'), { type: 'asked' }) },
  }).createMachine({ id: 'asker', entry: 'ask' });
  const liar = setup({
    actions: { answer: sendTo(({ system }) => system.get('asker'), { type: answer }) },
  }).createMachine({ id: 'liar', on: { asked: { actions: 'answer' } } });
  return defineSystem({
    name: 'hiding',
    actors: [
      { address: 'asker', machine: asker },
      { address: 'liar', machine: liar },
    ],
  });
}

test('finds nothing where the tape decides everything', () => {
  const system = hiding('yes');
  expect(differenceOnRepeat(system, runSystem(system))).toBeUndefined();
});

test('names the actor that does not only depend on its state, and the step', () => {
  const difference = differenceOnRepeat(hiding('no'), runSystem(hiding('yes')));
  expect(difference).toMatchObject({ actor: 'liar', step: 1 });
  expect(difference?.why).toContain('deliver asked asker -> liar');
  expect(difference?.why).toMatch(/"yes".*"no"/);
});
