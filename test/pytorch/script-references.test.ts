/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** PyTorch's tests of references in TorchScript (group W of the inventory). */
import { expect, test } from 'vitest';

import { jit, rpc, torch } from '../../actors/index.ts';
import type { RRef } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program } from '../../src/index.ts';
import { ones, raised } from './bodies.ts';
import { distInit, nextOf } from './fixture.ts';

const returnValue = rpc.script(function returnValue(value: number): number {
  return value;
});

const isOwner = rpc.script(function isOwner(rref: RRef<unknown>): boolean {
  return rref.isOwner();
});

const localValue = rpc.script(function* localValue(rref: RRef<unknown>): Program<unknown> {
  return yield* rref.localValue();
});

const isConfirmed = rpc.script(function* isConfirmed(rref: RRef<unknown>): Program<boolean> {
  return yield* rref.confirmedByOwner();
});

const functions = { isConfirmed, isOwner, localValue, returnValue };

function* sumOn(to: string): Program<RRef<Tensor>> {
  return yield* rpc.remote(to, torch.add, [yield* ones(), 1]);
}

test('RRefAPITest.test_rref_is_owner: a script knows whose a value is', () => {
  distInit(function* body(rank) {
    const rref = yield* sumOn(nextOf(rank));
    expect(isOwner(rref)).toBe(false);
    expect(yield* rpc.sync(`worker${rank}`, isOwner, [rref])).toBe(false);
    expect(yield* rpc.sync(nextOf(rank), isOwner, [rref])).toBe(true);
  }, functions);
});

test('RRefAPITest.test_rref_local_value: a script reads a value on its owner alone', () => {
  distInit(
    function* body(rank) {
      const rref = yield* sumOn(nextOf(rank));
      const error = yield* raised(rpc.sync(`worker${rank}`, localValue, [rref]));
      expect(error?.[0]).toBe('RuntimeError');
      expect(error?.[1]).toContain("Can't call RRef.local_value() on a non-owner RRef");
      expect(yield* rpc.sync(nextOf(rank), localValue, [rref])).toMatchObject({ data: [2, 2] });
    },
    functions,
    { ranks: [0] },
  );
});

test('RRefAPITest.test_local_rref_local_value: a script reads a value of its own worker', () => {
  distInit(
    function* body(rank) {
      const to = `worker${rank}`;
      const rref = yield* rpc.remote(to, returnValue, [5]);
      expect(yield* rpc.sync(to, localValue, [rref])).toBe(5);
    },
    functions,
    { ranks: [0] },
  );
});

test.each([
  ['RRefAPITest.test_user_rrefs_confirmed', 'sync'],
  ['RRefAPITest.test_user_rrefs_confirmed_remote', 'remote'],
] as const)('%s: the references of a script are known to their owners', (_, mode) => {
  distInit(function* body(rank) {
    const rref = yield* sumOn(nextOf(rank + 1));
    const to = nextOf(rank);
    const answer =
      mode === 'sync'
        ? yield* rpc.sync(to, isConfirmed, [rref])
        : yield* (yield* rpc.remote(to, isConfirmed, [rref])).toHere();
    expect(answer).toBe(true);
  }, functions);
});

test('JitRpcTest.test_remote_script_module: a module is used where it is, and goes nowhere', () => {
  const MyModule = rpc.defineClass('MyModule', {
    construct: (rank: number) => ({ rank }),
    isScript: true,
    methods: {
      *forward(self: RRef<{ readonly rank: number }>, tensor: Tensor): Program<Tensor> {
        const { rank } = yield* self.localValue();
        return yield* torch.add(tensor, rank);
      },
    },
  });
  function* construct(rank: number): Program<RRef<unknown>> {
    return yield* rpc.rref(yield* MyModule.create(rank), { typeHint: 'MyModuleInterface' });
  }
  function* run(rref: RRef<unknown>, tensor: Tensor): Program<Tensor> {
    const module = (yield* rref.toHere()) as { readonly rank: number };
    return yield* torch.add(tensor, module.rank);
  }
  distInit(
    function* body(rank) {
      const rref = yield* rpc.sync(nextOf(rank), construct, [rank]);
      const sum = yield* rpc.sync(nextOf(rank), run, [rref, yield* ones()]);
      expect(sum).toMatchObject({ data: [1 + rank, 1 + rank] });
      expect((yield* raised(run(rref, yield* ones())))?.[1]).toContain(
        "is an RRef to a ScriptModule. It can't be sent through RPC from owner,",
      );
    },
    { construct, run },
    { classes: [MyModule] },
  );
});

test('JitRpcTest.test_rref_jit_pickle_not_supported: scripts pickle references within calls alone', () => {
  distInit(function* body(rank) {
    const rref = yield* sumOn(nextOf(rank));
    expect(() => jit.save({ rref })).toThrow('RRef jit pickling is only allowed inside RPC calls');
    expect(JSON.parse(jit.save({ five: 5 }))).toEqual({ five: 5 });
  }, functions);
});

test('JitRpcOpTest.test_call_python_function_remotely_from_script_not_supported: it finds none', () => {
  const pythonFunction = (): number => 0;
  const caller = rpc.script(function* caller(to: string): Program<unknown> {
    return yield* (yield* rpc.async(to, pythonFunction, [])).wait();
  });
  distInit(
    function* body(rank) {
      const error = yield* raised(rpc.sync(`worker${rank}`, caller, [nextOf(rank)]));
      expect(error?.[0]).toBe('RuntimeError');
      expect(error?.[1]).toContain('attempted to get undefined function');
      expect(yield* rpc.sync(nextOf(rank), pythonFunction, [])).toBe(0);
    },
    { caller, pythonFunction },
  );
});
