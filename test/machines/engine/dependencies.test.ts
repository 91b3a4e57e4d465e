import { expect, test } from 'vitest';

import { computeDependencies } from '../../../machines/engine/dependencies.ts';
import type { AutogradNode, Tensor } from '../../../machines/engine/graph.ts';
import { gradientEdge, graphRoot } from '../../../machines/engine/node.ts';
import { entriesOf, getIn, hasIn, sizeOf } from '../../../src/core/persistent-map.ts';
import { receive, recvOf, rootOf, sendOf } from './distributed.ts';
import { createThread, nodeOf } from './thread.ts';

test('counts the edges to each node, once from the root and once from each send function', () => {
  const thread = createThread('t');
  const x = thread.leaf([1]);
  const y = thread.apply('mul', x, x);
  const root = thread.apply('sum', y);
  const sends = [sendOf(thread, [y]), sendOf(thread, [y, x])];
  const { dependencies, outstandingTasks } = computeDependencies({
    graphRoot: rootOf(thread, [root]),
    sendFunctions: sends,
  });
  expect(outstandingTasks).toBe(2);
  expect(new Map(entriesOf(dependencies))).toEqual(
    new Map([
      [nodeOf(y).id, 3],
      [nodeOf(root).id, 1],
      ['AccumulateGrad(t:0)', 3],
    ]),
  );
});

test('takes gradients at leaves, and runs what leads to a leaf or to a recv function', () => {
  const thread = createThread('t');
  const received = receive(thread, [1]);
  const y = thread.apply('mul', received, thread.leaf([2]));
  const sendFunction = sendOf(thread, [thread.apply('sin', y)]);
  const { execInfo } = computeDependencies({
    graphRoot: rootOf(thread, []),
    sendFunctions: [sendFunction],
  });
  expect(getIn(execInfo, nodeOf(received).id)).toEqual({ captures: [], needed: true });
  expect(getIn(execInfo, 'AccumulateGrad(t:1)')).toEqual({
    captures: [{ type: 'accumulate', inputNr: 0, variable: 't:1' }],
    needed: false,
  });
  expect(getIn(execInfo, sendFunction.id)).toMatchObject({ needed: true });
  expect(getIn(execInfo, nodeOf(y).id)).toMatchObject({ needed: true });
  expect(sizeOf(execInfo)).toBe(5);
});

test('knows nothing of what cannot be reached', () => {
  const thread = createThread('t');
  const x = thread.leaf([1]);
  const [used, unused] = [thread.apply('sin', x), thread.apply('exp', x)];
  const state = computeDependencies({ graphRoot: rootOf(thread, [used]), sendFunctions: [] });
  expect(hasIn(state.execInfo, nodeOf(used).id)).toBe(true);
  expect(hasIn(state.execInfo, nodeOf(unused).id)).toBe(false);
  expect(getIn(state.dependencies, gradientNode(x).id)).toBe(1);
});

test('has nothing to do without roots and send functions', () => {
  const thread = createThread('t');
  expect(computeDependencies({ graphRoot: rootOf(thread, []), sendFunctions: [] })).toMatchObject({
    dependencies: {},
    execInfo: {},
    outstandingTasks: 0,
  });
});

test('a graph that ends anywhere else is a mistake', () => {
  const thread = createThread('t');
  const bottomless = rootOf(thread, []);
  const { frame } = thread;
  const { node } = graphRoot({
    edges: [{ inputNr: 0, node: bottomless, type: 'edge' }],
    frame: frame(),
    grads: [],
  });
  expect(() => computeDependencies({ graphRoot: node, sendFunctions: [] })).toThrow(
    expect.objectContaining({ code: 'engine/bad-graph' }),
  );
});

test('a send function leads to the tensors that require a gradient, a recv function ends the graph', () => {
  const thread = createThread('t');
  const x = thread.leaf([1, 2]);
  const y = thread.apply('neg', x);
  const plain = thread.apply('detach', x);
  expect(sendOf(thread, [plain, y, x])).toMatchObject({
    inputMetadata: [{ shape: [2] }, { shape: [2] }],
    name: 'SendRpcBackward',
    nextEdges: [{ node: { name: 'NegBackward0' } }, { node: { name: 'AccumulateGrad' } }],
  });
  const { node, tensors } = recvOf(thread, [plain, y, x]);
  expect(node).toMatchObject({ name: 'RecvRpcBackward', nextEdges: [] });
  expect(tensors.map((each) => each.gradFn?.outputNr)).toEqual([undefined, 0, 1]);
});

function gradientNode(source: Tensor): AutogradNode {
  const edge = gradientEdge(source);
  return edge.type === 'edge' ? edge.node : nodeOf(source);
}
