/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** PyTorch's tests of where tensors arrive (group O of the inventory), on symbolic devices. */
import { describe, expect, test } from 'vitest';

import { rpc, tensorPipeRpcBackendOptions, torch, valueError } from '../../actors/index.ts';
import type { Device, RRef } from '../../actors/index.ts';
import type { GivenDeviceMap } from '../../machines/devices/maps.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program } from '../../src/index.ts';
import { distInit, nextOf } from './fixture.ts';

interface Devices {
  readonly xTo: Device;
  readonly yTo: Device;
  readonly zTo: Device;
}

function nameOf(device: Device): string {
  return typeof device === 'number' ? `cuda:${device}` : device;
}

function* zeros(device: Device): Program<Tensor> {
  return yield* torch.to(yield* torch.zeros([2]), device);
}

function* onesOn(device: Device): Program<Tensor> {
  return yield* torch.to(yield* torch.ones([2]), device);
}

function* addGivenDevices(x: Tensor, y: Tensor, { xTo, yTo, zTo }: Devices): Program<Tensor> {
  if (x.device !== nameOf(xTo) || y.device !== nameOf(yTo)) {
    throw valueError('Wrong device affinity');
  }
  return yield* torch.add(yield* torch.to(x, zTo), yield* torch.to(y, zTo));
}

function* gpuAdd(x: Tensor, y: Tensor): Program<Tensor> {
  if (x.device !== 'cuda:1' || y.device !== 'cuda:1') throw valueError('Wrong device affinity');
  return yield* torch.to(yield* torch.add(x, y), 0);
}

function* addMultiGpu(x: Tensor, y: Tensor): Program<readonly Tensor[]> {
  if (x.device !== 'cuda:1' || y.device !== 'cuda:0') throw valueError('Wrong device affinity');
  return [yield* torch.add(yield* torch.to(x, 0), y), yield* torch.sub(x, yield* torch.to(y, 1))];
}

function* addReturnToGpu(x: Tensor, y: Tensor): Program<readonly Tensor[]> {
  if (x.device !== 'cpu' || y.device !== 'cpu') throw valueError('Wrong device affinity');
  const results = [
    yield* torch.add(x, y),
    yield* torch.sub(x, y),
    yield* torch.mul(x, y),
    yield* torch.div(x, y),
  ];
  const moved: Tensor[] = [];
  for (const [index, result] of results.entries()) moved.push(yield* torch.to(result, index));
  return moved;
}

function* addToGpu(x: Tensor, y: number): Program<Tensor> {
  return yield* torch.to(yield* torch.add(x, y), 0);
}

const functions = { addGivenDevices, addMultiGpu, addReturnToGpu, addToGpu, gpuAdd };

/** Every worker has this map for the one after it, or for itself. */
function mapping(map: GivenDeviceMap, { count = 2, isSelf = false } = {}) {
  return {
    devices: {
      count,
      options: ({ id, name }: { readonly id: number; readonly name: string }) =>
        tensorPipeRpcBackendOptions().setDeviceMap(isSelf ? name : nextOf(id), map),
    },
  };
}

describe('two arguments and the result under one map', () => {
  const identity = { 0: 0, 1: 1 };
  const swap = { 0: 1, 1: 0 };
  const toZero = { x: 0, y: 1, z: 0 } as const;
  const toOne = { x: 0, y: 1, z: 1 } as const;
  const backToZero = { x: 1, y: 0, z: 0 } as const;
  const backToOne = { x: 1, y: 0, z: 1 } as const;

  type Case = [name: string, from: From, map: GivenDeviceMap];

  interface From {
    readonly x: Device;
    readonly y: Device;
    readonly z: Device;
  }

  test.each<Case>([
    [
      'TensorPipeAgentCudaRpcTest.test_device_map_cpu',
      { x: 'cpu', y: 'cpu', z: 'cpu' },
      { cpu: 'cpu' },
    ],
    [
      'TensorPipeAgentCudaRpcTest.test_device_map_cpu_to_gpu_default',
      { x: 'cpu', y: 'cpu', z: 0 },
      { cpu: 0 },
    ],
    [
      'TensorPipeAgentCudaRpcTest.test_device_map_cpu_to_gpu_non_default',
      { x: 'cpu', y: 'cpu', z: 1 },
      { cpu: 1 },
    ],
    [
      'TensorPipeAgentCudaRpcTest.test_device_map_gpu_to_cpu_default',
      { x: 0, y: 0, z: 'cpu' },
      { 0: 'cpu' },
    ],
    [
      'TensorPipeAgentCudaRpcTest.test_device_map_gpu_to_cpu_non_default',
      { x: 1, y: 1, z: 'cpu' },
      { 1: 'cpu' },
    ],
    ['TensorPipeAgentCudaRpcTest.test_device_map_gpu_default', { x: 0, y: 0, z: 0 }, { 0: 0 }],
    ['TensorPipeAgentCudaRpcTest.test_device_map_gpu_non_default', { x: 1, y: 1, z: 1 }, { 1: 1 }],
    [
      'TensorPipeAgentCudaRpcTest.test_device_map_gpu_default_to_non_default',
      { x: 0, y: 0, z: 1 },
      { 0: 1 },
    ],
    [
      'TensorPipeAgentCudaRpcTest.test_device_map_gpu_non_default_to_default',
      { x: 1, y: 1, z: 0 },
      { 1: 0 },
    ],
    ['TensorPipeAgentCudaRpcTest.test_device_map_gpu_mixed_1', toZero, identity],
    ['TensorPipeAgentCudaRpcTest.test_device_map_gpu_mixed_2', toOne, identity],
    ['TensorPipeAgentCudaRpcTest.test_device_map_gpu_mixed_3', backToZero, identity],
    ['TensorPipeAgentCudaRpcTest.test_device_map_gpu_mixed_4', backToOne, identity],
    ['TensorPipeAgentCudaRpcTest.test_device_map_gpu_mixed_5', toZero, swap],
    ['TensorPipeAgentCudaRpcTest.test_device_map_gpu_mixed_6', toOne, swap],
    ['TensorPipeAgentCudaRpcTest.test_device_map_gpu_mixed_7', backToZero, swap],
    ['TensorPipeAgentCudaRpcTest.test_device_map_gpu_mixed_8', backToOne, swap],
    ['TensorPipeAgentCudaRpcTest.test_device_map_gpu_mixed_self_1', toZero, identity],
    ['TensorPipeAgentCudaRpcTest.test_device_map_gpu_mixed_self_2', toOne, identity],
    ['TensorPipeAgentCudaRpcTest.test_device_map_gpu_mixed_self_3', backToZero, identity],
    ['TensorPipeAgentCudaRpcTest.test_device_map_gpu_mixed_self_4', backToOne, identity],
    ['TensorPipeAgentCudaRpcTest.test_device_map_gpu_mixed_self_5', toZero, swap],
    ['TensorPipeAgentCudaRpcTest.test_device_map_gpu_mixed_self_6', toOne, swap],
    ['TensorPipeAgentCudaRpcTest.test_device_map_gpu_mixed_self_7', backToZero, swap],
    ['TensorPipeAgentCudaRpcTest.test_device_map_gpu_mixed_self_8', backToOne, swap],
  ])('%s', (name, { x, y, z }, map) => {
    const isSelf = name.includes('_self_');
    const { workers } = distInit(
      function* body(rank) {
        const to = isSelf ? `worker${rank}` : nextOf(rank);
        const there = { xTo: map[x] ?? x, yTo: map[y] ?? y, zTo: z };
        const [left, right] = [yield* zeros(x), yield* onesOn(y)];
        const sum = yield* rpc.sync(to, addGivenDevices, [left, right, there]);
        const back = Object.entries(map).find(([, target]) => nameOf(target) === nameOf(z))?.[0];
        const device = back === 'cpu' ? back : `cuda:${back}`;
        expect(sum).toMatchObject({ data: [1, 1], device });
      },
      functions,
      mapping(map, { isSelf }),
    );
    for (const { devices } of workers) expect(devices?.streams.race).toBeUndefined();
  });
});

test('TensorPipeAgentCudaRpcTest.test_device_maps_gpu: arguments and results move by the map', () => {
  distInit(
    function* body(rank) {
      const sum = yield* rpc.sync(nextOf(rank), gpuAdd, [yield* zeros(0), yield* onesOn(0)]);
      expect(sum).toMatchObject({ data: [1, 1], device: 'cuda:1' });
    },
    functions,
    mapping({ 0: 1, 1: 0 }),
  );
});

describe('several devices at once', () => {
  function* both(to: string): Program<void> {
    const results = yield* rpc.sync(to, addMultiGpu, [yield* zeros(0), yield* onesOn(1)]);
    expect(results).toMatchObject([
      { data: [1, 1], device: 'cuda:1' },
      { data: [-1, -1], device: 'cuda:0' },
    ]);
  }

  test.each([
    ['TensorPipeAgentCudaRpcTest.test_device_maps_multi_gpu', false],
    ['TensorPipeAgentCudaRpcTest.test_device_maps_multi_gpu_self', true],
  ])('%s: the map is given device by device', (_, isSelf) => {
    const { run } = distInit(
      function* body(rank) {
        yield* both(isSelf ? `worker${rank}` : nextOf(rank));
      },
      functions,
      {
        devices: {
          count: 2,
          options: ({ id, name }) => {
            const to = isSelf ? name : nextOf(id);
            return tensorPipeRpcBackendOptions()
              .setDeviceMap(to, { 0: 1 })
              .setDeviceMap(to, { 1: 0 });
          },
        },
      },
    );
    expect(run.ended).toBe('quiescent');
  });

  test('TensorPipeAgentCudaRpcTest.test_device_maps_in_options: the map is given with the options', () => {
    const { run } = distInit(
      function* body(rank) {
        yield* both(nextOf(rank));
      },
      functions,
      {
        devices: {
          count: 2,
          options: ({ id }) =>
            tensorPipeRpcBackendOptions({ deviceMaps: { [nextOf(id)]: { 0: 1, 1: 0 } } }),
        },
      },
    );
    expect(run.ended).toBe('quiescent');
  });

  test.each([
    ['TensorPipeAgentCudaRpcTest.test_device_maps_return_to_gpu', false],
    ['TensorPipeAgentCudaRpcTest.test_device_maps_return_to_gpu_self', true],
  ])('%s: results on four devices go back', (_, isSelf) => {
    distInit(
      function* body(rank) {
        const to = isSelf ? `worker${rank}` : nextOf(rank);
        const results = yield* rpc.sync(to, addReturnToGpu, [
          yield* zeros('cpu'),
          yield* onesOn('cpu'),
        ]);
        expect(results.map(({ device }) => device)).toEqual([
          'cuda:3',
          'cuda:0',
          'cuda:1',
          'cuda:2',
        ]);
        expect(results.map(({ data }) => data[0])).toEqual([1, -1, 0, 0]);
      },
      functions,
      mapping({ 0: 1, 1: 2, 2: 3, 3: 0 }, { count: 4, isSelf }),
    );
  });
});

test('TensorPipeAgentCudaRpcTest.test_device_maps_remote: a value moves when it is fetched', () => {
  distInit(
    function* body(rank) {
      const rref: RRef<Tensor> = yield* rpc.remote(nextOf(rank), addToGpu, [
        yield* zeros('cpu'),
        1,
      ]);
      const moved = { data: [1, 1], device: 'cuda:1' };
      expect(yield* rref.toHere()).toMatchObject(moved);
      expect(yield* rref.toHere()).toMatchObject(moved);
    },
    functions,
    mapping({ 1: 0 }),
  );
});
