/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** PyTorch's tests of callbacks (group D of the inventory). */
import { expect, test } from 'vitest';

import { globals, rpc, typeError, valueError } from '../../actors/index.ts';
import type { Future } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program } from '../../src/index.ts';
import { myAdd, ones, raised, raisedBy, raiseValue } from './bodies.ts';
import { distInit, nextOf } from './fixture.ts';

const n = 4;

function* addOne(future: Future<Tensor>): Program<Tensor> {
  return yield* myAdd(yield* future.wait(), 1);
}

test('RpcTest.test_callback_simple: a callback sees the value, and the future keeps it', () => {
  distInit(
    function* body(rank) {
      const future = yield* rpc.async(nextOf(rank), myAdd, [yield* ones(), n]);
      const next = yield* future.then(addOne);
      expect(yield* future.wait()).toMatchObject({ data: [n + 1, n + 1] });
      expect(yield* next.wait()).toMatchObject({ data: [n + 2, n + 2] });
    },
    { addOne, myAdd },
  );
});

test('RpcTest.test_callback_wrong_arg_num: a callback that lacks its arguments fails its child', () => {
  function wrong(_future: Future<Tensor>, ...rest: readonly unknown[]): never {
    throw typeError(`wrong() missing ${2 - rest.length} required positional arguments`);
  }
  distInit(
    function* body(rank) {
      const future = yield* rpc.async(nextOf(rank), myAdd, [yield* ones(), n]);
      const child = yield* future.then(wrong);
      expect(yield* future.wait()).toMatchObject({ data: [n + 1, n + 1] });
      expect(yield* raisedBy(child)).toEqual([
        'RuntimeError',
        expect.stringMatching(
          /^Got the following error when running the callback: TypeError: .*missing 2 required positional arguments/,
        ),
      ]);
    },
    { myAdd, wrong },
  );
});

test('RpcTest.test_callback_wrong_arg_type: a callback that raises fails its child', () => {
  function wrong(): never {
    throw typeError("unsupported operand type(s) for +: 'torch._C.Future' and 'int'");
  }
  distInit(
    function* body(rank) {
      const future = yield* rpc.async(nextOf(rank), myAdd, [yield* ones(), n]);
      const child = yield* future.then(wrong);
      expect((yield* raisedBy(child))?.[1]).toContain('unsupported operand type');
    },
    { myAdd, wrong },
  );
});

test('RpcTest.test_callback_multi: each of ten callbacks gives its child a value', () => {
  distInit(
    function* body(rank) {
      const future = yield* rpc.async(nextOf(rank), myAdd, [yield* ones(), n]);
      const children: Future<Tensor>[] = [];
      for (let nr = 0; nr < 10; nr += 1) children.push(yield* future.then(addOne));
      for (const child of children) {
        expect(yield* child.wait()).toMatchObject({ data: [n + 2, n + 2] });
      }
    },
    { addOne, myAdd },
  );
});

test('RpcTest.test_callback_in_rpc: a function waits for a callback on a call of its own', () => {
  function* addUseCallback(to: string, tensor: Tensor): Program<Tensor> {
    const future = yield* rpc.async(to, myAdd, [tensor, 1]);
    const child = yield* future.then(addOne);
    return yield* child.wait();
  }
  distInit(
    function* body(rank) {
      const sum = yield* rpc.sync(nextOf(rank), addUseCallback, [nextOf(rank + 1), yield* ones()]);
      expect(sum).toMatchObject({ data: [3, 3] });
    },
    { addOne, addUseCallback, myAdd },
  );
});

test('RpcTest.test_callback_with_ret: a callback makes and waits for a call', () => {
  function* callAgain(future: Future<Tensor>, to: string): Program<Tensor> {
    const again = yield* rpc.async(to, myAdd, [yield* future.wait(), 1]);
    return yield* again.wait();
  }
  distInit(
    function* body(rank) {
      const future = yield* rpc.async(nextOf(rank), myAdd, [yield* ones(), 1]);
      const child = yield* future.then(callAgain, nextOf(rank + 1));
      expect(yield* child.wait()).toMatchObject({ data: [3, 3] });
    },
    { callAgain, myAdd },
  );
});

test('RpcTest.test_callback_with_error: a callback sees the error and raises another', () => {
  function* replace(future: Future<unknown>): Program<never> {
    expect(yield* raised(future.wait())).toEqual([
      'ValueError',
      expect.stringContaining('Expected error'),
    ]);
    throw valueError('Another expected error');
  }
  distInit(
    function* body(rank) {
      const future = yield* rpc.async(nextOf(rank), raiseValue, []);
      const child = yield* future.then(replace);
      expect((yield* raisedBy(child))?.[1]).toContain('Another expected error');
    },
    { raiseValue, replace },
  );
});

test('RpcTest.test_callback_none: what is no function is no callback', () => {
  distInit(
    function* body(rank) {
      const future = yield* rpc.async(nextOf(rank), raiseValue, []);
      // cast -- what a test does on purpose
      const error = yield* raised(future.then(undefined as unknown as () => void));
      expect(error).toEqual([
        'TypeError',
        expect.stringContaining('incompatible function arguments'),
      ]);
      yield* raisedBy(future);
    },
    { raiseValue },
  );
});

test('RpcTest.test_add_done_callback: a done callback runs and changes nothing', () => {
  function* mark(future: Future<Tensor>): Program<void> {
    yield* future.wait();
    yield* globals.set('called', true);
  }
  distInit(
    function* body(rank) {
      const future = yield* rpc.async(nextOf(rank), myAdd, [yield* ones(), n]);
      yield* future.addDoneCallback(mark);
      const after = yield* future.then(addOne);
      expect(yield* future.wait()).toMatchObject({ data: [n + 1, n + 1] });
      // The callback before it has run when this one has.
      yield* after.wait();
      expect(yield* globals.get('called')).toBe(true);
    },
    { addOne, mark, myAdd },
  );
});

test('RpcTest.test_future_nested_callback: a callback registers a callback', () => {
  function* inner(future: Future<Tensor>): Program<Tensor> {
    const child = yield* future.then(addOne);
    return yield* child.wait();
  }
  function* addNested(to: string, tensor: Tensor): Program<Tensor> {
    const future = yield* rpc.async(to, myAdd, [tensor, 1]);
    const child = yield* future.then(inner);
    return yield* child.wait();
  }
  distInit(
    function* body(rank) {
      const sum = yield* rpc.sync(nextOf(rank), addNested, [nextOf(rank + 1), yield* ones()]);
      expect(sum).toMatchObject({ data: [3, 3] });
    },
    { addNested, addOne, inner, myAdd },
  );
});
