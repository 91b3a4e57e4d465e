import { describe, expect, test } from 'vitest';
import {
  assign,
  cancel,
  createMachine,
  emit,
  enqueueActions,
  log,
  not,
  raise,
  sendTo,
  spawnChild,
  stateIn,
  stopChild,
} from 'xstate';

describe("what the lane knows of XState's definitions", () => {
  test('an `assign` holds its assignment, and other actions resolve themselves', () => {
    expect(membersOf(assign(update))).toMatchObject({ assignment: update, type: 'xstate.assign' });
    for (const action of [
      cancel('x'),
      emit({ type: 'x' }),
      log('x'),
      raise({ type: 'x' }),
      sendTo('kid', { type: 'x' }),
      enqueueActions(() => undefined),
      spawnChild('kid'),
      stopChild('kid'),
    ]) {
      expect(membersOf(action)).toMatchObject({
        resolve: expect.any(Function) as unknown,
        type: `xstate.${action.name === 'stop' ? 'stopChild' : action.name}`,
      });
    }
  });

  test('a guard made of others checks itself', () => {
    expect(membersOf(not('x'))).toMatchObject({ check: expect.any(Function) as unknown });
    expect(membersOf(stateIn('#x'))).toMatchObject({ check: expect.any(Function) as unknown });
  });

  test('a node has its transitions by event, and those of `always` apart', () => {
    const { root } = createMachine({
      initial: 'a',
      states: { a: { always: 'b', on: { 'x.*': 'b' } }, b: { type: 'final' } },
    });
    const { a, b } = root.states;
    expect([...(a?.transitions.keys() ?? [])]).toEqual(['x.*']);
    expect(a?.always?.[0]).toMatchObject({ reenter: false, source: a, target: [b] });
    expect([root.type, a?.type, b?.type, root.initial.target]).toEqual([
      'compound',
      'atomic',
      'final',
      [a],
    ]);
  });
});

function update(): object {
  return { n: 1 };
}

/** The members that XState hangs on one of its functions. */
function membersOf(made: object): object {
  return Object.fromEntries(Object.entries(made));
}
