import { describe, expect, test } from 'vitest';

import { SimulationError } from '../../src/core/errors.ts';
import { toError, toFailure } from '../../src/program/failure.ts';
import { defineFunctions } from '../../src/program/function-registry.ts';
import { ask, counting, questionOf, refuse, resume, returned, start, threw } from './drive.ts';

class OutOfPaper extends Error {}

const registry = defineFunctions({
  *careful() {
    try {
      return yield* ask('risky');
    } catch (error) {
      return error instanceof Error ? `${error.name}: ${error.message}` : 'no error';
    }
  },
  *careless() {
    return yield* ask('risky');
  },
  *tidy() {
    try {
      return yield* ask('risky');
    } finally {
      yield* ask('cleaned up');
    }
  },
  *asksInVain() {
    return yield* refuse();
  },
  *throwsClass() {
    yield* ask('go on');
    throw new OutOfPaper('tray 2');
  },
  throwsText() {
    throw 'bare text';
  },
  appends: (list: number[]) => list.push(4),
  *assigns() {
    const record = yield* ask('a record');
    return Object.assign(Object(record), { x: 2 });
  },
  *promises() {
    return Promise.resolve(yield* ask('slow'));
  },
  misused: () => {
    throw new SimulationError('test/mistake', 'wrong use');
  },
});
const host = { registry, local: counting };

describe('an answer that is a failure', () => {
  test('is caught by try and catch', () => {
    const last = resume(host, start(host, 'careful', []), threw('ValueError', 'too small'));
    expect(last).toMatchObject({ type: 'returned', value: 'ValueError: too small' });
  });

  test('ends a function that does not catch it, with name and message unchanged', () => {
    const last = resume(host, start(host, 'careless', []), threw('ValueError', 'too small'));
    expect(last).toMatchObject({
      type: 'threw',
      error: { name: 'ValueError', message: 'too small' },
    });
  });

  test('runs finally blocks, and requests made there', () => {
    const cleaning = resume(host, start(host, 'tidy', []), threw('ValueError', 'too small'));
    expect(questionOf(cleaning)).toBe('cleaned up');
    const last = resume(host, cleaning, returned(1));
    expect(last).toMatchObject({
      type: 'threw',
      error: { name: 'ValueError', message: 'too small' },
    });
  });

  test('can come from a local handler', () => {
    const last = start(host, 'asksInVain', []);
    expect(last).toMatchObject({ type: 'threw', error: { name: 'Refused', message: 'not here' } });
  });
});

describe('an error that user code throws', () => {
  test('keeps the name of its class', () => {
    const last = resume(host, start(host, 'throwsClass', []), returned(1));
    expect(last).toMatchObject({ type: 'threw', error: { name: 'OutOfPaper', message: 'tray 2' } });
  });

  test('need not be an error', () => {
    const last = start(host, 'throwsText', []);
    expect(last).toMatchObject({ type: 'threw', error: { name: 'Error', message: 'bare text' } });
  });

  test('is thrown at once when it is a mistake in how Orrery is used', () => {
    expect(() => start(host, 'misused', [])).toThrow('wrong use');
  });
});

describe('frozen data', () => {
  test('cannot be changed by the function that got it as an argument', () => {
    const last = start(host, 'appends', [[1, 2, 3]]);
    expect(last).toMatchObject({ type: 'threw', error: { name: 'TypeError' } });
    expect(last).toHaveProperty(
      'error.message',
      expect.stringContaining('Cannot change property "3"'),
    );
    expect(last).toHaveProperty('error.message', expect.stringContaining('copy first'));
  });

  test('cannot be changed by the function that got it as an answer', () => {
    const last = resume(host, start(host, 'assigns', []), returned({ x: 1 }));
    expect(last).toHaveProperty('error.message', expect.stringContaining('property "x" of frozen'));
  });

  test.each([
    ["Cannot assign to read only property 'x' of object '#<Object>'", 'property "x"'],
    ['Cannot add property 3, object is not extensible', 'property "3"'],
    ["Cannot delete property 'y' of #<Object>", 'property "y"'],
    ['"x" is read-only', 'property "x"'],
    [`can't define property "z": Object is not extensible`, 'property "z"'],
    ['Attempted to assign to readonly property.', 'a property'],
  ])('gives one text for what an engine says: %s', (text, shown) => {
    expect(toFailure(new TypeError(text)).message).toContain(
      `Cannot change ${shown} of frozen data`,
    );
  });

  test('is not blamed for other type errors', () => {
    const text = "Cannot read properties of undefined (reading 'x')";
    expect(toFailure(new TypeError(text))).toEqual({ name: 'TypeError', message: text });
  });
});

describe('what is no program', () => {
  test('is refused: a promise', () => {
    const first = start(host, 'promises', []);
    expect(() => resume(host, first, returned(1))).toThrow(
      /"promises" returned a promise.*yield\*/,
    );
  });

  test('is refused: a yield of something else than a request', () => {
    const wrong = defineFunctions({
      *five() {
        yield 5;
      },
      *forgotStar() {
        yield ask('me');
      },
    });
    expect(() => start({ registry: wrong, local: counting }, 'five', [])).toThrow(
      /yielded 5. Write/,
    );
    expect(() => start({ registry: wrong, local: counting }, 'forgotStar', [])).toThrow(
      /yielded a generator instead of what it yields/,
    );
  });

  test('is refused: an argument, an answer or a result that is no data', () => {
    const wrong = defineFunctions({
      *map() {
        yield* ask('x');
        return new Map();
      },
    });
    const other = { registry: wrong, local: counting };
    expect(() => start(other, 'map', [() => 1])).toThrow(/arguments of map\[0\] is a function/);
    const first = start(other, 'map', []);
    expect(() => resume(other, first, returned(new Set()))).toThrow(/answer to test.ask of map/);
    expect(() => resume(other, first, returned(1))).toThrow(/result of map is an instance of Map/);
  });

  test('is refused: a local handler that throws', () => {
    const local = {
      'test.count': () => {
        throw new TypeError('oops');
      },
    };
    const other = { registry: defineFunctions({ counts }), local };
    expect(() => start(other, 'counts', [])).toThrow(/handler of "test.count" threw "oops"/);
  });
});

function* counts() {
  yield { type: 'test.count' };
}

describe('the classes of an error', () => {
  class BaseError extends TypeError {}
  class DerivedError extends BaseError {}

  test('are those between its own and Error', () => {
    expect(toFailure(new DerivedError('x'))).toEqual({
      bases: ['BaseError', 'TypeError'],
      message: 'x',
      name: 'DerivedError',
    });
    expect(toFailure(new TypeError('x'))).toEqual({ message: 'x', name: 'TypeError' });
    expect(toFailure(new OutOfPaper('x'))).toEqual({ message: 'x', name: 'OutOfPaper' });
  });

  test('are what it says itself, through user code that throws it on', () => {
    const own = { bases: ['ValueError'], name: 'Mine', parameters: ['a', 'b'] };
    const failure = toFailure(Object.assign(new Error('x'), own));
    expect(failure).toEqual({ ...own, message: 'x' });
    expect(toFailure(toError(failure))).toEqual(failure);
  });
});
