/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** PyTorch's tests of references that are created, used and shared (group F of the inventory). */
import { expect, test } from 'vitest';

import { rpc, torch } from '../../actors/index.ts';
import type { RRef } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program } from '../../src/index.ts';
import { myAdd, ones } from './bodies.ts';
import { distInit, nextOf } from './fixture.ts';

function* addRRefToValue(rref: RRef<Tensor>, value: Tensor): Program<Tensor> {
  return yield* torch.add(yield* rref.toHere(), value);
}

function* sumOfRRefs(a: RRef<Tensor>, b: RRef<Tensor>): Program<Tensor> {
  return yield* torch.add(yield* a.toHere(), yield* b.toHere());
}

function* myFunction(a: Tensor, b: number, c: number): Program<Tensor> {
  return yield* torch.add(yield* torch.add(a, b), c);
}

test('RpcTest.test_self_py_udf_remote: a call to oneself leaves its value with oneself', () => {
  distInit(
    function* body(rank) {
      const rref = yield* rpc.remote(rank, myFunction, [yield* ones(), 1, 3]);
      expect(rref.isOwner()).toBe(true);
      expect(yield* rref.toHere()).toMatchObject({ data: [5, 5] });
    },
    { myFunction },
  );
});

test.each([
  ['RpcTest.test_self_remote_rref_as_rpc_arg', 1],
  ['RpcTest.test_self_remote_rref_as_self_rpc_arg', 0],
])('%s: a reference of one’s own is read where it arrives', (_, distance) => {
  distInit(
    function* body(rank) {
      const dst = (rank + distance) % 4;
      const rref = yield* rpc.remote(rank, myFunction, [yield* ones(), 1, 3]);
      const future = yield* rpc.async(dst, addRRefToValue, [rref, yield* ones()]);
      const two = yield* torch.add(yield* ones(), 1);
      const sum = yield* rpc.sync(dst, addRRefToValue, [rref, two]);
      expect(sum).toMatchObject({ data: [7, 7] });
      expect(yield* future.wait()).toMatchObject({ data: [6, 6] });
    },
    { addRRefToValue, myFunction },
  );
});

test.each([
  ['RpcTest.test_self_remote_rref_as_remote_arg', 1],
  ['RpcTest.test_self_remote_rref_as_self_remote_arg', 0],
])('%s: a reference is made from one’s own', (_, distance) => {
  distInit(
    function* body(rank) {
      const rref = yield* rpc.remote(rank, myFunction, [yield* ones(), 1, 3]);
      const sum = yield* rpc.remote((rank + distance) % 4, addRRefToValue, [rref, yield* ones()]);
      expect(yield* sum.toHere()).toMatchObject({ data: [6, 6] });
    },
    { addRRefToValue, myFunction },
  );
});

test('RpcTest.test_builtin_remote_ret: the result of an operator stays where it is made', () => {
  distInit(function* body(rank) {
    const rref = yield* rpc.remote(nextOf(rank), torch.add, [yield* ones(), yield* ones()]);
    expect(yield* rref.toHere()).toMatchObject({ data: [2, 2] });
  }, {});
});

test('RpcTest.test_builtin_remote_self: it is a local value of a call to oneself', () => {
  distInit(function* body(rank) {
    const rref = yield* rpc.remote(rank, torch.add, [yield* ones(), yield* ones()]);
    expect(yield* rref.localValue()).toMatchObject({ data: [2, 2] });
  }, {});
});

/** The values of ten references that are made at once. */
function* tenOf(make: (nr: number) => Program<RRef<Tensor>>): Program<readonly Tensor[]> {
  const rrefs: RRef<Tensor>[] = [];
  for (let nr = 1; nr <= 10; nr += 1) rrefs.push(yield* make(nr));
  const values: Tensor[] = [];
  for (const rref of rrefs) values.push(yield* rref.toHere());
  return values;
}

test('RpcTest.test_multi_builtin_remote_ret: ten references hold ten results', () => {
  distInit(
    function* body(rank) {
      const values = yield* tenOf(function* make(nr) {
        return yield* rpc.remote(nextOf(rank), torch.add, [yield* ones(nr), nr]);
      });
      expect(values.map(({ data }) => data)).toEqual(
        values.map((_, index) => Array<number>(index + 1).fill(index + 2)),
      );
    },
    {},
    { schedules: 0 },
  );
});

interface Named {
  readonly a: Tensor;
  readonly b: number;
  readonly c: number;
}
function* byName({ a, b, c }: Named): Program<Tensor> {
  return yield* myFunction(a, b, c);
}

test('RpcTest.test_py_udf_remote: arguments go by name', () => {
  distInit(
    function* body(rank) {
      const args = [{ a: yield* ones(), b: rank, c: 2 }] as const;
      const rref = yield* rpc.remote(nextOf(rank), byName, args);
      expect(yield* rref.toHere()).toMatchObject({ data: [rank + 3, rank + 3] });
    },
    { byName },
  );
});

test('RpcTest.test_multi_py_udf_remote: ten references hold the results of ten functions', () => {
  distInit(
    function* body(rank) {
      const values = yield* tenOf(function* make(nr) {
        return yield* rpc.remote(nextOf(rank), byName, [{ a: yield* ones(), b: nr, c: 1 }]);
      });
      expect(values.map(({ data }) => data)).toEqual(
        values.map((_, index) => [index + 3, index + 3]),
      );
    },
    { byName },
    { schedules: 0 },
  );
});

test('RpcTest.test_py_rref_args: references go back to their owner as arguments', () => {
  const { run } = distInit(
    function* body(rank) {
      const dst = nextOf(rank);
      const a = yield* rpc.remote(dst, myAdd, [yield* ones(), 2]);
      const b = yield* rpc.remote(dst, myAdd, [yield* ones(), 1]);
      const c = yield* rpc.remote(dst, sumOfRRefs, [a, b]);
      expect(yield* c.toHere()).toMatchObject({ data: [5, 5] });
    },
    { myAdd, sumOfRRefs },
  );
  const sent = run.steps.flatMap(({ choice }) =>
    choice?.type === 'deliver' ? [choice.event.type] : [],
  );
  // User to owner: accepted by the owner, which is asked by nobody.
  expect(sent.filter((type) => type === 'RREF_CHILD_ACCEPT')).toHaveLength(8);
  expect(sent).not.toContain('RREF_FORK_REQUEST');
});

test('RpcTest.test_py_rref_args_user_share: references of one peer are shared with another', () => {
  const { run } = distInit(
    function* body(rank) {
      const owner = nextOf(rank);
      const a = yield* rpc.remote(owner, myAdd, [yield* ones(), 2]);
      const b = yield* rpc.remote(owner, myAdd, [yield* ones(), 1]);
      const c = yield* rpc.remote((rank + 2) % 4, sumOfRRefs, [a, b]);
      expect(yield* c.toHere()).toMatchObject({ data: [5, 5] });
    },
    { myAdd, sumOfRRefs },
  );
  const sent = run.steps.flatMap(({ choice }) =>
    choice?.type === 'deliver' ? [choice.event.type] : [],
  );
  expect(sent.filter((type) => type === 'RREF_FORK_REQUEST')).toHaveLength(8);
});

test('RpcTest.test_py_rpc_rref_args: so they are by a call that waits', () => {
  distInit(
    function* body(rank) {
      const owner = nextOf(rank);
      const a = yield* rpc.remote(owner, myAdd, [yield* ones(), 2]);
      const b = yield* rpc.remote(owner, myAdd, [yield* ones(), 1]);
      const c = yield* rpc.sync((rank + 2) % 4, sumOfRRefs, [a, b]);
      expect(c).toMatchObject({ data: [5, 5] });
    },
    { myAdd, sumOfRRefs },
  );
});

test('RpcTest.test_remote_same_worker: references meet again on their owner', () => {
  distInit(
    function* body(rank) {
      const dst = nextOf(rank);
      const a = yield* rpc.remote(dst, torch.add, [yield* ones(), yield* ones()]);
      const b = yield* rpc.remote(dst, torch.add, [yield* ones(), 1]);
      const c = yield* rpc.remote(dst, sumOfRRefs, [a, b]);
      expect(yield* c.toHere()).toMatchObject({ data: [4, 4] });
    },
    { sumOfRRefs },
  );
});

test('RpcTest.test_pass_local_rrefs: a local reference is read by every kind of call', () => {
  function* addHere(rref: RRef<number>, value: number): Program<number> {
    return (yield* rref.toHere()) + value;
  }
  distInit(
    function* body(rank) {
      const rref = yield* rpc.rref(40);
      const dst = nextOf(rank);
      expect(yield* rpc.sync(dst, addHere, [rref, 50])).toBe(90);
      expect(yield* (yield* rpc.async(dst, addHere, [rref, 50])).wait()).toBe(90);
      expect(yield* (yield* rpc.remote(dst, addHere, [rref, 50])).toHere()).toBe(90);
    },
    { addHere },
  );
});

test('RpcTest.test_user_rrefs_confirmed: a function finds its references confirmed', () => {
  function* isConfirmed(rref: RRef<unknown>): Program<boolean> {
    return yield* rref.confirmedByOwner();
  }
  distInit(
    function* body(rank) {
      const rref = yield* rpc.remote((rank + 2) % 4, torch.add, [yield* ones(), 1]);
      expect(yield* rpc.sync(nextOf(rank), isConfirmed, [rref])).toBe(true);
    },
    { isConfirmed },
    { schedules: 6 },
  );
});
