import { expect, test } from 'vitest';
import { createActor, enqueueActions, fromTransition, sendTo, setup } from 'xstate';

import { SimulationError } from '../../src/core/errors.ts';
import { defineFunctions } from '../../src/program/function-registry.ts';
import { userFunctionMachine } from '../../src/program/user-function.ts';
import type { RequestMade, UserFunctionOutput } from '../../src/program/user-function.ts';
import { ask, count, counting, hashOf, questionIn } from './drive.ts';
import type { Counter } from './drive.ts';

const registry = defineFunctions({
  *sum(a: number, b: number) {
    yield* count();
    return (yield* ask(a)) + (yield* ask(b));
  },
  *caught() {
    try {
      return yield* ask('unknown');
    } catch {
      return 'rescued';
    }
  },
  five: () => 5,
  *wrong() {
    yield 5;
  },
});
const machine = userFunctionMachine(registry, { local: counting });

function inputOf(fn: string, args: readonly unknown[]) {
  return { id: 'call-1', call: { fn, args }, frame: { count: 0 } };
}

interface ParentContext {
  readonly asked: readonly unknown[];
  readonly calls: readonly string[];
  readonly output?: UserFunctionOutput<Counter>;
}

/** A worker in small: it answers each number with ten times as much, and fails every other question. */
function runUnderParent(fn: string, args: readonly unknown[]): ParentContext {
  const parent = setup({
    types: {
      context: {} as ParentContext,
      events: {} as RequestMade | { type: 'xstate.done.actor.running'; output: never },
    },
    actors: { running: machine },
    actions: {
      answer: enqueueActions(({ context, event, enqueue }) => {
        if (event.type !== 'request.made') return;
        const question = questionIn(event.request);
        enqueue.assign({
          asked: [...context.asked, question],
          calls: [...context.calls, event.call],
        });
        enqueue(
          sendTo(
            'running',
            typeof question === 'number'
              ? { type: 'request.answered', value: question * 10 }
              : { type: 'request.failed', error: { name: 'KeyError', message: 'no' } },
          ),
        );
      }),
    },
  }).createMachine({
    context: { asked: [], calls: [] },
    invoke: {
      id: 'running',
      src: 'running',
      input: inputOf(fn, args),
      onDone: {
        actions: enqueueActions(({ event, enqueue }) => enqueue.assign({ output: event.output })),
      },
    },
    on: { 'request.made': { actions: 'answer' } },
  });
  const actor = createActor(parent).start();
  return actor.getSnapshot().context;
}

test('asks its parent, goes on with the answers, and ends with its result and frame', () => {
  expect(runUnderParent('sum', [1, 2])).toEqual({
    asked: [1, 2],
    calls: ['call-1', 'call-1'],
    output: { type: 'returned', value: 30, frame: { count: 1 } },
  });
});

test('throws into the function what its parent failed the request with', () => {
  expect(runUnderParent('caught', []).output).toMatchObject({ value: 'rescued' });
});

test('gives an error that the function does not catch to its parent as output', () => {
  const error = { name: 'KeyError', message: 'no' };
  expect(runUnderParent('sum', ['x', 2]).output).toMatchObject({ type: 'threw', error });
});

test('ends in its first step when there is nothing to ask', () => {
  expect(runUnderParent('five', [])).toMatchObject({ asked: [], output: { value: 5 } });
});

test('is pure: one snapshot may be gone on with twice', () => {
  const parent = createActor(fromTransition(() => 0, 0)).start();
  const input = inputOf('sum', [1, 2]);
  const snapshot = createActor(machine, { input, parent }).start().getPersistedSnapshot();
  const go = (...values: readonly number[]) => {
    const actor = createActor(machine, { input, parent, snapshot }).start();
    for (const value of values) actor.send({ type: 'request.answered', value });
    return actor.getSnapshot();
  };
  const [one, other, again] = [go(10), go(11), go(10)];
  expect([one, other, again].map(({ value }) => value)).toEqual(['waiting', 'waiting', 'waiting']);
  expect(hashOf(one.context)).toBe(hashOf(again.context));
  expect(hashOf(one.context)).not.toBe(hashOf(other.context));
  expect(go(10, 5).output).toMatchObject({ value: 15 });
});

test('takes no answer once it has ended', () => {
  const actor = createActor(machine, { input: inputOf('five', []) }).start();
  expect(actor.getSnapshot().can({ type: 'request.answered', value: 1 })).toBe(false);
});

test('fails with a SimulationError when its code is no program', () => {
  const actor = createActor(machine, { input: inputOf('wrong', []) });
  const errors: unknown[] = [];
  actor.subscribe({ error: (error) => errors.push(error) });
  actor.start();
  expect(errors).toEqual([expect.any(SimulationError)]);
  expect(errors).toEqual([expect.objectContaining({ code: 'program/not-a-request' })]);
});
