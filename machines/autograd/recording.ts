/** How messages carry the autograd graph from worker to worker in forward. */
import { hasIn, setIn } from '../../src/core/persistent-map.ts';
import type { DeviceMap } from '../devices/maps.ts';
import type { Frame } from '../engine/frame.ts';
import { leaf } from '../engine/frame.ts';
import type { Lineage, Tensor } from '../engine/graph.ts';
import type { AutogradContextId, AutogradMessageId } from '../engine/ids.ts';
import { autogradMessageId } from '../engine/ids.ts';
import { recvRpcBackward, sendRpcBackward } from '../engine/node.ts';
import { torchCheck } from '../engine/torch-error.ts';
import type { AutogradContainer, AutogradContext, Done } from './container.ts';
import { currentContext, putContext, retrieveContext } from './container.ts';
import { idOf, keyOf, peerName } from './ids.ts';
import { getOrCreateContext } from './lifetime.ts';
import { lineageOf } from './lineage.ts';

/** What a message carries beside its body so that it takes part in a context. */
export interface AutogradMetadata {
  readonly autogradMessageId: AutogradMessageId;
  readonly contextId: AutogradContextId;
  /** The messages that this one depends on, itself among them; in SMART mode by lineage. */
  readonly lineage?: Lineage | undefined;
}

/** A message before it is sent. */
export interface Outgoing {
  /** The context that the sending thread is in. */
  readonly current: AutogradContextId | undefined;
  /** Whether it is wrapped even if no tensor requires a gradient. */
  readonly force: boolean;
  readonly frame: Frame;
  /** The table of tensors, with their histories. */
  readonly tensors: readonly Tensor[];
  readonly to: number;
}

/** What is sent with a message. */
export interface Wrapped extends Done {
  readonly frame: Frame;
  /** Absent where the message is sent as it is. */
  readonly metadata?: AutogradMetadata;
}

/**
 * Whether a message is wrapped: the thread is in a context, and either the kind of message is always
 * wrapped or a tensor requires a gradient while gradients are recorded.
 */
export function wraps({ current, force, frame, tensors }: Omit<Outgoing, 'to'>): boolean {
  return current !== undefined && (force || records(frame, tensors));
}

/**
 * Records a message that is about to be sent: it takes an id, gets a send function if a tensor requires a
 * gradient, and its receiver is known to the context from now on.
 *
 * @throws {TorchError} if the context of the thread was cleaned up.
 * @see PyTorch, `torch/csrc/distributed/autograd/utils.cpp`, `getMessageWithAutograd`.
 */
export function getMessageWithAutograd(container: AutogradContainer, outgoing: Outgoing): Wrapped {
  const { current, frame, tensors, to } = outgoing;
  if (!wraps(outgoing)) return { container, effects: [], frame };
  const context = currentContext(container, current);
  const { contextId } = context;
  const id = autogradMessageId(idOf(container.workerId, container.nextMessageNr));
  const numbered = { ...container, nextMessageNr: container.nextMessageNr + 1 };
  const metadata = { autogradMessageId: id, contextId };
  const known = knowing(context, to);
  if (!records(frame, tensors)) {
    return { container: putContext(numbered, known), effects: [], frame, metadata };
  }
  const made = sendRpcBackward({ autogradMessageId: id, frame, tensors });
  const sendFunctions = setIn(known.sendFunctions, keyOf(id), made.node);
  return {
    container: putContext(numbered, { ...known, sendFunctions }),
    effects: [],
    frame: made.frame,
    metadata:
      container.mode === 'smart' ? { ...metadata, lineage: lineageOf(made.node) } : metadata,
  };
}

/** A wrapped message that arrived. */
export interface Incoming extends AutogradMetadata {
  /** Where gradients for it go from which device. */
  readonly deviceMap?: DeviceMap | undefined;
  readonly frame: Frame;
  readonly from: number;
  /** The table of tensors as it travelled. */
  readonly tensors: readonly Tensor[];
}

/** Tensors that arrived, as this worker's own. */
export interface ReceivedTensors {
  readonly frame: Frame;
  readonly tensors: readonly Tensor[];
}

/**
 * Takes a wrapped request or response into its context, which is made if it is not there, and gives its
 * tensors a recv function as history.
 *
 * @throws {TorchError} if the context has a recv function for this message.
 * @see PyTorch, `torch/csrc/distributed/autograd/utils.cpp`, `addRecvRpcBackward`.
 */
export function addRecvRpcBackward(
  container: AutogradContainer,
  incoming: Incoming,
): Done & ReceivedTensors {
  const { autogradMessageId: id, contextId, deviceMap, frame, from, lineage, tensors } = incoming;
  const { container: made, effects } = getOrCreateContext(container, contextId);
  if (!records(frame, tensors)) {
    return { ...receiveLeaves(frame, tensors), container: made, effects };
  }
  const context = retrieveContext(made, contextId);
  torchCheck(
    !hasIn(context.recvFunctions, keyOf(id)),
    'recvAutogradFunctions_.find(autograd_message_id) == recvAutogradFunctions_.end() INTERNAL ASSERT FAILED',
  );
  const recv = recvRpcBackward({
    autogradMessageId: id,
    contextId,
    deviceMap,
    frame,
    fromWorker: peerName(from),
    lineage,
    tensors,
  });
  const recvFunctions = setIn(context.recvFunctions, keyOf(id), recv.node);
  return {
    container: putContext(made, { ...context, recvFunctions }),
    effects,
    frame: recv.frame,
    tensors: recv.tensors,
  };
}

/** Tensors that arrived without history: those that require a gradient are new leaves here. */
export function receiveLeaves(frame: Frame, tensors: readonly Tensor[]): ReceivedTensors {
  let next = frame;
  const received = tensors.map((each) => {
    if (!each.requiresGrad) return each;
    const made = leaf(next, each);
    next = made.frame;
    return made.value;
  });
  return { frame: next, tensors: received };
}

function records({ gradMode }: Frame, tensors: readonly Tensor[]): boolean {
  return gradMode && tensors.some(({ requiresGrad }) => requiresGrad);
}

function knowing(context: AutogradContext, to: number): AutogradContext {
  const { knownWorkerIds } = context;
  return knownWorkerIds.includes(to)
    ? context
    : { ...context, knownWorkerIds: [...knownWorkerIds, to].toSorted((a, b) => a - b) };
}
