import { expect, test } from 'vitest';

import {
  isMessageType,
  isRequestType,
  isResponseType,
  messageCodes,
} from '../../../../machines/rpc/agent/message-types.ts';
import type { MessageType } from '../../../../machines/rpc/agent/message-types.ts';

const types = Object.keys(messageCodes).filter((type) => isMessageType(type));

test('every kind but one is a request or a response, by its bits', () => {
  const neither = types.filter((type) => isRequestType(type) === isResponseType(type));
  expect(neither).toEqual<MessageType[]>(['UNKNOWN']);
  expect(types).toHaveLength(35);
});

test('kinds have the numbers of PyTorch, and those that it lacks have others', () => {
  expect(messageCodes).toMatchObject({
    BACKWARD_AUTOGRAD_REQ: 0x111,
    EXCEPTION: 0x237,
    FORWARD_AUTOGRAD_REQ: 0x10f,
    PYTHON_CALL: 0x102,
    RREF_ACK: 0x20e,
    RREF_BACKWARD_RESP: 0x218,
  });
  const codes = types.map((type) => messageCodes[type] % 0x100);
  // The low byte alone tells kinds apart.
  expect(new Set(codes).size).toBe(codes.length);
});

test('other names are none', () => {
  expect(isMessageType('PYTHON_CALLS')).toBe(false);
  expect(isMessageType('toString')).toBe(false);
});
