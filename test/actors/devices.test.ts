/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** Devices beside PyTorch's own tests: what goes wrong with them, and what they leave alone. */
import { describe, expect, test } from 'vitest';

import {
  cluster,
  cuda,
  globals,
  rpc,
  tensorPipeRpcBackendOptions,
  torch,
} from '../../actors/index.ts';
import type { ClusterDevices, ClusterSetting, Device } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { WorkerContext } from '../../machines/rpc/context.ts';
import { nodeId } from '../../src/core/brand.ts';
import {
  always,
  check,
  defineFunctions,
  defineSystem,
  ms,
  seconds,
  sizeOf,
} from '../../src/index.ts';
import type { Functions, PlannedFault, Program } from '../../src/index.ts';
import { play, returned, systemWith } from './play.ts';

/** The class and the text of what a program raises. */
function* raised(program: Program<unknown>): Program<string> {
  try {
    yield* program;
  } catch (error) {
    if (error instanceof Error) return `${error.name}: ${error.message}`;
  }
  return 'nothing';
}

function* addOn(device: Device): Program<Tensor> {
  return yield* torch.add(yield* torch.ones([1], { device }), 1);
}

const zeroToOne = tensorPipeRpcBackendOptions().setDeviceMap('worker1', { 0: 1 });
const devices: ClusterDevices = { count: 2, options: { worker0: zeroToOne } };

describe('a device that is not there', () => {
  test('is an error where it is used', () => {
    function* main(): Program<readonly string[]> {
      return [
        yield* raised(addOn(0)),
        yield* raised(rpc.sync('worker1', addOn, [2])),
        yield* raised(rpc.sync('worker1', addOn, ['mps'])),
        yield* raised(cuda.stream('cpu')),
      ];
    }
    const system = systemWith({ addOn, main }, { devices: { count: { worker1: 2 } } });
    expect(returned(system)).toEqual([
      'RuntimeError: No CUDA GPUs are available',
      expect.stringMatching(/^RuntimeError: RuntimeError: On WorkerInfo.*invalid device ordinal/s),
      expect.stringMatching(
        /^RuntimeError: RuntimeError: On WorkerInfo.*Invalid device string: 'mps'/s,
      ),
      'RuntimeError: Expected a cuda device, but got: cpu',
    ]);
  });

  test('is an error at the start, where a map leads to it', () => {
    const start = (given: ClusterDevices) => () =>
      cluster({
        devices: given,
        functions: defineFunctions({}),
        main: () => undefined,
        workers: 2,
      });
    expect(start({ ...devices, count: { worker0: 2, worker1: 1 } })).toThrow(
      'Node worker0 has target devices with invalid indices in its device map for worker1',
    );
    expect(start({ count: -1 })).toThrow('The worker "worker0" cannot have -1 devices.');
    expect(start({ count: 0.5 })).toThrow('The worker "worker0" cannot have 0.5 devices.');
    expect(start({ count: { worker7: 1 } })).toThrow('There is no worker "worker7"');
    expect(start({ count: 1, options: { worker7: zeroToOne } })).toThrow(
      'There is no worker "worker7"',
    );
    expect(start(devices)).not.toThrow();
  });
});

test('a result on a device that the agent does not use is an error', () => {
  function* main(): Program<string> {
    const made = yield* rpc.remote('worker1', addOn, [0]);
    return yield* raised(made.toHere());
  }
  const options = {
    worker0: tensorPipeRpcBackendOptions({
      deviceMaps: { worker1: { 0: 1, 1: 0 } },
      devices: [0, 1],
    }),
    worker1: tensorPipeRpcBackendOptions({ devices: [0, 1] }),
  };
  expect(returned(systemWith({ addOn, main }, { devices: { count: 2, options } }))).toBe('nothing');
  const narrow = { worker0: tensorPipeRpcBackendOptions().setDeviceMap('worker1', { 0: 1 }) };
  const { outcome } = play(systemWith({ addOn, main }, { devices: { count: 2, options: narrow } }));
  expect(outcome).toMatchObject({
    value: expect.stringContaining(
      'Response device mapping is not available for destination worker0 for',
    ),
  });
});

test('a stream is of the process that made it', () => {
  function* useHere(stream: Parameters<typeof cuda.useStream>[0]): Program<string> {
    return yield* raised(cuda.useStream(stream, () => addOn(0)));
  }
  function* main(): Program<string> {
    return yield* rpc.sync('worker1', useHere, [yield* cuda.stream(0)]);
  }
  expect(returned(systemWith({ main, useHere }, { devices }))).toBe(
    'RuntimeError: A stream or event of worker0 was used on worker1. They are of the process that made them.',
  );
});

test('a future may be given values on its devices alone', () => {
  function* main(): Program<readonly string[]> {
    const [plain, one] = [yield* rpc.future<Tensor>(), yield* rpc.future<Tensor>({ devices: [1] })];
    const made = yield* addOn(0);
    return [
      yield* raised(plain.setResult(made)),
      yield* raised(one.setResult(made)),
      yield* raised(one.setResult(yield* addOn(1))),
      yield* raised(rpc.future({ devices: ['cpu'] })),
    ];
  }
  expect(returned(systemWith({ main }, { devices }))).toEqual([
    'ValueError: Expected all data ptrs to be on a device of type cpu, got one on device cuda:0',
    'ValueError: The result contained tensors residing on device(s) cuda:0 which are not among the ' +
      'expected device(s) cuda:1',
    'nothing',
    'ValueError: Expected devices to have indices, got cpu',
  ]);
});

test('gradients come back to the device that a tensor was copied from', () => {
  function* main(): Program<unknown> {
    const leaf = yield* torch.tensor([1, 2], { device: 0, requiresGrad: true });
    const there = yield* torch.to(leaf, 1);
    yield* torch.backward([yield* torch.sum(yield* torch.mul(there, 3))]);
    const grad = yield* torch.grad(leaf);
    return [there.device, grad?.device, grad?.data];
  }
  expect(returned(systemWith({ main }, { devices }))).toEqual(['cuda:1', 'cuda:0', [3, 3]]);
});

describe('maps that come after the first request (init.lateReverseMap)', () => {
  function* make(): Program<Tensor> {
    return yield* addOn(1);
  }
  function* main(): Program<Tensor> {
    return yield* rpc.sync('worker1', make, []);
  }

  function checked(property: string, setting: ClusterSetting) {
    const functions: Functions = { make, main };
    const registry = defineFunctions(functions);
    const definition = cluster({
      devices,
      poolSize: 1,
      // A call that waits for ever is no error of devices.
      rpcTimeout: ms(0),
      ...setting,
      functions: registry,
      main: { worker0: registry.toCall('main', []) },
      properties: [
        always('answered', (view) => {
          // cast -- the actor at the address of a worker is one
          const worker = view.actor('worker0')?.context as WorkerContext | undefined;
          return worker?.main.type !== 'threw';
        }),
      ],
      workers: 2,
    });
    return check(defineSystem(definition), { properties: [property] });
  }

  const cases = ['timed', 'untimed'].flatMap((time) =>
    ['P13', 'answered'].map((property) => [property, time] as [string, 'timed' | 'untimed']),
  );

  test.each(cases)('break %s where they are late, %s', (property, time) => {
    const { violations } = checked(property, { switches: { 'init.lateReverseMap': true }, time });
    expect(violations).toMatchObject([{ property }]);
  });

  test.each(cases)(
    'hold %s where they are exchanged before anybody serves, %s',
    (property, time) => {
      const { complete, violations } = checked(property, { time });
      expect({ complete, violations }).toEqual({ complete: true, violations: [] });
    },
  );
});

describe('a call that cannot be sent (agent.registerBeforeCount)', () => {
  const plan: readonly PlannedFault[] = [
    { after: seconds(1), fault: { type: 'crash', node: nodeId('worker1') } },
  ];

  function* main(): Program<readonly string[]> {
    const made = yield* torch.ones([1], { device: 0 });
    const first = yield* raised(rpc.async('worker2', torch.neg, [made]));
    const second = yield* raised(rpc.async('worker1', torch.neg, [made]));
    yield* rpc.sleep(2);
    return [first, second, yield* raised(rpc.sync('worker1', torch.neg, [yield* torch.ones([1])]))];
  }

  function end(setting: ClusterSetting) {
    const { outcome, views, workers } = play(
      systemWith(
        { main },
        { devices: { count: 1 }, network: { toDownNode: 'refused' }, plan, workers: 3, ...setting },
      ),
    );
    const text = expect.stringContaining('Request device mapping is not available for destination');
    expect(outcome).toMatchObject({
      value: [text, text, 'RuntimeError: ECONNREFUSED: connection refused'],
    });
    return {
      active: views[0]?.debugInfo['agent.client_active_calls'],
      open: workers[0] && sizeOf(workers[0].agent.calls),
    };
  }

  test('stays in the table, and is counted down when its pipe fails', () => {
    expect(end({})).toMatchObject({ active: '-1' });
  });

  test('leaves nothing where it is registered last', () => {
    expect(end({ switches: { 'agent.registerBeforeCount': false } })).toEqual({
      active: '0',
      open: 0,
    });
  });

  test('is told at once: counters are not what they count (P5), and go below zero (S11)', () => {
    const functions = defineFunctions({ main });
    const system = defineSystem(
      cluster({
        devices: { count: 1 },
        functions,
        main: { worker0: functions.toCall('main', []) },
        network: { toDownNode: 'refused' },
        plan,
        workers: 3,
      }),
    );
    for (const property of ['P5', 'S11']) {
      expect(check(system, { properties: [property] }).violations).toMatchObject([{ property }]);
    }
  });
});

test('a cluster without devices has the worlds that it had', () => {
  function* keep(x: Tensor): Program<void> {
    yield* globals.set('x', x);
  }
  function* main(): Program<Tensor> {
    yield* rpc.async('worker1', keep, [yield* torch.ones([1])]);
    return yield* rpc.sync('worker1', torch.add, [yield* torch.ones([1]), 1]);
  }
  const statesOf = (setting: ClusterSetting) =>
    check(systemWith({ keep, main }, { poolSize: 1, ...setting }), { properties: ['P1'] }).states;
  const { workers } = play(systemWith({ keep, main }));
  for (const worker of workers) expect(worker).not.toHaveProperty('devices');
  expect(statesOf({ devices: { count: 0 } })).toBe(statesOf({}));
});
