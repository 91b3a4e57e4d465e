/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** PyTorch's tests of what can be asked of a reference, and what it refuses (group F of the inventory). */
import { expect, test } from 'vitest';

import { pickle, rpc, torch } from '../../actors/index.ts';
import type { RRef } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program } from '../../src/index.ts';
import { myAdd, ones, raised } from './bodies.ts';
import { distInit, nextOf } from './fixture.ts';

test('RpcTest.test_local_value_not_on_owner: a user has no local value', () => {
  distInit(function* body(rank) {
    const next = (rank + 1) % 4;
    const rref = yield* rpc.remote(next, torch.add, [yield* ones(), 1]);
    expect(yield* raised(rref.localValue())).toEqual([
      'RuntimeError',
      `For UserRRef(rref_id=GloballyUniqueId(created_on=${rank}, local_id=0), ` +
        `fork_id=GloballyUniqueId(created_on=${rank}, local_id=1)), can't call localValue() on user ` +
        `WorkerInfo(id=${rank}, name=worker${rank}). Call it on owner WorkerInfo(id=${next}, name=worker${next})`,
    ]);
  }, {});
});

test('RpcTest.test_owner_equality: references of one owner have equal owners', () => {
  distInit(function* body(rank) {
    const a = yield* rpc.rref(40);
    const b = yield* rpc.rref(50);
    const other = yield* rpc.remote(nextOf(rank), torch.add, [yield* ones(), 1]);
    const another = yield* rpc.remote((rank + 1) % 4, torch.add, [yield* ones(), 1]);
    expect(a.owner()).toEqual(b.owner());
    expect(a.owner()).toEqual(yield* rpc.getWorkerInfo());
    expect(other.owner()).toEqual(another.owner());
    expect(other.owner()).not.toEqual(a.owner());
    expect([other.ownerName(), other.isOwner(), a.isOwner()]).toEqual([nextOf(rank), false, true]);
  }, {});
});

test('RpcTest.test_rref_str: a reference is printed with its names', () => {
  distInit(function* body(rank) {
    const id = (nr: number): string => `GloballyUniqueId(created_on=${rank}, local_id=${nr})`;
    const own = yield* rpc.rref(rank);
    expect(String(own)).toBe(`OwnerRRef(${id(0)})`);
    const user = yield* rpc.remote(nextOf(rank), torch.add, [yield* ones(), 1]);
    expect(String(user)).toBe(`UserRRef(RRefId = ${id(1)}, ForkId = ${id(2)})`);
  }, {});
});

test('RpcTest.test_rref_get_future: the future of a creation is there for every kind of call', () => {
  const scriptAdd = rpc.script(function* scriptAdd(a: Tensor, b: number): Program<Tensor> {
    return yield* torch.add(a, b);
  });
  distInit(
    function* body(rank) {
      const dst = nextOf(rank);
      const rrefs = [
        yield* rpc.remote(dst, torch.add, [yield* ones(), 1]),
        yield* rpc.remote(dst, myAdd, [yield* ones(), 1]),
        yield* rpc.remote(dst, scriptAdd, [yield* ones(), 1]),
      ] as const;
      for (const rref of rrefs) expect(yield* (yield* rref.getFuture()).wait()).toBeUndefined();
      expect((yield* raised(rrefs[0].getProfilingFuture()))?.[1]).toBe(
        'Profiling future has not been set!',
      );
    },
    { myAdd, scriptAdd },
  );
});

test('RpcTest.test_rref_py_pickle_not_supported: the pickler of Python does not take references', () => {
  distInit(
    function* body() {
      const rref = yield* rpc.rref(35);
      expect((yield* raised(pickle.dumps({ deep: [rref] })))?.[1]).toBe(
        'Can not pickle rref in python pickler, rref can only be pickled when using RPC',
      );
      const future = yield* rpc.future();
      expect((yield* raised(pickle.dumps(future)))?.[1]).toBe(
        'Can not pickle torch.futures.Future',
      );
      yield* future.setResult(1);
      expect(pickle.loads(yield* pickle.dumps({ a: [1, 'two'] }))).toEqual({ a: [1, 'two'] });
    },
    {},
    { schedules: 0, workers: 1 },
  );
});

test('a reference to a module of TorchScript has an interface, and stays with its owner', () => {
  const module = rpc.defineClass('Module', { construct: () => ({ weight: 1 }), isScript: true });
  function* fetch(rref: RRef<unknown>): Program<unknown> {
    return yield* raised(rref.toHere());
  }
  distInit(
    function* body() {
      const value = yield* module.create();
      expect(yield* raised(rpc.rref(value))).toEqual([
        'RuntimeError',
        'The RRef being created contains a ScriptModule, must provide its ModuleInterface type hint.',
      ]);
      expect(yield* raised(rpc.rref(1, { typeHint: 'MyInterface' }))).toEqual([
        'RuntimeError',
        'type_hint should only be specified when the RRef being created contains a ScriptModule.',
      ]);
      const rref = yield* rpc.rref(value, { typeHint: 'MyInterface' });
      expect(yield* rref.localValue()).toMatchObject({ weight: 1 });
      expect(yield* rpc.sync('worker1', fetch, [rref])).toEqual([
        'RuntimeError',
        'UserRRef(rref_id=GloballyUniqueId(created_on=0, local_id=0), ' +
          'fork_id=GloballyUniqueId(created_on=0, local_id=1)) is an RRef to a ScriptModule. ' +
          "It can't be sent through RPC from owner, WorkerInfo(id=0, name=worker0), to user, " +
          'WorkerInfo(id=1, name=worker1).',
      ]);
    },
    { fetch },
    { classes: [module], ranks: [0], schedules: 1, workers: 2 },
  );
});

test('a function of TorchScript says in its own words that a user has no local value', () => {
  const read = rpc.script(function* read(rref: RRef<number>): Program<number> {
    return yield* rref.localValue();
  });
  distInit(
    function* body() {
      const rref = yield* rpc.rref(1);
      expect((yield* raised(rpc.sync('worker1', read, [rref])))?.[1]).toContain(
        "Can't call RRef.local_value() on a non-owner RRef",
      );
    },
    { read },
    { ranks: [0], schedules: 0, workers: 2 },
  );
});
