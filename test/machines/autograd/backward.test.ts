import { expect, test } from 'vitest';

import type { StartedPass } from '../../../machines/autograd/backward.ts';
import { receiveGradients, startPass } from '../../../machines/autograd/backward.ts';
import {
  cleanupBackwardPass,
  clearOutstandingRpcs,
  eraseInitializedId,
  resetGraphTask,
} from '../../../machines/autograd/cleanup.ts';
import type { AutogradContainer } from '../../../machines/autograd/container.ts';
import { newContainer, retrieveContext } from '../../../machines/autograd/container.ts';
import { debugInfo } from '../../../machines/autograd/debug-info.ts';
import { accumulateGrad, addReleasedNodes } from '../../../machines/autograd/gradients.ts';
import { getGradients, newContext, releaseContext } from '../../../machines/autograd/lifetime.ts';
import {
  addOutstandingRpc,
  awaitOutstandingRpcs,
  outstandingRpcCompleted,
  outstandingRpcFailed,
} from '../../../machines/autograd/outstanding-rpcs.ts';
import { contextOf } from '../../../machines/autograd/pass.ts';
import { getMessageWithAutograd } from '../../../machines/autograd/recording.ts';
import type { Tensor } from '../../../machines/engine/graph.ts';
import type { AutogradContextId, AutogradMessageId } from '../../../machines/engine/ids.ts';
import { autogradContextId, autogradMessageId, tensorId } from '../../../machines/engine/ids.ts';
import { tensor } from '../../../machines/engine/tensor.ts';
import { getIn, mapOf } from '../../../src/core/persistent-map.ts';
import { createThread, dataOf } from '../engine/thread.ts';

interface Recorded {
  readonly container: AutogradContainer;
  readonly contextId: AutogradContextId;
  readonly loss: Tensor;
  readonly sent: AutogradMessageId;
}

/** Worker 0 sent a leaf to worker 1, and has a loss of its own. */
function recorded(): Recorded {
  const thread = createThread('t');
  const x = thread.leaf([1, 2]);
  const loss = thread.apply('sum', thread.apply('mul', x, x));
  const { container, contextId } = newContext(newContainer(0));
  const outgoing = {
    current: contextId,
    force: true,
    frame: thread.frame(),
    tensors: [x],
    to: 1,
  };
  const message = getMessageWithAutograd(container, outgoing);
  return { container: message.container, contextId, loss, sent: autogradMessageId('0') };
}

function begun(): StartedPass {
  const { container, contextId, loss } = recorded();
  return startPass(container, { contextId, retainGraph: false, roots: [loss] });
}

const gradients = { grads: [tensor([1, 1])], retainGraph: true };

test('a pass begins at the roots, and waits for every send function', () => {
  const { container, input, pass, start } = begun();
  expect(input).toMatchObject({ id: 'graph-task-0', keepGraph: false, outstandingTasks: 1 });
  expect(start).toMatchObject({ increment: true, inputs: [], node: { type: 'graph-root' } });
  expect(contextOf(container, pass)?.graphTask).toBe('graph-task-0');
  expect(debugInfo(container).num_current_backward_passes).toBe(1);
});

test('a pass does not begin where something is wrong with it', () => {
  const { container, contextId, loss } = recorded();
  const call = { contextId, retainGraph: false, roots: [loss] };
  const wrong = autogradContextId('9');
  expect(() => startPass(container, { ...call, contextId: wrong })).toThrow(
    'Could not find autograd context with id: 9',
  );
  expect(() => startPass(container, { ...call, roots: [] })).toThrow(
    'No tensors provided for gradient computation.',
  );
  const { container: running } = startPass(container, call);
  expect(() => startPass(running, call)).toThrow('INTERNAL ASSERT FAILED');
});

test('the first gradients begin a pass, later ones join it', () => {
  const { container, contextId, sent } = recorded();
  const arrived = { ...gradients, autogradMessageId: sent, contextId };
  const first = receiveGradients(container, arrived);
  expect(first).toMatchObject({
    input: { keepGraph: true, outstandingTasks: 1 },
    start: { increment: false, inputs: gradients.grads, node: { type: 'send-rpc-backward' } },
    type: 'first',
  });
  const later = receiveGradients(first.container, arrived);
  expect(later).toMatchObject({ pass: first.pass, start: first.start, type: 'later' });
  expect(later.container).toBe(first.container);
});

test('gradients for what was never sent are refused', () => {
  const { container, contextId, sent } = recorded();
  const arrived = { ...gradients, autogradMessageId: sent, contextId };
  const wrongMessage = { ...arrived, autogradMessageId: autogradMessageId('8') };
  expect(() => receiveGradients(container, wrongMessage)).toThrow(
    'Could not find send function for autograd message id: 8',
  );
  const wrongContext = { ...arrived, contextId: autogradContextId('9') };
  expect(() => receiveGradients(container, wrongContext)).toThrow(
    'Could not find autograd context with id: 9',
  );
});

// The clean-up is three critical sections in PyTorch. Gradients that come between the first and the
// last find an initialised context without a graph task.
test('gradients that come in the middle of a clean-up hit an assertion', () => {
  const { container, pass } = begun();
  const { contextId } = pass;
  const arrived = { ...gradients, autogradMessageId: autogradMessageId('0'), contextId };
  const reset = resetGraphTask(container, pass);
  expect(reset.effects).toEqual([{ graphTask: pass.graphTask, type: 'graph-task.dropped' }]);
  expect(() => receiveGradients(reset.container, arrived)).toThrow(
    'graphTask_ INTERNAL ASSERT FAILED',
  );
  const cleared = clearOutstandingRpcs(reset.container, pass).container;
  const erased = eraseInitializedId(cleared, pass).container;
  expect(receiveGradients(erased, arrived).type).toBe('first');
  expect(cleanupBackwardPass(container, pass).container).toEqual(erased);
});

test('a clean-up leaves what the context gathered', () => {
  const { container, pass } = begun();
  const variable = tensorId('x');
  const one = accumulateGrad(container, { grad: tensor([1, 2]), pass, variable }).container;
  const two = accumulateGrad(one, { grad: tensor([3, 4]), pass, variable }).container;
  const after = cleanupBackwardPass(two, pass).container;
  expect(dataOf(getIn(getGradients(after, pass.contextId), variable))).toEqual([4, 6]);
  expect(debugInfo(after)).toEqual({ num_autograd_contexts: 1, num_current_backward_passes: 0 });
});

test('the next pass knows the nodes that were freed', () => {
  const { container, pass } = begun();
  const nodes = mapOf([['t#0', true as const]]);
  const freed = addReleasedNodes(container, { nodes, pass }).container;
  const { contextId, loss } = recorded();
  const again = cleanupBackwardPass(freed, pass).container;
  const second = startPass(again, { contextId, retainGraph: false, roots: [loss] });
  expect([second.input.released, second.pass.graphTask]).toEqual([nodes, 'graph-task-1']);
});

test('who waits for gradients goes on when all came through, and at once when there are none', () => {
  const { container, pass } = begun();
  const none = awaitOutstandingRpcs(container, { pass, waiter: 'w0' });
  expect(none.effects).toEqual([{ type: 'outstanding-rpcs.settled', waiter: 'w0' }]);
  const one = addOutstandingRpc(container, { pass, rpc: 'r1' }).container;
  const two = addOutstandingRpc(one, { pass, rpc: 'r2' }).container;
  const early = outstandingRpcCompleted(two, { pass, rpc: 'r2' }).container;
  const waiting = awaitOutstandingRpcs(early, { pass, waiter: 'w1' });
  expect(waiting.effects).toEqual([]);
  const done = outstandingRpcCompleted(waiting.container, { pass, rpc: 'r1' });
  expect(done.effects).toEqual([{ type: 'outstanding-rpcs.settled', waiter: 'w1' }]);
  const { outstandingRpcs, rpcWaits } = retrieveContext(done.container, pass.contextId);
  expect([outstandingRpcs, rpcWaits]).toEqual([[], []]);
});

test('the first gradient that fails fails the pass and those who wait, without the others', () => {
  const { container, pass } = begun();
  const one = addOutstandingRpc(container, { pass, rpc: 'r1' }).container;
  const two = addOutstandingRpc(one, { pass, rpc: 'r2' }).container;
  const waiting = awaitOutstandingRpcs(two, { pass, waiter: 'w' }).container;
  const { effects } = outstandingRpcFailed(waiting, { message: 'boom', pass, rpc: 'r2' });
  expect(effects).toEqual([
    { graphTask: pass.graphTask, message: 'boom', type: 'graph-task.poisoned' },
    { message: 'boom', type: 'outstanding-rpcs.settled', waiter: 'w' },
  ]);
  const failed = outstandingRpcFailed(two, { message: 'boom', pass, rpc: 'r2' }).container;
  expect(awaitOutstandingRpcs(failed, { pass, waiter: 'late' }).effects).toEqual([
    { message: 'boom', type: 'outstanding-rpcs.settled', waiter: 'late' },
  ]);
});

// A callback of PyTorch looks for the graph task that the context has when it runs.
test('a gradient of a pass that is over fails the pass that came after it', () => {
  const { container, pass } = begun();
  const sent = addOutstandingRpc(container, { pass, rpc: 'r1' }).container;
  const over = cleanupBackwardPass(sent, pass).container;
  const { contextId, loss } = recorded();
  const next = startPass(over, { contextId, retainGraph: false, roots: [loss] });
  expect(
    outstandingRpcFailed(next.container, { message: 'late', pass, rpc: 'r1' }).effects,
  ).toEqual([{ graphTask: next.pass.graphTask, message: 'late', type: 'graph-task.poisoned' }]);
  const own = { message: 'late', pass, poisons: 'its own pass', rpc: 'r1' } as const;
  expect(outstandingRpcFailed(next.container, own).effects).toEqual([]);
});

test('a pass goes on with the context that was released under it, until its clean-up', () => {
  const { container, pass } = begun();
  const sent = addOutstandingRpc(container, { pass, rpc: 'r1' }).container;
  const released = releaseContext(sent, pass.contextId).container;
  const waiting = awaitOutstandingRpcs(released, { pass, waiter: 'w' });
  expect(waiting.effects).toEqual([]);
  const done = outstandingRpcCompleted(waiting.container, { pass, rpc: 'r1' });
  expect(done.effects).toEqual([{ type: 'outstanding-rpcs.settled', waiter: 'w' }]);
  const after = cleanupBackwardPass(done.container, pass).container;
  expect(contextOf(after, pass)).toBe(undefined);
  expect(debugInfo(after)).toEqual({ num_autograd_contexts: 0, num_current_backward_passes: 0 });
});
