/**
 * The backend of the agent: TensorPipe, or the one that PyTorch's own tests make faulty.
 *
 * @see PyTorch, `torch/testing/_internal/distributed/rpc/faulty_agent_backend_registry.py`;
 * `torch/csrc/distributed/rpc/testing/faulty_tensorpipe_agent.cpp`.
 */
import { torchCheck } from '../../engine/torch-error.ts';
import type { MessageType } from './message-types.ts';

/** What a faulty backend is told. */
export interface FaultyBackendOptions {
  /** Messages whose first sends fail, by type; the outermost type counts. */
  readonly messagesToFail?: readonly string[];
  /** How long a thread sleeps before it writes a message of a type, in seconds. */
  readonly messagesToDelay?: Readonly<Record<string, number>>;
  /** How many sends of one message fail; 0 unless given. */
  readonly numFailSends?: number;
}

/** How the agent sends: what fails, and what is late. */
export interface Backend {
  readonly delaysMs: Readonly<Partial<Record<MessageType, number>>>;
  readonly fails: Readonly<Partial<Record<MessageType, true>>>;
  readonly numFailSends: number;
}

/** TensorPipe: nothing fails before it is sent. */
export const tensorPipe: Backend = Object.freeze({ delaysMs: {}, fails: {}, numFailSends: 0 });

/** The types that can be made to fail, or to be late. */
const faultyTypes: readonly MessageType[] = [
  'RREF_FORK_REQUEST',
  'RREF_CHILD_ACCEPT',
  'RREF_USER_DELETE',
  'CLEANUP_AUTOGRAD_CONTEXT_REQ',
  'PYTHON_REMOTE_CALL',
  'SCRIPT_REMOTE_CALL',
  'PYTHON_CALL',
  'SCRIPT_CALL',
  'PYTHON_RREF_FETCH_CALL',
  'SCRIPT_RREF_FETCH_CALL',
];

/**
 * A backend that fails and delays as it is told.
 *
 * @throws {TorchError} for a type that cannot be made faulty, or a delay below 0.
 */
export function faultyTensorPipe(options: FaultyBackendOptions): Backend {
  const { messagesToDelay = {}, messagesToFail = [], numFailSends = 0 } = options;
  const fails = messagesToFail.map((name) => [faultyType(name), true] as const);
  const delays = Object.entries(messagesToDelay).map(([name, seconds]) => {
    torchCheck(seconds >= 0, 'Delays passed to FaultyTensorPipeAgent must be non-negative.');
    return [faultyType(name), Math.round(seconds * 1_000)] as const;
  });
  return {
    delaysMs: Object.fromEntries(delays),
    fails: Object.fromEntries(fails),
    numFailSends,
  };
}

function faultyType(name: string): MessageType {
  const found = faultyTypes.find((type) => type === name);
  torchCheck(found !== undefined, `No mapping to rpc::MessageType exists for ${name}`);
  return found;
}
