/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** PyTorch's tests of basic calls (group B of the inventory). */
import { expect, test } from 'vitest';

import { globals, rpc, torch } from '../../actors/index.ts';
import type { Future } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program } from '../../src/index.ts';
import { myAdd, ones } from './bodies.ts';
import { distInit, nextOf } from './fixture.ts';

test('RpcTest.test_py_no_return_result: a function that returns nothing gives nothing', () => {
  const noResult = (): void => undefined;
  distInit(
    function* body(rank) {
      expect(yield* rpc.sync(nextOf(rank), noResult, [])).toBeUndefined();
    },
    { noResult },
  );
});

test('RpcTest.test_py_built_in: a function of the language is called like any other', () => {
  const least = (...numbers: number[]): number => Math.min(...numbers);
  distInit(
    function* body(rank) {
      const n = rank + 1;
      expect(yield* rpc.sync(nextOf(rank), least, [n, n + 1, n + 2])).toBe(n);
    },
    { least },
  );
});

test('RpcTest.test_py_multi_async_call: two calls are under way at once', () => {
  const plus = (a: number, b: number): number => a + b;
  distInit(
    function* body(rank) {
      const first = yield* rpc.async(nextOf(rank), plus, [rank, 1]);
      const second = yield* rpc.async(nextOf(rank), plus, [rank, 2]);
      expect([yield* first.wait(), yield* second.wait()]).toEqual([rank + 1, rank + 2]);
    },
    { plus },
  );
});

test('RpcTest.test_py_tensors: tensors travel as arguments and as results', () => {
  distInit(
    function* body(rank) {
      const square = yield* torch.tensor([1, 1, 1, 1], { shape: [2, 2] });
      const sum = yield* rpc.sync(nextOf(rank), myAdd, [square, rank]);
      expect(sum).toMatchObject({ data: Array<number>(4).fill(rank + 1), shape: [2, 2] });
      const futures: Future<unknown>[] = [];
      for (let nr = 0; nr < 8; nr += 1) {
        futures.push(yield* rpc.async(nextOf(rank), myAdd, [yield* torch.tensor([nr]), nr]));
      }
      for (const [nr, future] of futures.entries()) {
        expect(yield* future.wait()).toMatchObject({ data: [2 * nr] });
      }
    },
    { myAdd },
  );
});

test('RpcTest.test_nested_rpc: a function calls back whoever called it', () => {
  function* nested(caller: string): Program<unknown> {
    return yield* rpc.sync(caller, myAdd, [yield* torch.tensor([1, 1]), 1]);
  }
  distInit(
    function* body(rank) {
      const sum = yield* rpc.sync(nextOf(rank), nested, [`worker${rank}`]);
      expect(sum).toMatchObject({ data: [2, 2] });
    },
    { myAdd, nested },
  );
});

test('RpcTest.test_expected_src: a handler learns who called it', () => {
  function* setValue(value: number): Program<void> {
    yield* globals.set('expected', value);
  }
  function* awaitValue(): Program<number> {
    for (;;) {
      const value = yield* globals.get<number>('expected');
      if (value !== undefined) return value;
      yield* rpc.sync(yield* rpc.getWorkerInfo(), noop, []);
    }
  }
  const noop = (): void => undefined;
  distInit(
    function* body(rank) {
      yield* rpc.sync(nextOf(rank), setValue, [rank]);
      expect(yield* awaitValue()).toBe((rank + 3) % 4);
    },
    { noop, setValue },
  );
});

test('RpcTest.test_multi_layer_nested_async_rpc: a chain of calls that nobody waits for runs out', () => {
  function* layer(to: number, world: number, ttl: number): Program<number> {
    if (ttl === 0) return 0;
    yield* rpc.async((to + 1) % world, layer, [(to + 1) % world, world, ttl - 1]);
    return 0;
  }
  const { run } = distInit(
    function* body(rank) {
      yield* layer(rank, 4, 20);
    },
    { layer },
  );
  expect(run.steps.length).toBeGreaterThan(4 * 20);
});

test('RpcTest.test_add: a built-in operator is called by its schema', () => {
  const { run } = distInit(function* body(rank) {
    const sum = yield* rpc.sync(nextOf(rank), torch.add, [yield* ones(), yield* ones()]);
    expect(sum).toMatchObject({ data: [2, 2] });
  }, {});
  const sent = run.steps.flatMap(({ choice }) =>
    choice?.type === 'deliver' && choice.event.type === 'SCRIPT_CALL' ? [choice.event] : [],
  );
  expect(sent).toHaveLength(4);
  expect(sent[0]).toMatchObject({
    pickle: { fn: 'torch.ops.aten.add' },
    schema: 'aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor',
  });
});

test('RpcTest.test_scalar_add: a number is a scalar', () => {
  distInit(function* body(rank) {
    const sum = yield* rpc.sync(nextOf(rank), torch.add, [yield* ones(), rank + 1]);
    expect(sum).toMatchObject({ data: [rank + 2, rank + 2] });
  }, {});
});

test('RpcTest.test_async_add: an operator is called without waiting', () => {
  distInit(function* body(rank) {
    const future = yield* rpc.async(nextOf(rank), torch.add, [yield* ones(), yield* ones()]);
    expect(yield* future.wait()).toMatchObject({ data: [2, 2] });
  }, {});
});

test('RpcTest.test_nonzero: the shape of a result depends on what is in the arguments', () => {
  function* nonzero(tensor: Tensor): Program<Tensor> {
    const found = tensor.data.flatMap((element, index) => (element === 0 ? [] : [index]));
    return yield* torch.tensor(found, { shape: [found.length, 1] });
  }
  distInit(
    function* body(rank) {
      const tensor = yield* torch.tensor([1, 0, 3, 0]);
      const found = yield* rpc.sync(nextOf(rank), nonzero, [tensor]);
      expect(found).toMatchObject({ data: [0, 2], shape: [2, 1] });
    },
    { nonzero },
  );
});

test('RpcTest.test_multi_rpc: twenty calls after one another give their own results', () => {
  distInit(
    function* body(rank) {
      for (let nr = 1; nr <= 20; nr += 1) {
        const sum = yield* rpc.sync(nextOf(rank), torch.add, [yield* ones(nr), nr]);
        expect(sum).toMatchObject({ data: Array<number>(nr).fill(nr + 1) });
      }
    },
    {},
    { schedules: 1 },
  );
});

/** A class of Python: its constructor and methods are functions by name. */
interface MyClass {
  readonly a: number;
}
const newMyClass = (a: number): MyClass => ({ a });
const myInstanceMethod = (self: MyClass, b: number): number => self.a + b;
const myClassMethod = (d: number, e: number): MyClass => ({ a: d + e });
const myStaticMethod = (f: number): boolean => f > 10;

test('RpcTest.test_py_class_constructor: a constructor is a function', () => {
  distInit(
    function* body(rank) {
      expect(yield* rpc.sync(nextOf(rank), newMyClass, [rank])).toEqual({ a: rank });
    },
    { newMyClass },
  );
});

test('RpcTest.test_py_class_instance_method: the object travels along as a copy', () => {
  distInit(
    function* body(rank) {
      expect(yield* rpc.sync(nextOf(rank), myInstanceMethod, [newMyClass(2), rank])).toBe(2 + rank);
    },
    { myInstanceMethod },
  );
});

test('RpcTest.test_py_class_method: a method of the class is a function', () => {
  distInit(
    function* body(rank) {
      expect(yield* rpc.sync(nextOf(rank), myClassMethod, [rank, 1])).toEqual({ a: rank + 1 });
    },
    { myClassMethod },
  );
});

test('RpcTest.test_py_class_static_method: so is a static one', () => {
  distInit(
    function* body(rank) {
      expect(yield* rpc.sync(nextOf(rank), myStaticMethod, [rank + 10])).toBe(rank > 0);
    },
    { myStaticMethod },
  );
});

test('RpcTest.test_py_tensors_in_container: tensors in lists and records travel in the table', () => {
  interface Held {
    readonly list: readonly Tensor[];
    readonly map: Readonly<Record<string, Tensor>>;
  }
  function* sum({ list, map }: Held): Program<Held> {
    let total = yield* torch.tensor([0, 0]);
    for (const each of [...list, ...Object.values(map)]) total = yield* torch.add(total, each);
    return { list: [total], map: {} };
  }
  const { run } = distInit(
    function* body(rank) {
      const held = { list: [yield* ones(), yield* ones()], map: { a: yield* ones() } };
      const result = yield* rpc.sync(nextOf(rank), sum, [held]);
      expect(result.list[0]).toMatchObject({ data: [3, 3] });
    },
    { sum },
  );
  const tables = run.steps.flatMap(({ choice }) =>
    choice?.type === 'deliver' && choice.event.type === 'PYTHON_CALL'
      ? [choice.event['tensors']]
      : [],
  );
  expect(tables[0]).toHaveLength(3);
});

test('RpcTest.test_deadlock: a slow call and a barrier of other threads do not wait for each other', () => {
  function* slow(): Program<number> {
    return yield* rpc.sync('worker2', fortyTwo, []);
  }
  const fortyTwo = (): number => 42;
  distInit(
    function* body(rank) {
      if (rank === 1) {
        expect(yield* rpc.sync('worker0', slow, [], { timeout: 15 })).toBe(42);
      }
      // Each waits for all others, one after the other.
      for (let peer = 0; peer < 4; peer += 1) yield* rpc.sync(peer, fortyTwo, []);
    },
    { fortyTwo, slow },
  );
});
