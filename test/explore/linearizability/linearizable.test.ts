import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMachine, emit } from 'xstate';

import { emptyHistory, invoked, returned } from '../../../src/explore/linearizability/history.ts';
import type { History } from '../../../src/explore/linearizability/history.ts';
import {
  explanationOf,
  isLinearizable,
} from '../../../src/explore/linearizability/linearizable.ts';
import {
  register,
  writeOnceRegister,
} from '../../../src/explore/linearizability/sequential-model.ts';
import type { SequentialModel } from '../../../src/explore/linearizability/sequential-model.ts';
import { always, check, defineSystem, linearizable, operationHistory } from '../../../src/index.ts';
import type { Monitor, Property, System } from '../../../src/index.ts';

describe('what is missing is said', () => {
  const client = createMachine({
    entry: emit({ operation: { type: 'read' }, type: 'operation.invoked' }),
  });
  const systemWith = (property: Property, ...monitors: readonly Monitor[]): System =>
    defineSystem({
      name: 'asking',
      actors: [{ address: 'ann', machine: client }],
      monitors,
      properties: [property],
    });

  test('where no monitor keeps a history', () => {
    const property = linearizable(register(0));
    for (const strategy of ['exhaustive', 'fifo', 'dpor'] as const) {
      expect(() => check(systemWith(property), { strategy })).toThrow(
        /^The property "linearizable" judges what the monitor "history" keeps, and the system has no such monitor\. Give the system monitors: \[operationHistory\(\)\]/,
      );
    }
    expect(check(systemWith(property, operationHistory())).violations).toEqual([]);
    const named = linearizable(register(0), { monitor: 'asked' });
    expect(() => check(systemWith(named, operationHistory()))).toThrow(
      /operationHistory\('asked'\)/,
    );
    expect(check(systemWith(named, operationHistory('asked'))).violations).toEqual([]);
  });

  test('where it keeps something else', () => {
    const counting: Monitor = { facts: [], initial: 3, name: 'history', step: (state) => state };
    expect(() => check(systemWith(linearizable(register(0)), counting))).toThrow(
      /^The monitor "history" keeps no history of operations/,
    );
  });

  test('where the model is none', () => {
    expect(() => linearizable(register as never)).toThrow(
      /got a function.*register\('-'\), called/,
    );
    expect(() => linearizable(undefined as never)).toThrow(/got undefined, which is no model/);
  });

  test('where a property throws for what is not there', () => {
    const asks = always('asks', (view) => view.monitor('seen') === view.actor('bob')?.context['x']);
    const wrong = always('wrong', (view) => Object.keys(view.monitor('sene') as object).length > 0);
    expect(check(systemWith(asks)).violations).toEqual([]);
    expect(() => check(systemWith(wrong))).toThrow(
      /^The property "wrong" threw: .* cannot know\. There is no monitor "sene"\.$/,
    );
  });
});

/** `ann writes 1`, `ann wrote`, `bob reads`, `bob read 1`, `ann failed`: one a line of a story. */
function told(...lines: readonly string[]): History {
  return lines.reduce((before, line) => {
    const [client = '', verb, text] = line.split(' ');
    const value = Number(text);
    switch (verb) {
      case 'writes':
        return invoked(before, client, { type: 'write', value });
      case 'reads':
        return invoked(before, client, { type: 'read' });
      case 'wrote':
        return returned(before, client, { type: 'written' });
      case 'failed':
        return returned(before, client, { type: 'refused' });
      default:
        return returned(before, client, { type: 'read', value });
    }
  }, emptyHistory);
}

describe('a register', () => {
  const model = register(0);

  test.each([
    ['nothing', []],
    ['a read of what it began with', ['ann reads', 'ann read 0']],
    ['a read of what was written', ['ann writes 1', 'ann wrote', 'bob reads', 'bob read 1']],
    ['a read of what is being written', ['ann writes 1', 'bob reads', 'bob read 1']],
    ['a read of what is not written yet', ['ann writes 1', 'bob reads', 'bob read 0']],
    [
      'two writes at once, read in either order by nobody else',
      ['ann writes 1', 'bob writes 2', 'ann wrote', 'bob wrote', 'cat reads', 'cat read 1'],
    ],
    [
      'reads of old and new during one write',
      ['ann writes 1', 'bob reads', 'bob read 0', 'bob reads', 'bob read 1', 'ann wrote'],
    ],
    [
      'a read that is overtaken by another one',
      ['ann writes 1', 'bob reads', 'cat reads', 'cat read 1', 'bob read 0', 'ann wrote'],
    ],
  ])('explains %s', (_, lines) => {
    expect(isLinearizable(model, told(...lines))).toBe(true);
  });

  test.each([
    ['a read of what nobody wrote', ['ann reads', 'ann read 1']],
    [
      'a read that misses what was written',
      ['ann writes 1', 'ann wrote', 'bob reads', 'bob read 0'],
    ],
    ['a read of the future', ['ann reads', 'ann read 1', 'bob writes 1', 'bob wrote']],
    [
      'new, then old: the value goes back',
      ['ann writes 1', 'bob reads', 'bob read 1', 'cat reads', 'cat read 0', 'ann wrote'],
    ],
    [
      'two readers that see two writes in different orders',
      [
        'ann writes 1',
        'bob writes 2',
        'cat reads',
        'cat read 1',
        'dan reads',
        'dan read 2',
        'cat reads',
        'cat read 1',
        'dan reads',
        'dan read 2',
      ],
    ],
  ])('does not explain %s', (_, lines) => {
    expect(isLinearizable(model, told(...lines))).toBe(false);
  });

  test('gives the order, with the open write that must have had its effect', () => {
    const order = explanationOf(
      model,
      told('ann writes 1', 'bob reads', 'bob read 1', 'cat writes 2'),
    );
    expect(order).toEqual([
      { client: 'ann', operation: { type: 'write', value: 1 }, result: { type: 'written' } },
      { client: 'bob', operation: { type: 'read' }, result: { type: 'read', value: 1 } },
    ]);
  });
});

describe('a write-once register', () => {
  test('explains that the second value is refused and the first one taken again', () => {
    const lines = ['ann writes 1', 'ann wrote', 'bob writes 2', 'bob failed', 'cat writes 1'];
    expect(isLinearizable(writeOnceRegister(), told(...lines, 'cat wrote'))).toBe(true);
  });

  test('does not explain that both values are taken', () => {
    const lines = ['ann writes 1', 'bob writes 2', 'ann wrote', 'bob wrote'];
    expect(isLinearizable(writeOnceRegister(), told(...lines))).toBe(false);
  });

  test('does not explain a refusal where nothing was ever written', () => {
    expect(isLinearizable(writeOnceRegister(), told('ann writes 1', 'ann failed'))).toBe(false);
  });
});

test('a history in which a client does not wait is a mistake', () => {
  expect(() => told('ann reads', 'ann reads')).toThrow(/"ann" begins an operation while/);
  expect(() => told('ann read 1')).toThrow(/"ann" was told a result/);
});

test('agrees with the definition on small random histories', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const history = played(steps);
      expect(isLinearizable(register(0), history)).toBe(isExplained(register(0), history));
    }),
    { numRuns: 500 },
  );
});

test('explains whatever an object that does one operation at a time has answered', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 2 }), { maxLength: 30 }), (turns) => {
      expect(isLinearizable(register(0), honest(turns))).toBe(true);
    }),
  );
});

test('is quick where many clients write one after another and at once', () => {
  // 8 writes at once have 40,320 orders; 8 states and 256 sets of them are far fewer.
  const clients = Array.from({ length: 8 }, (_, index) => `c${index}`);
  const begun = clients.map((client, index) => `${client} writes ${index}`);
  const ended = clients.map((client) => `${client} wrote`);
  const history = told(...begun, ...ended, 'ann reads', 'ann read 99');
  expect(isLinearizable(register(0), history)).toBe(false);
});

const step = fc.record({
  client: fc.nat({ max: 2 }),
  value: fc.nat({ max: 2 }),
  writes: fc.boolean(),
});

/** Each step begins an operation of its client, or ends the one it waits for, reads with any value. */
function played(
  steps: readonly { readonly client: number; readonly value: number; readonly writes: boolean }[],
): History {
  return steps.reduce((before, { client, value, writes }) => {
    const name = `c${client}`;
    const open = before[name]?.open;
    if (open === undefined) {
      return invoked(before, name, writes ? { type: 'write', value } : { type: 'read' });
    }
    const wrote = JSON.stringify(open.operation).includes('write');
    return returned(before, name, wrote ? { type: 'written' } : { type: 'read', value });
  }, emptyHistory);
}

/** The third turn of a client on, its operation begins, has its effect, ends. */
function honest(turns: readonly number[]): History {
  let value = 0;
  const phases = new Map<number, { readonly at: number; readonly result?: unknown }>();
  return turns.reduce((before, client, index) => {
    const name = `c${client}`;
    const { at, result } = phases.get(client) ?? { at: 0 };
    const writes = (client + index) % 2 === 0;
    if (at === 0) {
      phases.set(client, { at: writes ? 1 : 2, result: index });
      return invoked(before, name, writes ? { type: 'write', value: index } : { type: 'read' });
    }
    if (at === 1) {
      value = Number(result);
      phases.set(client, { at: 3, result: { type: 'written' } });
      return before;
    }
    if (at === 2) {
      phases.set(client, { at: 3, result: { type: 'read', value } });
      return before;
    }
    phases.delete(client);
    return returned(before, name, result);
  }, emptyHistory);
}

/** The definition itself: some order of some of the open and all of the ended operations fits. */
function isExplained(model: SequentialModel, history: History): boolean {
  const all = Object.entries(history).flatMap(([client, { ended, open }]) =>
    [...ended, ...(open === undefined ? [] : [open])].map((operation, index) => ({
      ...operation,
      client,
      index,
    })),
  );
  const fits = (state: unknown, done: readonly (typeof all)[number][]): boolean => {
    const rest = all.filter((one) => !done.includes(one));
    if (rest.every((one) => !('result' in one))) return true;
    return rest.some((one) => {
      const precedes = (other: (typeof all)[number]): boolean =>
        other.client === one.client
          ? other.index < one.index
          : other.index <= (one.after[other.client] ?? -1);
      if (rest.some((other) => other !== one && precedes(other))) return false;
      const { result, state: next } = model.invoke(state as never, one.operation as never);
      if ('result' in one && JSON.stringify(one.result) !== JSON.stringify(result)) return false;
      return fits(next, [...done, one]);
    });
  };
  return fits(model.initial, []);
}
