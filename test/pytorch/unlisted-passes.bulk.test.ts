/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/* oxlint-disable vitest/expect-expect -- what all tests of a kind expect stands in one function */
/** PyTorch's tests of distributed autograd that the inventory leaves out. */
import { expect, test } from 'vitest';

import { autogradFunction, distAutograd, globals, rpc, torch } from '../../actors/index.ts';
import type { ContextId } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import { seconds } from '../../src/index.ts';
import type { Functions, NodeId, Program } from '../../src/index.ts';
import { gradientIn, leafOf, sameInAllModes } from './backward-passes.ts';
import { myAdd, ones, raised } from './bodies.ts';
import type { FixtureOptions } from './fixture.ts';
import { distInit } from './fixture.ts';

const once: FixtureOptions = { ranks: [0], schedules: 1, workers: 2 };
const next = 'worker1';
const two = { data: [2, 2] };

function run(body: () => Program<unknown>, functions: Functions = {}): void {
  distInit(body, { myAdd, ...functions }, { ranks: [0], schedules: 1, workers: 3 });
}

function* counts(id: ContextId): Program<readonly number[]> {
  const { recvFunctions, sendFunctions } = yield* distAutograd.functionsOf(id);
  return [sendFunctions.length, recvFunctions.length];
}

/** Adds by a call of a worker, which a call asks for. */
function* nestedAdd(a: Tensor, b: Tensor, to: string): Program<Tensor> {
  return yield* rpc.sync(to, myAdd, [a, b]);
}

test('DistAutogradTest.test_graph_for_python_call: one send and one recv function on each side', () => {
  run(
    function* body() {
      const [a, b] = [yield* leafOf([3, 3], 1), yield* leafOf([3, 3], 2)];
      yield* distAutograd.context(function* inside(id) {
        yield* rpc.sync('worker1', myAdd, [a, b]);
        expect(yield* counts(id)).toEqual([1, 1]);
        expect(yield* rpc.sync('worker1', counts, [id])).toEqual([1, 1]);
      });
    },
    { counts },
  );
});

test('DistAutogradTest.test_graph_for_py_nested_call: the worker between has two of each', () => {
  run(
    function* body() {
      const [a, b] = [yield* leafOf([3, 3], 1), yield* leafOf([3, 3], 2)];
      yield* distAutograd.context(function* inside(id) {
        yield* rpc.sync('worker1', nestedAdd, [a, b, 'worker2']);
        expect(yield* counts(id)).toEqual([1, 1]);
        expect(yield* rpc.sync('worker1', counts, [id])).toEqual([2, 2]);
        expect(yield* rpc.sync('worker2', counts, [id])).toEqual([1, 1]);
      });
    },
    { counts, nestedAdd },
  );
});

test('DistAutogradTest.test_graph_for_py_nested_remote_call: so it has where its own result is fetched', () => {
  run(
    function* body() {
      const [a, b] = [yield* leafOf([3, 3], 1), yield* leafOf([3, 3], 2)];
      yield* distAutograd.context(function* inside(id) {
        const rref = yield* rpc.remote('worker1', nestedAdd, [a, b, 'worker2']);
        expect((yield* rref.toHere()).gradFn?.node.name).toBe('RecvRpcBackward');
        expect(yield* counts(id)).toEqual([1, 1]);
        expect(yield* rpc.sync('worker1', counts, [id])).toEqual([2, 2]);
        expect(yield* rpc.sync('worker2', counts, [id])).toEqual([1, 1]);
      });
    },
    { counts, nestedAdd },
  );
});

test('DistAutogradTest.test_rpc_complex_args: those of a list that require gradients hang on the send function', () => {
  run(
    function* body() {
      const all: Tensor[] = [];
      for (let nr = 0; nr < 6; nr += 1) all.push(yield* leafOf([2], nr + 1, nr % 2 === 0));
      yield* distAutograd.context(function* inside(id) {
        const both = yield* rpc.sync('worker1', torch.add, [all[0] as Tensor, all[1] as Tensor]);
        const rest = yield* rpc.sync('worker1', sumOf, [all]);
        const loss = yield* torch.sum(yield* torch.add(both, rest));
        const { sendFunctions } = yield* distAutograd.functionsOf(id);
        expect(sendFunctions.map(({ nextEdges }) => nextEdges.length)).toEqual([1, 3]);
        yield* distAutograd.backward(id, [loss]);
        expect(yield* gradientIn(id, all[0] as Tensor)).toEqual([2, 2]);
        expect(yield* gradientIn(id, all[2] as Tensor)).toEqual([1, 1]);
        expect(yield* gradientIn(id, all[1] as Tensor)).toBeUndefined();
      });
    },
    { sumOf },
  );
  function* sumOf(tensors: readonly Tensor[]): Program<Tensor> {
    let sum = yield* torch.zeros([2]);
    for (const each of tensors) sum = yield* torch.add(sum, each);
    return sum;
  }
});

test('DistAutogradTest.test_backward_simple_self: a worker that calls itself', () => {
  run(function* body() {
    const [a, b] = [yield* leafOf([3, 3], 1), yield* leafOf([3, 3], 2)];
    yield* sameInAllModes([a, b], function* forward(mode) {
      if (mode === 'local') return yield* torch.add(a, b);
      if (mode === 'sync') return yield* rpc.sync('worker0', torch.add, [a, b]);
      return yield* (yield* rpc.remote('worker0', torch.add, [a, b])).toHere();
    });
  });
});

test('DistAutogradTest.test_mixed_requires_grad: the callee knows which of its arguments require gradients', () => {
  function* operation(a: Tensor, b: Tensor): Program<Tensor> {
    return b.requiresGrad ? yield* torch.sub(a, b) : yield* torch.mul(a, b);
  }
  run(
    function* body() {
      const [a, b] = [yield* leafOf([3, 3], 1), yield* leafOf([3, 3], 2, false)];
      for (const isSync of [true, false]) {
        yield* distAutograd.context(function* inside(id) {
          const product = isSync
            ? yield* rpc.sync('worker1', operation, [a, b])
            : yield* (yield* rpc.remote('worker1', operation, [a, b])).toHere();
          expect(product.data).toEqual((yield* torch.mul(a, b)).data);
          yield* distAutograd.backward(id, [yield* torch.sum(product)]);
          expect(yield* gradientIn(id, a)).toEqual(b.data);
          expect(yield* gradientIn(id, b)).toBeUndefined();
        });
      }
    },
    { operation },
  );
});

test('DistAutogradTest.test_nested_backward_accumulate_grads: two passes over a call that calls', () => {
  run(
    function* body() {
      const [a, b] = [yield* leafOf([3, 3], 1), yield* leafOf([3, 3], 2)];
      yield* distAutograd.context(function* inside(id) {
        const loss = yield* torch.sum(yield* rpc.sync('worker1', nestedAdd, [a, b, 'worker2']));
        yield* distAutograd.backward(id, [loss], { retainGraph: true });
        const first = yield* gradientIn(id, a);
        yield* distAutograd.backward(id, [loss]);
        expect(yield* gradientIn(id, a)).toEqual(first?.map((each) => 2 * each));
        expect(yield* gradientIn(id, b)).toEqual(first?.map((each) => 2 * each));
      });
    },
    { nestedAdd },
  );
});

test('DistAutogradTest.test_nested_context: a thread is in one context', () => {
  distInit(
    function* body() {
      yield* distAutograd.context(function* outer() {
        const inner = distAutograd.context(function* inside() {
          yield* rpc.sleep(0);
        });
        expect((yield* raised(inner))?.[1]).toContain(
          'Already have an autograd context id for this thread',
        );
      });
    },
    {},
    once,
  );
});

test('DistAutogradTest.test_backward_invalid_args: roots that are none', () => {
  distInit(
    function* body() {
      yield* distAutograd.context(function* inside(id) {
        const back = (context: unknown, roots: unknown) =>
          raised(distAutograd.backward(context as never, roots as never));
        const none = ['TypeError', expect.stringContaining('incompatible function arguments')];
        const says = (text: string) => ['RuntimeError', expect.stringContaining(text)];
        expect(yield* back(id, undefined)).toEqual(none);
        expect(yield* back(undefined, undefined)).toEqual(none);
        expect(yield* back(id, [])).toEqual(says('No tensors provided for gradient computation'));
        expect(yield* back(id, [yield* ones()])).toEqual(says('requires_grad not set on'));
        expect(yield* back(id, [yield* leafOf([3, 3])])).toEqual(
          says('is not a scalar, all roots need to be scalar'),
        );
        expect(yield* back(id, [yield* leafOf([1])])).toEqual(
          says('does not have a valid gradient function'),
        );
      });
    },
    {},
    once,
  );
});

test('DistAutogradTest.test_backward_multiple_roots: the gradients of four roots add up', () => {
  distInit(
    function* body() {
      const [a, b] = [yield* leafOf([3, 3], 1), yield* leafOf([3, 3], 2)];
      const found: unknown[] = [];
      for (const isLocal of [true, false]) {
        const apply = function* (op: 'add' | 'div' | 'mul', ...args: readonly [Tensor, Tensor]) {
          const made = isLocal ? torch[op](...args) : rpc.sync(next, torch[op], args);
          return yield* torch.sum(yield* made);
        };
        yield* distAutograd.context(function* inside(id) {
          const roots = [yield* apply('add', a, b), yield* apply('mul', a, b)];
          roots.push(yield* apply('div', a, b));
          yield* distAutograd.backward(id, roots);
          found.push([yield* gradientIn(id, a), yield* gradientIn(id, b)]);
        });
      }
      expect(found[0]).toEqual(found[1]);
    },
    {},
    once,
  );
});

test('DistAutogradTest.test_backward_node_failure_python_udf: the last of a chain of calls died', () => {
  function* nested(a: Tensor, b: Tensor, [to, ...others]: readonly string[]): Program<Tensor> {
    return to === undefined ? yield* myAdd(a, b) : yield* rpc.sync(to, nested, [a, b, others]);
  }
  distInit(
    function* body() {
      yield* distAutograd.context(function* inside(id) {
        const [a, b] = [yield* leafOf([2], 1), yield* leafOf([2], 2)];
        const sum = yield* rpc.sync(next, nested, [a, b, ['worker2']]);
        yield* rpc.sleep(10);
        const found = yield* raised(distAutograd.backward(id, [yield* torch.sum(sum)]));
        expect(found?.[1]).toMatch(/Error on Node [0-9]+: .*(ECONNREFUSED|more than set timeout)/);
      });
    },
    { nested },
    {
      ...once,
      leaksNothing: false,
      network: { toDownNode: 'refused' },
      // cast -- what `nodeId` of the runtime gives
      plan: [{ after: seconds(5), fault: { node: 'worker2' as NodeId, type: 'crash' } }],
      rpcTimeout: seconds(5),
      workers: 3,
    },
  );
});

test('DistAutogradTest.test_clean_context_during_backward: a pass ends its own context, and no worker', () => {
  function* endContext(_ctx: unknown, grad: Tensor): Program<Tensor> {
    const id = yield* globals.get<ContextId>('id');
    if (id !== undefined) yield* distAutograd.releaseContext(id);
    return grad;
  }
  const ending = autogradFunction('MyBackwardFunc', {
    backward: endContext,
    forward: (_ctx, input: Tensor) => torch.clone(input),
  });
  distInit(
    function* body() {
      const id = yield* distAutograd.newContext();
      yield* globals.set('id', id);
      let sum = yield* leafOf([2], 1);
      for (let hop = 0; hop < 5; hop += 1) sum = yield* rpc.sync(next, torch.add, [sum, sum]);
      const loss = yield* torch.sum(yield* ending.apply(sum));
      for (let pass = 0; pass < 2; pass += 1) {
        expect((yield* raised(distAutograd.backward(id, [loss])))?.[1]).toMatch(
          /no longer valid|Could not find autograd context/,
        );
      }
      expect(yield* rpc.sync(next, torch.add, [yield* ones(), 1])).toMatchObject(two);
    },
    { endContext },
    { ...once, leaksNothing: false },
  );
});
