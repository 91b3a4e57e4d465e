/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** PyTorch's tests of references within references (group F of the inventory). */
import { expect, test } from 'vitest';

import { rpc, torch } from '../../actors/index.ts';
import type { RRef } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program } from '../../src/index.ts';
import { ones } from './bodies.ts';
import { distInit, nextOf } from './fixture.ts';

test('RpcTest.test_nested_remote: a function makes a reference and reads it', () => {
  function* nestedRemote(dst: number): Program<Tensor> {
    const rref = yield* rpc.remote(dst, torch.add, [yield* ones(), 3]);
    return yield* rref.toHere();
  }
  distInit(
    function* body(rank) {
      const rref = yield* rpc.remote(nextOf(rank), nestedRemote, [(rank + 2) % 4]);
      expect(yield* rref.toHere()).toMatchObject({ data: [4, 4] });
    },
    { nestedRemote },
  );
});

function* nestedRRef(dst: number): Program<readonly RRef<Tensor>[]> {
  return [
    yield* rpc.remote(dst, torch.add, [yield* ones(), 1]),
    yield* rpc.remote(dst, torch.add, [yield* ones(), 2]),
  ];
}

test('RpcTest.test_nested_rref: references of a third worker travel in a value', () => {
  distInit(
    function* body(rank) {
      const whole = yield* rpc.remote(nextOf(rank), nestedRRef, [(rank + 2) % 4]);
      const [one, two] = yield* whole.toHere();
      expect([yield* one?.toHere() ?? ones(), yield* two?.toHere() ?? ones()]).toMatchObject([
        { data: [2, 2] },
        { data: [3, 3] },
      ]);
    },
    { nestedRRef },
  );
});

test('RpcTest.test_nested_rref_stress: ten of them at once', () => {
  distInit(
    function* body(rank) {
      const wholes: RRef<readonly RRef<Tensor>[]>[] = [];
      for (let nr = 0; nr < 10; nr += 1) {
        wholes.push(yield* rpc.remote(nextOf(rank), nestedRRef, [(rank + 2) % 4]));
      }
      for (const whole of wholes) {
        const values: unknown[] = [];
        for (const rref of yield* whole.toHere()) values.push(yield* rref.toHere());
        expect(values).toMatchObject([{ data: [2, 2] }, { data: [3, 3] }]);
      }
    },
    { nestedRRef },
    { schedules: 0 },
  );
});

/** What a chain of so many hops leads to: a list with the next reference, or the value. */
type Chain = Tensor | readonly [RRef<Chain>];

test('RpcTest.test_rref_forward_chain: a reference goes on from worker to worker', () => {
  function* forward(dst: number, rref: RRef<Tensor>, ttl: number): Program<Chain> {
    if (ttl === 0) return yield* rref.toHere();
    return [yield* rpc.remote(dst, forward, [(dst + 1) % 4, rref, ttl - 1])];
  }
  distInit(
    function* body(rank) {
      const hops = 8;
      const dst = (rank + 1) % 4;
      const rref = yield* rpc.remote(dst, torch.add, [yield* ones(), 1]);
      let link = yield* forward(dst, rref, hops);
      let unwound = 0;
      while (!('data' in link)) {
        link = yield* link[0].toHere();
        unwound += 1;
      }
      expect(unwound).toBe(hops);
      expect(link).toMatchObject({ data: [2, 2] });
    },
    { forward },
    { schedules: 1 },
  );
});
