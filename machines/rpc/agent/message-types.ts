/**
 * The kinds of messages by PyTorch's names and numbers: bit 0x100 marks a request, bit 0x200 a response. The
 * hardened protocol has four more, `CALL_OFF_REQ` and `LEASE_AUTOGRAD_CONTEXT_REQ` and their answers.
 *
 * @see PyTorch, `torch/csrc/distributed/rpc/message.h`, `MessageType`.
 */

/** The number of each kind. */
export const messageCodes = {
  SCRIPT_CALL: 0x1_00,
  SCRIPT_RET: 0x2_01,
  PYTHON_CALL: 0x1_02,
  PYTHON_RET: 0x2_03,
  SCRIPT_REMOTE_CALL: 0x1_04,
  PYTHON_REMOTE_CALL: 0x1_05,
  REMOTE_RET: 0x2_06,
  SCRIPT_RREF_FETCH_CALL: 0x1_07,
  PYTHON_RREF_FETCH_CALL: 0x1_08,
  SCRIPT_RREF_FETCH_RET: 0x2_09,
  PYTHON_RREF_FETCH_RET: 0x2_0a,
  RREF_USER_DELETE: 0x1_0b,
  RREF_FORK_REQUEST: 0x1_0c,
  RREF_CHILD_ACCEPT: 0x1_0d,
  RREF_ACK: 0x2_0e,
  FORWARD_AUTOGRAD_REQ: 0x1_0f,
  FORWARD_AUTOGRAD_RESP: 0x2_10,
  BACKWARD_AUTOGRAD_REQ: 0x1_11,
  BACKWARD_AUTOGRAD_RESP: 0x2_12,
  CLEANUP_AUTOGRAD_CONTEXT_REQ: 0x1_13,
  CLEANUP_AUTOGRAD_CONTEXT_RESP: 0x2_14,
  RUN_WITH_PROFILING_REQ: 0x1_15,
  RUN_WITH_PROFILING_RESP: 0x2_16,
  RREF_BACKWARD_REQ: 0x1_17,
  RREF_BACKWARD_RESP: 0x2_18,
  CALL_OFF_REQ: 0x1_19,
  CALL_OFF_RESP: 0x2_1a,
  // Nor has it a SMART mode.
  SMART_DISCOVER_REQ: 0x1_1b,
  SMART_DISCOVER_RESP: 0x2_1c,
  SMART_ABORT_REQ: 0x1_1d,
  SMART_ABORT_RESP: 0x2_1e,
  LEASE_AUTOGRAD_CONTEXT_REQ: 0x1_1f,
  LEASE_AUTOGRAD_CONTEXT_RESP: 0x2_20,
  EXCEPTION: 0x2_37,
  UNKNOWN: 0x3c,
} as const;

/** The name of a kind. */
export type MessageType = keyof typeof messageCodes;

const requestBit = 0x1_00;
const responseBit = 0x2_00;

/** Whether messages of this kind are requests. */
export function isRequestType(type: MessageType): boolean {
  return hasBit(messageCodes[type], requestBit);
}

/** Whether messages of this kind are responses. */
export function isResponseType(type: MessageType): boolean {
  return hasBit(messageCodes[type], responseBit);
}

/** Whether this is the name of a kind. */
export function isMessageType(text: string): text is MessageType {
  return Object.hasOwn(messageCodes, text);
}

function hasBit(code: number, bit: number): boolean {
  return Math.floor(code / bit) % 2 === 1;
}
