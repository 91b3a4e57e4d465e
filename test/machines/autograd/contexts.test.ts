import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import type { AutogradContainer } from '../../../machines/autograd/container.ts';
import {
  currentContext,
  findContext,
  newContainer,
  putContext,
  retrieveContext,
} from '../../../machines/autograd/container.ts';
import { debugInfo } from '../../../machines/autograd/debug-info.ts';
import { idOf, keyOf, makerOf, peerId, peerName } from '../../../machines/autograd/ids.ts';
import {
  getGradients,
  getOrCreateContext,
  newContext,
  releaseContext,
  releaseContextIfPresent,
} from '../../../machines/autograd/lifetime.ts';
import {
  addRecvRpcBackward,
  getMessageWithAutograd,
  receiveLeaves,
  wraps,
} from '../../../machines/autograd/recording.ts';
import type { Frame } from '../../../machines/engine/frame.ts';
import { leaf, newFrame } from '../../../machines/engine/frame.ts';
import type { AutogradContextId } from '../../../machines/engine/ids.ts';
import {
  autogradContextId,
  autogradMessageId,
  graphTaskId,
  threadId,
} from '../../../machines/engine/ids.ts';
import { tensor } from '../../../machines/engine/tensor.ts';
import { getIn, keysOf, sizeOf } from '../../../src/core/persistent-map.ts';

const frame = newFrame(threadId('t'));
const noGrad: Frame = { ...frame, gradMode: false };
const variable = leaf(frame, tensor([1, 2])).value;
const constant = tensor([3, 4]);
const unknown = autogradContextId('77');

interface Started {
  readonly container: AutogradContainer;
  readonly contextId: AutogradContextId;
}

function started(workerId = 0): Started {
  return newContext(newContainer(workerId));
}

test('ids hold the worker in their top 16 bits, and sort as keys', () => {
  expect(idOf(1, 0)).toBe('281474976710656');
  expect(idOf(65_535, 5)).toBe('18446462598732840965');
  fc.assert(
    fc.property(fc.nat({ max: 65_535 }), fc.nat(), fc.nat(), (workerId, first, second) => {
      const ids = [idOf(workerId, first), idOf(workerId, second)] as const;
      expect(ids.map(makerOf)).toEqual([workerId, workerId]);
      expect(keyOf(ids[0]) < keyOf(ids[1])).toBe(first < second);
    }),
  );
  expect(peerId(peerName(12))).toBe(12);
});

test('a worker whose id takes more than 16 bits is refused', () => {
  expect(() => newContainer(65_536)).toThrow('worker_id needs to be in the range [0, 65535]');
});

test('a thread is in one context', () => {
  const { container, contextId } = started(2);
  expect([makerOf(contextId), findContext(container, contextId)?.contextId]).toEqual([
    2,
    contextId,
  ]);
  expect(() => newContext(container, contextId)).toThrow(
    'Already have an autograd context id for this thread.',
  );
  expect(newContext(container).contextId).toBe(idOf(2, 1));
});

test('who asks for a context that is not there is told so', () => {
  const { container } = started();
  for (const ask of [retrieveContext, releaseContext, getGradients]) {
    expect(() => ask(container, unknown)).toThrow('Could not find autograd context with id: 77');
  }
  expect(() => currentContext(container, unknown)).toThrow(
    "Couldn't find autograd context data for current autograd context id",
  );
  expect(() => currentContext(container, undefined)).toThrow(
    "Current thread doesn't have a valid autograd context. Please wrap your code using: " +
      '`with torch.distributed.autograd.context() as context_id` to generate a valid context',
  );
  expect(releaseContextIfPresent(container, unknown)).toEqual({ container, effects: [] });
});

test('a message makes the context that it speaks of, once', () => {
  const { container } = getOrCreateContext(newContainer(1), unknown);
  expect(debugInfo(container)).toEqual({
    num_autograd_contexts: 1,
    num_current_backward_passes: 0,
  });
  expect(getOrCreateContext(container, unknown).container).toBe(container);
});

test('a released context is erased, and each worker that it reached is told in order', () => {
  const { container, contextId } = started();
  const context = { ...retrieveContext(container, contextId), knownWorkerIds: [1, 10, 2] };
  const { container: after, effects } = releaseContext(putContext(container, context), contextId);
  expect(findContext(after, contextId)).toBeUndefined();
  const message = { contextId, type: 'CLEANUP_AUTOGRAD_CONTEXT_REQ' };
  expect(effects).toEqual([1, 10, 2].map((to) => ({ message, to, type: 'cleanup.sent' })));
});

test('a pass keeps the context that was released under it, and is told', () => {
  const { container, contextId } = started();
  const graphTask = graphTaskId('graph-task-0');
  const context = { ...retrieveContext(container, contextId), graphTask };
  const { container: after, effects } = releaseContext(putContext(container, context), contextId);
  expect(effects).toEqual([{ graphTask, type: 'graph-task.bereft' }]);
  expect(keysOf(after.heldContexts)).toEqual([graphTask]);
});

test('a message is wrapped in a context only, by force or for a tensor', () => {
  const { contextId } = started();
  const wrapped = [
    { current: undefined, force: true, frame, tensors: [variable] },
    { current: contextId, force: true, frame, tensors: [] },
    { current: contextId, force: false, frame, tensors: [constant] },
    { current: contextId, force: false, frame, tensors: [constant, variable] },
    { current: contextId, force: false, frame: noGrad, tensors: [variable] },
  ].map(wraps);
  expect(wrapped).toEqual([false, true, false, true, false]);
});

test('the send function leads to the tensors that require a gradient, in the order of the table', () => {
  const { container, contextId: current } = started(1);
  const second = leaf({ ...frame, nextTensorNr: 5 }, tensor([0])).value;
  const tensors = [variable, constant, second];
  const outgoing = { current, force: false, frame, tensors, to: 3 };
  const sent = getMessageWithAutograd(container, outgoing);
  expect(sent.metadata).toEqual({ autogradMessageId: idOf(1, 0), contextId: current });
  const { knownWorkerIds, sendFunctions } = retrieveContext(sent.container, current);
  expect(knownWorkerIds).toEqual([3]);
  expect(getIn(sendFunctions, keyOf(idOf(1, 0)))?.nextEdges).toMatchObject([
    { node: { variable: variable.id } },
    { node: { variable: second.id } },
  ]);
  expect(sent.frame.nextSequenceNr).toBe(frame.nextSequenceNr + 1);
});

test('a message without gradients takes an id, and its receiver is known', () => {
  const { container, contextId: current } = started();
  const outgoing = { current, force: true, frame: noGrad, tensors: [variable], to: 2 };
  const first = getMessageWithAutograd(container, outgoing);
  const second = getMessageWithAutograd(first.container, { ...outgoing, to: 1 });
  expect([first, second].map(({ metadata }) => metadata?.autogradMessageId)).toEqual(['0', '1']);
  const { knownWorkerIds, sendFunctions } = retrieveContext(second.container, current);
  expect([knownWorkerIds, sizeOf(sendFunctions)]).toEqual([[1, 2], 0]);
});

test('a message that is not wrapped leaves no mark', () => {
  const { container } = started();
  const outgoing = { current: undefined, force: true, frame, tensors: [variable], to: 2 };
  expect(getMessageWithAutograd(container, outgoing)).toEqual({ container, effects: [], frame });
});

test('an answer in a context that was cleaned up cannot be sent', () => {
  const outgoing = { current: unknown, force: false, frame, tensors: [variable], to: 2 };
  expect(() => getMessageWithAutograd(newContainer(0), outgoing)).toThrow(
    "Couldn't find autograd context data for current autograd context id",
  );
});

const incoming = {
  autogradMessageId: autogradMessageId('5'),
  contextId: unknown,
  frame,
  from: 4,
  tensors: [constant, variable],
};

test('received tensors have the recv function as history, which knows where they came from', () => {
  const received = addRecvRpcBackward(newContainer(0), incoming);
  expect(received.tensors[0]).toBe(constant);
  expect(received.tensors[1]?.gradFn).toMatchObject({
    node: { autogradMessageId: '5', contextId: '77', fromWorker: '4', type: 'recv-rpc-backward' },
    outputNr: 0,
  });
  const context = retrieveContext(received.container, unknown);
  // Only a sender gets to know a worker.
  expect([sizeOf(context.recvFunctions), context.knownWorkerIds]).toEqual([1, []]);
  expect(() => addRecvRpcBackward(received.container, incoming)).toThrow('INTERNAL ASSERT FAILED');
});

test('without gradients what arrives is a leaf of the receiver', () => {
  const received = addRecvRpcBackward(newContainer(0), { ...incoming, frame: noGrad });
  expect(sizeOf(retrieveContext(received.container, unknown).recvFunctions)).toBe(0);
  expect(received.tensors[1]).toMatchObject({ id: 't:0', requiresGrad: true });
  expect(received.tensors[1]?.gradFn).toBe(undefined);
  expect(receiveLeaves(frame, [constant, variable, variable])).toMatchObject({
    frame: { nextTensorNr: 2 },
    tensors: [constant, { id: 't:0' }, { id: 't:1' }],
  });
});
