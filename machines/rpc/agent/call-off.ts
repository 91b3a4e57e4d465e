/**
 * What a call that failed without an answer leaves behind on whoever was called: a time-out is no cancellation, so
 * nobody knows whether the request came, or will. The caller says what it was and that it reads no answer any
 * more.
 */
import { unreachable } from '../../../src/core/errors.ts';
import type { ForkData } from '../../rref/pickling.ts';
import { givesForksBack } from '../../rref/unclaimed.ts';
import type { WorkerContext } from '../context.ts';
import { typeOfResult } from '../serving/schemas.ts';
import { innerOf } from './inner-request.ts';
import type { CallOffReq, RequestBody } from './messages.ts';

/** A request that is about to be sent. */
export interface Callable {
  readonly body: RequestBody;
  readonly forks?: readonly ForkData[];
}

/** What the receiver is to be told if the call fails without an answer. */
export function callOffFor(
  context: WorkerContext,
  { body, forks = [] }: Callable,
): CallOffReq | undefined {
  if (!givesForksBack(context)) return undefined;
  const call = context.agent.nextMessageId;
  const inner = innerOf(body);
  switch (inner.type) {
    case 'PYTHON_CALL':
    case 'SCRIPT_CALL':
    case 'PYTHON_RREF_FETCH_CALL':
    case 'SCRIPT_RREF_FETCH_CALL':
    case 'RREF_BACKWARD_REQ':
      return { type: 'CALL_OFF_REQ', call, forks };
    case 'PYTHON_REMOTE_CALL':
    case 'SCRIPT_REMOTE_CALL': {
      const { forkId, rrefId } = inner;
      const creates = { forkId, rrefId, typeName: typeOfResult(inner) };
      return { type: 'CALL_OFF_REQ', call, creates, forks };
    }
    // These are sent again, or what they belong to ends.
    case 'BACKWARD_AUTOGRAD_REQ':
    case 'CALL_OFF_REQ':
    case 'CLEANUP_AUTOGRAD_CONTEXT_REQ':
    case 'LEASE_AUTOGRAD_CONTEXT_REQ':
    case 'RREF_CHILD_ACCEPT':
    case 'RREF_FORK_REQUEST':
    case 'RREF_USER_DELETE':
    case 'SMART_ABORT_REQ':
    case 'SMART_DISCOVER_REQ':
      return undefined;
    default:
      return unreachable(inner);
  }
}
