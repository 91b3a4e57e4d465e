/** PyTorch's tests of groups that change (group N of the inventory). */
import { expect, test } from 'vitest';

import { processGroup, rpc, torch } from '../../actors/index.ts';
import type { InitOptions } from '../../actors/index.ts';
import type { Program } from '../../src/index.ts';
import { ones, raised } from './bodies.ts';
import type { FixtureOptions } from './fixture.ts';
import { distInit } from './fixture.ts';

const apart: FixtureOptions = { schedules: 1, start: 'apart' };

function* join(rank: number, options: InitOptions = {}): Program<void> {
  yield* rpc.initRpc(`worker${rank}`, { rank, ...options });
}

function by(initMethod: string): InitOptions {
  return { rpcBackendOptions: rpc.tensorPipeRpcBackendOptions({ initMethod }) };
}

const two = { data: [2, 2] };

test('TensorPipeAgentRpcTest.test_dynamic_rpc_new_rank_can_communicated_with_existing_rank: who comes late calls those before', () => {
  distInit(
    function* body(rank) {
      yield* processGroup.init({ rank, worldSize: 4 });
      if (rank === 0) yield* join(rank);
      // The first worker is there before the others join.
      yield* processGroup.barrier();
      if (rank > 0) {
        yield* join(rank);
        const sum = yield* rpc.sync('worker0', torch.add, [yield* ones(), 1]);
        expect(sum).toMatchObject(two);
      }
      // All have joined before any leaves.
      yield* processGroup.barrier();
      yield* rpc.shutdown();
    },
    {},
    apart,
  );
});

test('TensorPipeAgentRpcTest.test_dynamic_rpc_existing_rank_can_communicate_with_new_rank: those before call who comes late', () => {
  distInit(
    function* body(rank) {
      yield* processGroup.init({ rank, worldSize: 4 });
      if (rank === 0) yield* join(rank);
      yield* processGroup.barrier();
      if (rank > 0) yield* join(rank);
      yield* processGroup.barrier();
      if (rank === 0) {
        for (const late of ['worker1', 'worker2', 'worker3']) {
          const sum = yield* rpc.sync(late, torch.add, [yield* ones(), 1]);
          expect(sum).toMatchObject(two);
        }
      }
      yield* processGroup.barrier();
      yield* rpc.shutdown();
    },
    {},
    apart,
  );
});

test('TensorPipeAgentRpcTest.test_dynamic_rpc_init_rpc_without_rank: who joins says as which', () => {
  distInit(
    function* body() {
      const refusals = [
        yield* raised(join(-1, by('file:///group'))),
        yield* raised(join(-1, by('env://'))),
        yield* raised(join(-1, by('tcp://127.0.0.1:23456'))),
      ];
      const prefix = 'Error initializing torch.distributed using ';
      expect(refusals).toEqual([
        ['ValueError', `${prefix}file:// rendezvous: rank parameter missing`],
        [
          'ValueError',
          `${prefix}env:// rendezvous: environment variable RANK expected, but not set`,
        ],
        ['ValueError', `${prefix}tcp:// rendezvous: rank parameter missing`],
      ]);
    },
    {},
    apart,
  );
});
