/** PyTorch's tests of asynchronous methods, called through references (group E of the inventory). */
import { expect, test } from 'vitest';

import { rpc, torch } from '../../actors/index.ts';
import type { Future, RRef } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program } from '../../src/index.ts';
import { ones } from './bodies.ts';
import { distInit, nextOf } from './fixture.ts';

const asyncClass = rpc.defineClass('AsyncExecutionClass', {
  construct: () => ({}),
  methods: {
    boundAsyncAdd: rpc.asyncExecution(function* boundAsyncAdd(
      _self: RRef<object>,
      to: string,
      x: Tensor,
    ): Program<Future<Tensor>> {
      return yield* rpc.async(to, torch.add, [x, 2]);
    }),
  },
  statics: {
    classAsyncAdd: rpc.asyncExecution(addOn),
    staticAsyncAdd: rpc.asyncExecution(function* staticAsyncAdd(
      to: string,
      x: Tensor,
    ): Program<Future<Tensor>> {
      return yield* addOn(to, x);
    }),
  },
});

function* addOn(to: string, x: Tensor): Program<Future<Tensor>> {
  return yield* rpc.async(to, torch.add, [x, 2]);
}

test.each([
  ['RpcTest.test_async_class_rref_proxy', 'sync'],
  ['RpcTest.test_async_class_rref_proxy_async', 'async'],
  ['RpcTest.test_async_class_rref_proxy_remote', 'remote'],
] as const)('%s: asynchronous methods of all kinds are found to be so', (_, mode) => {
  distInit(
    function* body(rank) {
      const rref = yield* rpc.remote(nextOf(rank), asyncClass.create, []);
      const third = nextOf(rank + 1);
      const x = yield* ones();
      for (const name of ['staticAsyncAdd', 'classAsyncAdd', 'boundAsyncAdd'] as const) {
        const sum =
          mode === 'sync'
            ? yield* rref.rpcSync()[name](third, x)
            : mode === 'async'
              ? yield* (yield* rref.rpcAsync()[name](third, x)).wait()
              : yield* (yield* rref.remote()[name](third, x)).toHere();
        expect(sum).toMatchObject({ data: [3, 3] });
      }
    },
    {},
    { classes: [asyncClass], schedules: 1 },
  );
});
