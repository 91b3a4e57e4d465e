import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { retrieveContext } from '../../../machines/autograd/container.ts';
import { isQuiet } from '../../../machines/autograd/debug-info.ts';
import { getGradients, newContext } from '../../../machines/autograd/lifetime.ts';
import type { Tensor } from '../../../machines/engine/graph.ts';
import type { AutogradContextId } from '../../../machines/engine/ids.ts';
import { getIn } from '../../../src/core/persistent-map.ts';
import { dataOf, idOf } from '../engine/thread.ts';
import type { Cluster } from './cluster.ts';
import { createCluster, idsIn } from './cluster.ts';

const B = 281_474_976_710_656;

interface Start {
  readonly cluster: Cluster;
  readonly contextId: AutogradContextId;
  readonly t1: Tensor;
  readonly t2: Tensor;
}

function start(workers: number): Start {
  const cluster = createCluster(workers);
  const { contextId } = cluster.run(0, (before) => newContext(before));
  const t1 = cluster.thread(0).leaf([1, 2]);
  const t2 = cluster.thread(0).leaf([3, 4]);
  return { cluster, contextId, t1, t2 };
}

/** `my_add` on worker 1. */
function addOn1({ cluster, contextId }: Start, args: readonly Tensor[]): Tensor {
  const body = ([a, b]: readonly Tensor[]) => [cluster.thread(1).apply('add', a ?? 0, b ?? 0)];
  return only(cluster.call(0, { args, body, contextId, to: 1 }));
}

function only(tensors: readonly Tensor[]): Tensor {
  const [first] = tensors;
  if (first === undefined) throw new Error('no tensor came back');
  return first;
}

function tablesOf({ cluster, contextId }: Start, worker: number) {
  const context = retrieveContext(cluster.container(worker), contextId);
  const { knownWorkerIds, recvFunctions, sendFunctions } = context;
  return { known: knownWorkerIds, recv: idsIn(recvFunctions), send: idsIn(sendFunctions) };
}

function gradOf({ cluster, contextId }: Start, leaf: Tensor): readonly number[] | undefined {
  return dataOf(getIn(getGradients(cluster.container(0), contextId), idOf(leaf)));
}

test('ids are those that PyTorch gave to the same calls', () => {
  const from = start(3);
  const { cluster, contextId, t1, t2 } = from;
  expect(contextId).toBe('0');
  addOn1(from, [t1, t2]);
  expect(tablesOf(from, 0)).toEqual({ known: [1], recv: [B], send: [0] });
  expect(tablesOf(from, 1)).toEqual({ known: [0], recv: [0], send: [B] });
  // A call without a tensor that requires a gradient takes an id all the same.
  cluster.call(0, { args: [], body: () => [], contextId, to: 1 });
  expect(tablesOf(from, 0)).toEqual({ known: [1], recv: [B], send: [0] });
  // A call that calls on.
  cluster.call(0, {
    args: [t1, t2],
    body: (args) =>
      cluster.call(1, {
        args,
        body: ([a, b]) => [cluster.thread(2).apply('add', a ?? 0, b ?? 0)],
        contextId,
        to: 2,
      }),
    contextId,
    to: 1,
  });
  expect(tablesOf(from, 0)).toEqual({ known: [1], recv: [B, B + 2], send: [0, 2] });
  expect(tablesOf(from, 1)).toEqual({
    known: [0, 2],
    recv: [0, 2, 2 * B],
    send: [B, B + 1, B + 2],
  });
});

test('backward of one call sends the messages that PyTorch sends', () => {
  const from = start(2);
  const { cluster, contextId, t1, t2 } = from;
  const loss = cluster.thread(0).apply('sum', addOn1(from, [t1, t2]));
  cluster.backward(0, { contextId, roots: [loss] });
  expect(cluster.sent()).toEqual([
    `0 -> 1 BACKWARD_AUTOGRAD_REQ ${B}`,
    '1 -> 0 BACKWARD_AUTOGRAD_REQ 0',
    '0 -> 1 BACKWARD_AUTOGRAD_RESP',
    '1 -> 0 BACKWARD_AUTOGRAD_RESP',
  ]);
  expect([gradOf(from, t1), gradOf(from, t2)]).toEqual([
    [1, 1],
    [1, 1],
  ]);
  cluster.release(0, contextId);
  expect(cluster.sent().slice(4)).toEqual([
    '0 -> 1 CLEANUP_AUTOGRAD_CONTEXT_REQ',
    '1 -> 0 CLEANUP_AUTOGRAD_CONTEXT_REQ',
  ]);
  expect([0, 1].map((worker) => isQuiet(cluster.container(worker)))).toEqual([true, true]);
});

/** sum(t1 * t2 + (t1 + t1)): the product on worker 2 by way of worker 1, the sum on worker 1. */
function product(from: Start): Tensor {
  const { cluster, contextId, t1, t2 } = from;
  const onward = (args: readonly Tensor[]) =>
    cluster.call(1, {
      args,
      body: ([a, b]) => [cluster.thread(2).apply('mul', a ?? 0, b ?? 0)],
      contextId,
      to: 2,
    });
  const far = only(cluster.call(0, { args: [t1, t2], body: onward, contextId, to: 1 }));
  const near = addOn1(from, [t1, t1]);
  const { apply } = cluster.thread(0);
  return apply('sum', apply('add', far, near));
}

test('gradients are those of one process, whatever comes first', () => {
  const orders = new Set<string>();
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 9 }), { maxLength: 60 }), (draws) => {
      const from = start(3);
      const { cluster, contextId, t1, t2 } = from;
      const picks = [...draws];
      const pick = (count: number) => Math.min(picks.shift() ?? 0, count - 1);
      cluster.backward(0, { contextId, pick, roots: [product(from)] });
      expect(gradOf(from, t1)).toEqual([3 + 2, 4 + 2]);
      expect(gradOf(from, t2)).toEqual([1, 2]);
      orders.add(cluster.sent().join());
      cluster.release(0, contextId);
      expect([0, 1, 2].every((worker) => isQuiet(cluster.container(worker)))).toBe(true);
    }),
  );
  expect(orders.size).toBeGreaterThan(1);
});

test('gradients of two passes over a kept graph add up', () => {
  const from = start(3);
  const { cluster, contextId, t2 } = from;
  const loss = product(from);
  cluster.backward(0, { contextId, retainGraph: true, roots: [loss] });
  cluster.backward(0, { contextId, retainGraph: true, roots: [loss] });
  expect(gradOf(from, t2)).toEqual([2, 4]);
});

test('a second pass over a graph that was not kept fails, and says by which workers it went', () => {
  const from = start(3);
  const { cluster, contextId } = from;
  const loss = product(from);
  cluster.backward(0, { contextId, roots: [loss] });
  expect(() => {
    cluster.backward(0, { contextId, roots: [loss] });
  }).toThrow(
    /^Error on Node 0: Error on Node 1: Error on Node 2: Trying to backward through the graph/,
  );
  cluster.release(0, contextId);
  expect([0, 1, 2].every((worker) => isQuiet(cluster.container(worker)))).toBe(true);
});

test('a result that is not used leaves the worker that sent it waiting for ever', () => {
  const from = start(2);
  const { cluster, contextId, t1, t2 } = from;
  addOn1(from, [t1, t2]);
  const loss = cluster.thread(0).apply('sum', cluster.thread(0).apply('mul', t1, t2));
  expect(() => {
    cluster.backward(0, { contextId, roots: [loss] });
  }).toThrow('backward hangs');
});
