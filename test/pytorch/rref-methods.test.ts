/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** PyTorch's tests of the types of remote values and of their methods (group G of the inventory). */
import { expect, test } from 'vitest';

import { globals, rpc, torch } from '../../actors/index.ts';
import type { Future, ProxyMode, RRef } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program, Run } from '../../src/index.ts';
import { mySleep, ones, raised, raiseValue } from './bodies.ts';
import { distInit, nextOf } from './fixture.ts';

interface Attributes {
  readonly a: number;
}
type Self = RRef<Attributes & { readonly class: string }>;

const myClass = rpc.defineClass('MyClass', {
  construct: (a: number): Attributes => ({ a }),
  methods: {
    *myInstanceMethod(self: Self, b: number): Program<number> {
      return (yield* self.localValue()).a + b;
    },
    *incrementValue(self: Self, increment: number): Program<void> {
      yield* globals.locked('my-class', function* increase() {
        const value = yield* self.localValue();
        yield* self.setLocalValue({ ...value, a: value.a + increment });
      });
    },
    *getValue(self: Self): Program<number> {
      return (yield* self.localValue()).a;
    },
    slowAdd: rpc.asyncExecution(function* slowAdd(
      self: Self,
      to: number,
      b: number,
    ): Program<Future<number>> {
      return yield* rpc.async(to, plus, [(yield* self.localValue()).a, b]);
    }),
  },
  statics: {
    myClassMethod: (d: number, e: number): number => d + e,
    myStaticMethod: (f: number): boolean => f > 10,
  },
});

function plus(a: number, b: number): number {
  return a + b;
}

/** What was delivered, by type. */
function deliveries({ steps }: Run, type: string): number {
  return steps.filter(({ choice }) => choice?.type === 'deliver' && choice.event.type === type)
    .length;
}

test('RpcTest.test_call_method_on_rref: methods of an object run where it lives, each once', () => {
  function* callOn(rref: Self, increment: number): Program<number> {
    yield* myClass.methods.incrementValue(rref, increment);
    return yield* myClass.methods.getValue(rref);
  }
  distInit(
    function* body(rank) {
      const dst = nextOf(rank);
      const rref = yield* rpc.remote(dst, myClass.create, [3]);
      expect(yield* rpc.sync(dst, callOn, [rref, 1])).toBe(4);
      const future = yield* rpc.async(dst, callOn, [rref, 2]);
      expect(yield* future.wait()).toBe(6);
      expect(yield* (yield* rpc.remote(dst, callOn, [rref, 3])).toHere()).toBe(9);
      expect((yield* rref.toHere()).a).toBe(9);
    },
    { callOn },
    { classes: [myClass], schedules: 1 },
  );
});

test.each([
  ['RpcTest.test_rref_proxy_class', 1],
  ['RpcTest.test_rref_proxy_class_self', 0],
])('%s: methods of all kinds are called, and changes are seen', (_, distance) => {
  distInit(
    function* body(rank) {
      const rref = yield* rpc.remote((rank + distance) % 4, myClass.create, [7]);
      expect(yield* rref.rpcSync().getValue()).toBe(7);
      expect(yield* (yield* rref.rpcAsync().getValue()).wait()).toBe(7);
      expect(yield* (yield* rref.remote().getValue()).toHere()).toBe(7);
      expect(yield* rref.rpcSync().incrementValue(1)).toBeUndefined();
      expect(yield* (yield* rref.rpcAsync().incrementValue(1)).wait()).toBeUndefined();
      expect(yield* (yield* rref.remote().incrementValue(1)).toHere()).toBeUndefined();
      expect(yield* rref.rpcSync().getValue()).toBe(10);
      expect(yield* rref.rpcSync().myInstanceMethod(2)).toBe(12);
      expect(yield* rref.rpcSync().myStaticMethod(9)).toBe(false);
      expect(yield* (yield* rref.rpcAsync().myStaticMethod(11)).wait()).toBe(true);
      expect(yield* (yield* rref.remote().myClassMethod(2, 3)).toHere()).toBe(5);
    },
    {},
    { classes: [myClass], schedules: 1 },
  );
});

test('a method that gives a future is answered when that is complete', () => {
  distInit(
    function* body(rank) {
      const rref = yield* rpc.remote(nextOf(rank), myClass.create, [7]);
      expect(yield* rref.rpcSync().slowAdd((rank + 2) % 4, 1)).toBe(8);
      expect(yield* (yield* rref.rpcAsync().slowAdd(rank, 2)).wait()).toBe(9);
      expect(yield* (yield* rref.remote().slowAdd(rank, 3)).toHere()).toBe(10);
    },
    { plus },
    { classes: [myClass], schedules: 1 },
  );
});

test.each([
  ['RpcTest.test_rref_proxy_reuse', 1],
  ['RpcTest.test_rref_proxy_tensor_self', 0],
])('%s: a proxy calls methods of a tensor again and again', (_, distance) => {
  distInit(
    function* body(rank) {
      const dst = (rank + distance) % 4;
      const rref = yield* rpc.remote(dst, torch.add, [yield* ones(), 4]);
      const [sync, async, remote] = [rref.rpcSync(), rref.rpcAsync(), rref.remote()];
      expect(yield* sync.size()).toEqual([2]);
      expect(yield* sync.add(1)).toMatchObject({ data: [6, 6] });
      expect(yield* sync.unsqueeze({ dim: 0 })).toMatchObject({ shape: [1, 2] });
      expect(yield* (yield* async.size()).wait()).toEqual([2]);
      expect(yield* (yield* async.add(1)).wait()).toMatchObject({ data: [6, 6] });
      expect(yield* (yield* remote.size()).toHere()).toEqual([2]);
      expect(yield* (yield* remote.add(1)).toHere()).toMatchObject({ data: [6, 6] });
    },
    {},
    { schedules: 1 },
  );
});

test('RpcTest.test_rref_proxy_non_exist: a method that is not there is an error of the caller', () => {
  function* called(rref: RRef<Tensor>, mode: ProxyMode): Program<unknown> {
    const proxy = { async: rref.rpcAsync(), remote: rref.remote(), sync: rref.rpcSync() }[mode];
    // cast -- the compiler knows that there is no such method
    const method = Reflect.get(proxy, 'non_exist') as () => Program<unknown>;
    const result = yield* method();
    return mode === 'async' ? yield* (result as Future<unknown>).wait() : result;
  }
  const { run } = distInit(
    function* body(rank) {
      const rref = yield* rpc.remote(nextOf(rank), torch.add, [yield* ones(), 4]);
      for (const mode of ['sync', 'async', 'remote'] as const) {
        expect(yield* raised(called(rref, mode))).toEqual([
          'AttributeError',
          "type object 'Tensor' has no attribute 'non_exist'",
        ]);
      }
    },
    {},
    { schedules: 1 },
  );
  // The type was asked for once by each, and nothing else.
  expect(deliveries(run, 'PYTHON_CALL')).toBe(4);
});

test('RpcTest.test_rref_type_blocking: the owner is asked for the type once', () => {
  const { run } = distInit(
    function* body(rank) {
      const rref = yield* rpc.remote(nextOf(rank), torch.add, [yield* ones(), 1]);
      for (let nr = 0; nr < 3; nr += 1) expect(yield* rref.getType()).toBe('torch.Tensor');
    },
    {},
    { schedules: 1 },
  );
  expect(deliveries(run, 'PYTHON_CALL')).toBe(4);
});

test('RpcTest.test_rref_type_non_blocking: the future of the type is the same each time', () => {
  const { run } = distInit(
    function* body(rank) {
      const rref = yield* rpc.remote(nextOf(rank), myClass.create, [1]);
      const futures = [yield* rref.getTypeFuture(), yield* rref.getTypeFuture()];
      for (const future of futures) expect(yield* future.wait()).toBe('__main__.MyClass');
    },
    {},
    { classes: [myClass], schedules: 1 },
  );
  expect(deliveries(run, 'PYTHON_CALL')).toBe(4);
});

test.each([
  ['RpcTest.test_rref_type_with_error_blocking', true],
  ['RpcTest.test_rref_type_with_error_non_blocking', false],
])('%s: there is no type where the value was not made', (_, blocking) => {
  distInit(
    function* body(rank) {
      const rref = yield* rpc.remote(nextOf(rank), raiseValue, []);
      const error = yield* raised(blocking ? rref.getType() : (yield* rref.getTypeFuture()).wait());
      expect(error?.[0]).toBe('ValueError');
      expect(error?.[1]).toContain('Expected error');
    },
    { raiseValue },
    { schedules: 1 },
  );
});

test.each([
  ['RpcTest.test_rref_type_owner_blocking', true],
  ['RpcTest.test_rref_type_owner_non_blocking', false],
])('%s: an owner asks nobody', (_, blocking) => {
  const { run } = distInit(
    function* body(rank) {
      const rref = yield* rpc.remote(rank, torch.add, [yield* ones(), 1]);
      const type = blocking ? yield* rref.getType() : yield* (yield* rref.getTypeFuture()).wait();
      expect(type).toBe('torch.Tensor');
    },
    {},
    { schedules: 1 },
  );
  expect(deliveries(run, 'PYTHON_CALL')).toBe(0);
});

test('the time-out of a proxy is that of its calls', () => {
  const slow = rpc.defineClass('Slow', {
    construct: (): object => ({}),
    methods: {
      *sleep(_self: RRef<object>, seconds: number): Program<number> {
        return yield* mySleep(seconds);
      },
    },
  });
  distInit(
    function* body(rank) {
      const rref = yield* rpc.remote(nextOf(rank), slow.create, []);
      const text = 'RPCErr:1:RPC ran for more than set timeout (500 ms)';
      const options = { timeout: 0.5 };
      expect((yield* raised(rref.rpcSync(options).sleep(1)))?.[1]).toContain(text);
      const future = yield* rref.rpcAsync(options).sleep(1);
      expect((yield* raised(future.wait()))?.[1]).toContain(text);
      expect(yield* rref.rpcSync().sleep(1)).toBe(1);
    },
    {},
    { classes: [slow], schedules: 1 },
  );
});
