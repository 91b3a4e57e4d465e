import { expect, test } from 'vitest';
import { assign, createMachine, sendTo } from 'xstate';
import type { AnyStateMachine } from 'xstate';

import { check, defineSystem, sometimes } from '../../../src/index.ts';

test.each(['exhaustive', 'random', 'dpor'] as const)(
  'an actor that fails in some run only, unless it may: %s',
  (strategy) => {
    const late = createMachine({
      context: { first: '' },
      initial: 'waits',
      states: {
        waits: { on: { a: 'ready', b: { actions: assign(() => raiseError('too early')) } } },
        ready: {},
      },
    });
    const definition = {
      actors: [
        { address: 'late', machine: late },
        { address: 'x', machine: by('a') },
        { address: 'y', machine: by('b') },
      ],
      name: 'late',
      properties: [sometimes('ready', (view) => view.actor('late')?.value === 'ready')],
    };
    const { violations } = check(defineSystem(definition), { strategy });
    expect(violations).toMatchObject([{ property: 'late does not fail' }]);
    const allowed = definition.actors.map((actor) => ({ ...actor, mayFail: true as const }));
    const report = check(defineSystem({ ...definition, actors: allowed }), { strategy });
    expect(report.violations).toEqual([]);
    expect(report.notes.join()).toContain('"late" (');
    expect(check(defineSystem(definition), { properties: ['ready'], strategy }).violations).toEqual(
      [],
    );
  },
);

function raiseError(words: string): never {
  throw new Error(words);
}

/** Sends one message when it starts. */
function by(type: string): AnyStateMachine {
  return createMachine({ entry: sendTo(({ system }) => system.get('late'), { type }) });
}
