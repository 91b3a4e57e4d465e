/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** PyTorch's tests of maps that do not fit, or are missing (group O of the inventory). */
import { describe, expect, test } from 'vitest';

import { cluster, rpc, tensorPipeRpcBackendOptions, torch } from '../../actors/index.ts';
import type { ClusterDevices, TensorPipeRpcBackendOptions } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import { defineFunctions } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import { raised } from './bodies.ts';
import { distInit, nextOf } from './fixture.ts';

function started(devices: ClusterDevices): () => unknown {
  return () =>
    cluster({ devices, functions: defineFunctions({}), main: () => undefined, workers: 4 });
}

describe('maps that do not fit are refused when workers start', () => {
  type Options = (to: string, id: number) => TensorPipeRpcBackendOptions;
  const none = tensorPipeRpcBackendOptions();

  test.each<[string, Options, string]>([
    [
      'TensorPipeAgentCudaRpcTest.test_device_maps_wrong_worker_name',
      () => none.setDeviceMap('none_exist', { 0: 1 }),
      'Node worker0 has invalid target node names in its device maps',
    ],
    [
      'TensorPipeAgentCudaRpcTest.test_device_maps_invalid_max_local_device',
      (to) => none.setDeviceMap(to, { 2: 0 }),
      'Node worker0 has source devices with invalid indices in its device map for worker1',
    ],
    [
      'TensorPipeAgentCudaRpcTest.test_device_maps_invalid_max_remote_device',
      (to) => none.setDeviceMap(to, { 0: 2 }),
      'Node worker0 has target devices with invalid indices in its device map for worker1',
    ],
    [
      'TensorPipeAgentCudaRpcTest.test_device_maps_many_to_one',
      (to) => none.setDeviceMap(to, { 1: 0 }).setDeviceMap(to, { 0: 0 }),
      'Node worker0 has duplicated target devices in its device map for worker1',
    ],
    [
      'TensorPipeAgentCudaRpcTest.test_devices_option_mismatch',
      (to) => none.setDeviceMap(to, { 0: 0 }).setDevices([1]),
      'Node worker0 has unexpected source devices in its device map for worker1',
    ],
    [
      'TensorPipeAgentCudaRpcTest.test_devices_option_mismatch_reverse',
      (to) => none.setDeviceMap(to, { 0: 1 }).setDevices([0]),
      'Node worker0 has unexpected target devices in its device map for worker1',
    ],
  ])('%s', (_, optionsOf, message) => {
    const options = ({ id }: { readonly id: number }) => optionsOf(nextOf(id), id);
    expect(started({ count: 2, options })).toThrow(message);
  });

  test('TensorPipeAgentCudaRpcTest.test_device_maps_one_to_many: a device goes to one other', () => {
    const options = none.setDeviceMap('worker1', { 0: 1 });
    expect(() => options.setDeviceMap('worker1', { 0: 0 })).toThrow(
      '`set_device_map` only supports 1-to-1 mapping',
    );
  });

  test('TensorPipeAgentCudaRpcTest.test_device_maps_invalid_min_device: an index is not negative', () => {
    for (const map of [{ '-1': 0 }, { 0: -1 }]) {
      expect(() => none.setDeviceMap('worker1', map)).toThrow('Device index must not be negative');
    }
  });
});

function* addToGpu(x: Tensor, y: number): Program<Tensor> {
  return yield* torch.to(yield* torch.add(x, y), 0);
}

const functions = { addToGpu };
const poolSize = 5;

describe('tensors for which there is no map', () => {
  type Mode = 'remote' | 'sync';

  function* afterwards(to: string): Program<void> {
    const sum = yield* rpc.sync(to, torch.add, [yield* torch.ones([2]), 1]);
    expect(sum).toMatchObject({ data: [2, 2] });
  }

  function* sendOne(to: string, mode: Mode): Program<unknown> {
    const tensor = yield* torch.zeros([2], { device: 0 });
    if (mode === 'sync') return yield* rpc.sync(to, torch.add, [tensor, 1]);
    return yield* (yield* rpc.remote(to, torch.add, [tensor, 1])).toHere();
  }

  function* missingRequest(to: string, mode: Mode): Program<void> {
    const error = yield* raised(sendOne(to, mode));
    expect(error?.[0]).toBe('RuntimeError');
    expect(error?.[1]).toMatch(
      /TensorPipe RPC backend only supports CPU tensors by default.*`set_device_map` on `TensorPipeRpcBackendOptions`/,
    );
    yield* afterwards(to);
  }

  function* askOne(to: string, mode: Mode): Program<unknown> {
    const tensor = yield* torch.zeros([2]);
    if (mode === 'sync') return yield* rpc.sync(to, addToGpu, [tensor, 1]);
    return yield* (yield* rpc.remote(to, addToGpu, [tensor, 1])).toHere();
  }

  function* missingResponse(to: string, mode: Mode): Program<void> {
    const error = yield* raised(askOne(to, mode));
    expect(error?.[0]).toBe('RuntimeError');
    expect(error?.[1]).toContain('Response device mapping is not available');
    yield* afterwards(to);
  }

  // The table of calls keeps a request that was not sent, as PyTorch's does until the pipe closes (H24).
  const unsentStays = { devices: { count: 1 }, leaksNothing: false, poolSize } as const;

  test.each<[string, 'request' | 'response', [Mode, number]]>([
    ['TensorPipeAgentCudaRpcTest.test_device_maps_missing_config', 'request', ['sync', 1]],
    [
      'TensorPipeAgentCudaRpcTest.test_device_maps_missing_config_loop',
      'request',
      ['sync', poolSize + 5],
    ],
    ['TensorPipeAgentCudaRpcTest.test_device_maps_missing_config_remote', 'request', ['remote', 1]],
    [
      'TensorPipeAgentCudaRpcTest.test_device_maps_missing_config_response',
      'response',
      ['sync', 1],
    ],
    [
      'TensorPipeAgentCudaRpcTest.test_device_maps_missing_config_response_loop',
      'response',
      ['sync', poolSize + 5],
    ],
    [
      'TensorPipeAgentCudaRpcTest.test_device_maps_missing_config_remote_response',
      'response',
      ['remote', 1],
    ],
  ])('%s', (_, kind, [mode, times]) => {
    const missing = kind === 'request' ? missingRequest : missingResponse;
    const { views } = distInit(
      function* body(rank) {
        for (let nr = 0; nr < times; nr += 1) yield* missing(nextOf(rank), mode);
      },
      functions,
      {
        ...unsentStays,
        leaksNothing: kind === 'response',
        schedules: times > 1 ? 1 : 3,
      },
    );
    for (const { debugInfo, threads } of views) {
      expect(threads).toEqual([]);
      expect(debugInfo).toMatchObject({
        'agent.client_active_calls': '0',
        'agent.num_idle_threads': String(poolSize),
        num_owner_rrefs: '0',
      });
    }
  });

  test('TensorPipeAgentCudaRpcTest.test_device_maps_missing_config_not_timeout: at once', () => {
    const { run } = distInit(
      function* body(rank) {
        yield* missingRequest(nextOf(rank), 'sync');
      },
      functions,
      unsentStays,
    );
    expect(run.world.ledger.clock).toBeLessThan(60_000_000);
  });
});
