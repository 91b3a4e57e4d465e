/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/* oxlint-disable vitest/expect-expect -- what all tests of a kind expect stands in one function */
/** PyTorch's tests of the graph that calls record (group S of the inventory). */
import { describe, expect, test } from 'vitest';

import { distAutograd, rpc, torch } from '../../actors/index.ts';
import type { ContextId, RRef } from '../../actors/index.ts';
import type { AutogradNode, Tensor } from '../../machines/engine/graph.ts';
import type { Functions, Program, UserFunction } from '../../src/index.ts';
import { myAdd, raised } from './bodies.ts';
import { distInit, nextOf } from './fixture.ts';

type Mode = 'remote' | 'sync';

/** Runs `fn` on a worker and brings its result here. */
function* exec(
  [mode, to]: readonly [Mode, string],
  fn: UserFunction,
  args: readonly unknown[],
): Program<Tensor> {
  // casts -- each test calls functions of tensors
  if (mode === 'sync') return (yield* rpc.sync(to, fn, args as never)) as Tensor;
  const rref = (yield* rpc.remote(to, fn, args as never)) as RRef<Tensor>;
  return yield* rref.toHere();
}

/** What is recorded, as names: of each function the nodes that its edges lead to, and so on. */
interface Graph {
  readonly recv: readonly string[];
  readonly send: readonly string[];
}

function* graphHere(id: ContextId): Program<Graph> {
  const { recvFunctions, sendFunctions } = yield* distAutograd.functionsOf(id);
  return {
    recv: recvFunctions.map((node) => described(node)),
    send: sendFunctions.map((node) => described(node)),
  };
}

function described({ name, nextEdges }: AutogradNode): string {
  const next = nextEdges.map((edge) => (edge.type === 'edge' ? described(edge.node) : 'none'));
  return next.length === 0 ? name : `${name}(${next.join(', ')})`;
}

function* twoLeaves(requiresGrad = true): Program<readonly [Tensor, Tensor]> {
  const options = { requiresGrad, shape: [2, 2] };
  return [yield* torch.tensor([1, 1, 1, 1], options), yield* torch.tensor([0, 0, 0, 0], options)];
}

const sum = 'SendRpcBackward(AddBackward0(RecvRpcBackward, RecvRpcBackward))';
const leaves = 'SendRpcBackward(AccumulateGrad, AccumulateGrad)';

function run(body: (rank: number) => Program<unknown>, functions: Functions = {}): void {
  distInit(body, { graphHere, myAdd, ...functions }, { schedules: 1 });
}

/** One call of a function that adds: here a send function and a recv function, there the other way round. */
function graphOfCall(mode: Mode, fn: UserFunction): void {
  run(function* body(rank) {
    const next = nextOf(rank);
    const [a, b] = yield* twoLeaves();
    const id = yield* distAutograd.context(function* inside(context) {
      const result = yield* exec([mode, next], fn, [a, b]);
      expect(result.gradFn?.node.name).toBe('RecvRpcBackward');
      expect(yield* graphHere(context)).toEqual({ recv: ['RecvRpcBackward'], send: [leaves] });
      expect(yield* rpc.sync(next, graphHere, [context])).toEqual({
        recv: ['RecvRpcBackward'],
        send: [sum],
      });
      return context;
    });
    expect((yield* raised(distAutograd.retrieveContext(id)))?.[1]).toContain('Could not find');
  });
}

test('DistAutogradTest.test_graph_for_builtin_call', () => {
  graphOfCall('sync', torch.add);
});

test('DistAutogradTest.test_graph_for_builtin_remote_call', () => {
  graphOfCall('remote', torch.add);
});

test('DistAutogradTest.test_graph_for_python_remote_call', () => {
  graphOfCall('remote', myAdd);
});

test('a call of a function of Python records what one of a built-in does', () => {
  graphOfCall('sync', myAdd);
});

describe('a call that comes back to its caller', () => {
  const back = (mode: Mode) => {
    function* callsBack(to: string, a: Tensor, b: Tensor): Program<Tensor> {
      return yield* exec([mode, to], myAdd, [a, b]);
    }
    run(
      function* body(rank) {
        const next = nextOf(rank);
        const [a, b] = yield* twoLeaves();
        yield* distAutograd.context(function* inside(context) {
          yield* exec([mode, next], callsBack, [`worker${rank}`, a, b]);
          const here = yield* graphHere(context);
          // The arguments went out, came back, their sum went out, and came back.
          expect(here).toEqual({
            recv: ['RecvRpcBackward', 'RecvRpcBackward'],
            send: [leaves, sum],
          });
          expect(yield* rpc.sync(next, graphHere, [context])).toEqual({
            recv: ['RecvRpcBackward', 'RecvRpcBackward'],
            send: [
              'SendRpcBackward(RecvRpcBackward, RecvRpcBackward)',
              'SendRpcBackward(RecvRpcBackward)',
            ],
          });
        });
      },
      { callsBack },
    );
  };

  test('DistAutogradTest.test_graph_for_py_nested_call_itself', () => {
    back('sync');
  });

  test('DistAutogradTest.test_graph_for_py_nested_remote_call_itself', () => {
    back('remote');
  });
});

describe('tensors that require no gradient', () => {
  const nothing = (mode: Mode) => {
    run(function* body(rank) {
      const [a, b] = yield* twoLeaves(false);
      yield* distAutograd.context(function* inside(context) {
        const result = yield* exec([mode, nextOf(rank)], myAdd, [a, b]);
        expect(result.requiresGrad).toBe(false);
        const none = { recv: [], send: [] };
        expect(yield* graphHere(context)).toEqual(none);
        // The callee knows the context although there is nothing to record.
        expect(yield* rpc.sync(nextOf(rank), graphHere, [context])).toEqual(none);
      });
    });
  };

  test('DistAutogradTest.test_no_graph_with_tensors_not_require_grad', () => {
    nothing('sync');
  });

  test('DistAutogradTest.test_no_graph_with_tensors_not_require_grad_remote', () => {
    nothing('remote');
  });
});

describe('only the result requires a gradient', () => {
  const only = (mode: Mode) => {
    function* requires(rank: number): Program<Tensor> {
      return yield* torch.tensor([rank, rank], { requiresGrad: true });
    }
    function* gradsHere(id: ContextId): Program<readonly (readonly number[])[]> {
      return (yield* distAutograd.getGradients(id)).map(({ grad }) => grad.data);
    }
    run(
      function* body(rank) {
        yield* distAutograd.context(function* inside(context) {
          const result = yield* exec([mode, nextOf(rank)], requires, [rank]);
          yield* distAutograd.backward(context, [yield* torch.sum(result)]);
          expect(yield* gradsHere(context)).toEqual([]);
          expect(yield* rpc.sync(nextOf(rank), gradsHere, [context])).toEqual([[1, 1]]);
        });
      },
      { gradsHere, requires },
    );
  };

  test('DistAutogradTest.test_grad_only_on_return_value', () => {
    only('sync');
  });

  test('DistAutogradTest.test_grad_only_on_return_value_remote', () => {
    only('remote');
  });
});

test('DistAutogradTest.test_remote_complex_args: tensors deep in the arguments are recorded', () => {
  interface Deep {
    readonly list: readonly (Tensor | { readonly inner: Tensor })[];
  }
  function* addDeep({ list }: Deep): Program<Tensor> {
    const [first, second] = list.map((each) => ('inner' in each ? each.inner : each));
    if (first === undefined || second === undefined) throw new Error('two tensors are to be given');
    return yield* torch.add(first, second);
  }
  run(
    function* body(rank) {
      const [a, b] = yield* twoLeaves();
      yield* distAutograd.context(function* inside(context) {
        const result = yield* exec(['remote', nextOf(rank)], addDeep, [
          { list: [a, { inner: b }] },
        ]);
        expect(result.data).toEqual([1, 1, 1, 1]);
        expect((yield* graphHere(context)).send).toEqual([leaves]);
      });
    },
    { addDeep },
  );
});
