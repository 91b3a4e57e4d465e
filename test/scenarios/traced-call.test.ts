/**
 * One call in an autograd context, message by message with the ids that PyTorch gives, and its backward.
 * 281474976710656 is 2^48: the first id that worker 1 makes.
 */
import { describe, expect, test } from 'vitest';

import { distAutograd, rpc, torch } from '../../actors/index.ts';
import { workersOf } from '../../actors/view.ts';
import type { AutogradContext } from '../../machines/autograd/container.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import { entriesOf, valuesOf } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import { play, systemWith } from '../actors/play.ts';
import type { Played } from '../actors/play.ts';
import { linesOf, trafficOf } from './traffic.ts';

const B = 281_474_976_710_656n;
const b = (n: bigint): string => String(B + n);

function* myAdd(t1: Tensor, t2: Tensor): Program<Tensor> {
  return yield* torch.add(t1, t2);
}

function nothing(): string {
  return 'nothing';
}

function* viaWorker2(t1: Tensor, t2: Tensor): Program<Tensor> {
  return yield* rpc.sync('worker2', myAdd, [t1, t2]);
}

function* make(): Program<Tensor> {
  return yield* torch.tensor([1], { requiresGrad: true });
}

type Body = (t1: Tensor, t2: Tensor, context: string) => Program<unknown>;

/** Runs `body` in a context and stops at its end, where the context is still there. */
function inContext(body: Body): Played & { readonly contexts: readonly AutogradContext[] } {
  function* main() {
    return yield* distAutograd.context(function* (context) {
      const t1 = yield* torch.tensor([1, 2], { requiresGrad: true });
      const t2 = yield* torch.tensor([3, 4], { requiresGrad: true });
      return yield* body(t1, t2, context);
    });
  }
  const functions = { main, make, myAdd, nothing, viaWorker2 };
  let contexts: readonly AutogradContext[] = [];
  const played = play(systemWith(functions, { workers: 3 }), {
    onStep: (_, world) => {
      const workers = workersOf(world);
      const now = workers.flatMap(({ autograd }) => valuesOf(autograd.contexts));
      if (now.length >= contexts.length && !workers.some(isReleasing)) contexts = now;
    },
  });
  return { ...played, contexts };
}

function isReleasing({ autograd, main }: Played['workers'][number]): boolean {
  return main.type !== 'absent' && valuesOf(autograd.contexts).length === 0;
}

function shapeOf(context: AutogradContext | undefined) {
  return {
    known: context?.knownWorkerIds,
    recvs: functionsIn(context?.recvFunctions ?? {}),
    sends: functionsIn(context?.sendFunctions ?? {}),
  };
}

function functionsIn(
  functions: AutogradContext['recvFunctions'] | AutogradContext['sendFunctions'],
) {
  return [...entriesOf<{ readonly autogradMessageId: string }>(functions)].map(
    ([, { autogradMessageId }]) => autogradMessageId,
  );
}

describe('in forward', () => {
  test('a call takes an id on its way there and one on its way back', () => {
    const { contexts, run } = inContext((t1, t2) => rpc.sync('worker1', myAdd, [t1, t2]));
    const [request, response] = trafficOf(run);
    expect(request?.message).toMatchObject({
      type: 'FORWARD_AUTOGRAD_REQ',
      autogradMessageId: '0',
      contextId: '0',
      from: 0,
      fromWorkerId: 0,
      id: 0,
      inner: { type: 'PYTHON_CALL', isAsyncExecution: false, pickle: { fn: 'myAdd' } },
      tensors: [{ requiresGrad: true }, { requiresGrad: true }],
    });
    expect(response?.message).toMatchObject({
      type: 'FORWARD_AUTOGRAD_RESP',
      autogradMessageId: b(0n),
      contextId: '0',
      from: 1,
      id: 0,
      inner: { type: 'PYTHON_RET' },
      tensors: [{ requiresGrad: true }],
    });
    expect(contexts.map((context) => shapeOf(context))).toEqual([
      { known: [1], recvs: [b(0n)], sends: ['0'] },
      { known: [0], recvs: ['0'], sends: [b(0n)] },
    ]);
    const [send] = valuesOf(contexts[0]?.sendFunctions ?? {});
    expect(send?.nextEdges.map((edge) => edge.type === 'edge' && edge.node.name)).toEqual([
      'AccumulateGrad',
      'AccumulateGrad',
    ]);
    expect(JSON.stringify(request?.message)).not.toContain('gradFn');
  });

  test('a call without gradients takes an id and adds no function; its answer takes none', () => {
    const { contexts, run } = inContext(function* (t1, t2) {
      yield* rpc.sync('worker1', myAdd, [t1, t2]);
      return yield* rpc.sync('worker1', nothing, []);
    });
    const [, , request, response] = trafficOf(run);
    expect(request?.message).toMatchObject({ autogradMessageId: '1', id: 1, tensors: [] });
    expect(response?.message).toMatchObject({ type: 'PYTHON_RET', id: 1 });
    expect(shapeOf(contexts[0])).toEqual({ known: [1], recvs: [b(0n)], sends: ['0'] });
  });

  test('a nested call takes two more ids of the worker in the middle', () => {
    const { contexts } = inContext(function* (t1, t2) {
      yield* rpc.sync('worker1', myAdd, [t1, t2]);
      yield* rpc.sync('worker1', nothing, []);
      return yield* rpc.sync('worker1', viaWorker2, [t1, t2]);
    });
    expect(contexts.map((context) => shapeOf(context))).toEqual([
      { known: [1], recvs: [b(0n), b(2n)], sends: ['0', '2'] },
      { known: [0, 2], recvs: ['0', '2', String(2n * B)], sends: [b(0n), b(1n), b(2n)] },
      { known: [1], recvs: [b(1n)], sends: [String(2n * B)] },
    ]);
  });

  test('a remote call takes an id and no function, a fetch one on each side', () => {
    const { contexts, run } = inContext(function* () {
      const rref = yield* rpc.remote('worker1', make, []);
      return yield* rref.toHere();
    });
    expect(linesOf(trafficOf(run)).slice(0, 4)).toEqual([
      'w0 FORWARD_AUTOGRAD_REQ(PYTHON_REMOTE_CALL) w1',
      'w0 FORWARD_AUTOGRAD_REQ(PYTHON_RREF_FETCH_CALL) w1',
      'w1 FORWARD_AUTOGRAD_RESP(PYTHON_RREF_FETCH_RET) w0',
      'w1 REMOTE_RET w0',
    ]);
    expect(
      trafficOf(run)
        .slice(0, 3)
        .map(({ message }) => 'autogradMessageId' in message && message.autogradMessageId),
    ).toEqual(['0', '1', b(0n)]);
    expect(contexts.map((context) => shapeOf(context))).toEqual([
      { known: [1], recvs: [b(0n)], sends: [] },
      { known: [0], recvs: [], sends: [b(0n)] },
    ]);
  });
});

test('in backward the gradients go the way back, and then the context', () => {
  function* main() {
    return yield* distAutograd.context(function* (context) {
      const t1 = yield* torch.tensor([1, 2], { requiresGrad: true });
      const t2 = yield* torch.tensor([3, 4], { requiresGrad: true });
      const loss = yield* torch.sum(yield* rpc.sync('worker1', myAdd, [t1, t2]));
      yield* distAutograd.backward(context, [loss]);
      const gradients = yield* distAutograd.getGradients(context);
      return gradients.map(({ grad }) => grad.data);
    });
  }
  const { outcome, run } = play(systemWith({ main, myAdd }));
  expect(outcome).toEqual({
    type: 'returned',
    value: [
      [1, 1],
      [1, 1],
    ],
  });
  const traffic = trafficOf(run);
  expect(linesOf(traffic)).toEqual([
    'w0 FORWARD_AUTOGRAD_REQ(PYTHON_CALL) w1',
    'w1 FORWARD_AUTOGRAD_RESP(PYTHON_RET) w0',
    'w0 BACKWARD_AUTOGRAD_REQ w1',
    'w1 BACKWARD_AUTOGRAD_REQ w0',
    // Worker 0 is in its pass, so its answer does not wait for anything.
    'w0 BACKWARD_AUTOGRAD_RESP w1',
    // Worker 1 answers the first gradients of its pass when that is over.
    'w1 BACKWARD_AUTOGRAD_RESP w0',
    'w0 CLEANUP_AUTOGRAD_CONTEXT_REQ w1',
    'w1 CLEANUP_AUTOGRAD_CONTEXT_RESP w0',
    // Worker 1 tells whom it knows, and that is no news.
    'w1 CLEANUP_AUTOGRAD_CONTEXT_REQ w0',
    'w0 CLEANUP_AUTOGRAD_CONTEXT_RESP w1',
  ]);
  const [, , first, second] = traffic;
  expect(first?.message).toMatchObject({
    autogradMessageId: b(0n),
    contextId: '0',
    retainGraph: false,
    tensors: [{ data: [1, 1] }],
  });
  expect(second?.message).toMatchObject({
    autogradMessageId: '0',
    contextId: '0',
    tensors: [{ data: [1, 1] }, { data: [1, 1] }],
  });
});
