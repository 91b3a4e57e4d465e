import { describe, expect, test } from 'vitest';

import {
  convertedFailure,
  isRemoteException,
  originalFailure,
  remoteException,
} from '../../../../machines/rpc/user/failure.ts';

const workerInfo = 'WorkerInfo(id=2, name=worker2)';

function raised(name: string, message: string) {
  return remoteException({ error: { message, name }, workerInfo });
}

test('an error says where it was raised, as Python prints it', () => {
  expect(raised('KeyError', 'gone')).toEqual({
    type: 'rpc.remote-exception',
    exceptionType: 'KeyError',
    message:
      "On WorkerInfo(id=2, name=worker2):\nKeyError('gone')\n" +
      "Traceback (most recent call last):\nKeyError: 'gone'\n",
  });
});

test.each([
  ["it's", `("it's")`],
  [`"it's"`, `('"it\\'s"')`],
  ['a\\b', `('a\\\\b')`],
  ['tab\tand\nline\r', `('tab\\tand\\nline\\r')`],
])('a text is quoted as Python does: %j', (message, quoted) => {
  expect(raised('E', message).message).toContain(`E${quoted}`);
});

test('two classes survive on their way to the caller of rpc_sync', () => {
  expect(convertedFailure(raised('ValueError', 'x')).name).toBe('ValueError');
  expect(convertedFailure(raised('TypeError', 'x')).name).toBe('TypeError');
  expect(convertedFailure(raised('KeyError', 'x'))).toMatchObject({
    message: expect.stringMatching(
      /^KeyError: 'On WorkerInfo.*:\\nKeyError\(\\'x\\'\)\\nTraceback/,
    ),
    name: 'RuntimeError',
  });
  expect(originalFailure(raised('KeyError', 'x')).name).toBe('KeyError');
});

describe('the class of an error', () => {
  test.each([
    ['MyV', { bases: ['ValueError'] }, 'ValueError'],
    ['Mine', { bases: ['MyT', 'TypeError'] }, 'TypeError'],
    ['UnicodeError', {}, 'ValueError'],
    ['MyU', { bases: ['UnicodeError'] }, 'ValueError'],
    ['MyR', { bases: ['RuntimeError'] }, 'RuntimeError'],
    ['MyE', {}, 'RuntimeError'],
  ] as const)('%s %j arrives from rpc_sync as %s', (name, ofClass, kept) => {
    const exception = remoteException({ error: { message: 'x', name, ...ofClass }, workerInfo });
    expect(exception.message).toContain(
      name === 'UnicodeError' ? `\n${name}: x` : `__main__.${name}: x`,
    );
    expect(originalFailure(exception)).toMatchObject({ name, ...ofClass });
    expect(convertedFailure(exception)).toEqual({
      message: expect.stringMatching(new RegExp(`^${name}: On WorkerInfo`)),
      name: kept,
    });
  });

  test('that is derived from KeyError is written out as its key', () => {
    const error = { bases: ['KeyError'], message: 'k', name: 'MyK' };
    expect(convertedFailure(remoteException({ error, workerInfo })).message).toMatch(
      /^MyK: 'On WorkerInfo.*MyK: \\'k\\'\\n'$/,
    );
  });

  test.each([
    ['UnicodeDecodeError', {}, 'function takes exactly 5 arguments (1 given)'],
    [
      'Two',
      { parameters: ['a', 'b'] },
      "Two.__init__() missing 1 required positional argument: 'b'",
    ],
    [
      'Four',
      { bases: ['ValueError'], parameters: ['a', 'b', 'c', 'd'] },
      "Four.__init__() missing 3 required positional arguments: 'b', 'c', and 'd'",
    ],
    ['None', { parameters: [] }, 'None.__init__() takes 1 positional argument but 2 were given'],
  ] as const)('%s that no text makes becomes a RuntimeError that says so', (name, ofClass, why) => {
    const exception = remoteException({ error: { message: 'x', name, ...ofClass }, workerInfo });
    const text = `Failed to create original exception type. Error msg was ${why} Original exception on remote side was On WorkerInfo`;
    expect(originalFailure(exception)).toEqual({
      message: expect.stringContaining(text),
      name: 'RuntimeError',
    });
    expect(convertedFailure(exception)).toEqual({
      message: expect.stringContaining(`RuntimeError: ${text}`),
      name: 'RuntimeError',
    });
  });
});

test('what looks like an escape in the text of an error is taken for one', () => {
  expect(originalFailure(raised('E', 'a\\x41\\u0042\\n')).message).toContain('E: aAB\n\n');
});

test('ordinary values are no errors', () => {
  expect([undefined, null, 1, 'x', {}, { type: 'tensor' }].some(isRemoteException)).toBe(false);
});
