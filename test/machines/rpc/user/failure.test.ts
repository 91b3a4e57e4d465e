import { expect, test } from 'vitest';

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

test('what looks like an escape in the text of an error is taken for one', () => {
  expect(originalFailure(raised('E', 'a\\x41\\u0042\\n')).message).toContain('E: aAB\n\n');
});

test('ordinary values are no errors', () => {
  expect([undefined, null, 1, 'x', {}, { type: 'tensor' }].some(isRemoteException)).toBe(false);
});
