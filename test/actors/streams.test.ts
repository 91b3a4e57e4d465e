/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/**
 * Reads of devices that no event orders: programs that wait as they must, whatever the order of messages, and the
 * same programs with one wait left out.
 */
import { describe, expect, test } from 'vitest';

import {
  cluster,
  cuda,
  globals,
  mainOutcome,
  profiler,
  rpc,
  tensorPipeRpcBackendOptions,
  torch,
} from '../../actors/index.ts';
import type { ClusterSetting, Future, RRef } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import { check, defineFunctions, defineSystem, runSystem } from '../../src/index.ts';
import type { Functions, Program } from '../../src/index.ts';

const devices = {
  count: 2,
  options: {
    worker0: tensorPipeRpcBackendOptions().setDeviceMap('worker1', { 0: 1 }),
    worker1: tensorPipeRpcBackendOptions().setDeviceMap('worker0', { 1: 0 }),
  },
};

/** What D1 says of the program of worker 0, over all its runs. */
function verdict(functions: Functions, setting: ClusterSetting = {}): string {
  const registry = defineFunctions(functions);
  const definition = cluster({
    devices,
    poolSize: 2,
    workers: 2,
    ...setting,
    functions: registry,
    main: { worker0: registry.toCall('main', []) },
  });
  const system = defineSystem(definition);
  expect(mainOutcome(runSystem(system).world, 'worker0')).toMatchObject({ type: 'returned' });
  const { complete, violations } = check(system, {
    properties: ['D1'],
    statesMax: 200_000,
  });
  if (violations.length > 0) return violations.map(({ property }) => property).join();
  return complete ? 'ordered' : 'unfinished';
}

/** What is left out. */
interface Waits {
  /** Whether the stream of the function waits for what brought its arguments. */
  readonly before: boolean;
  /** Whether what answers waits for the stream of the function. */
  readonly after: boolean;
}

const allWaits: Waits = { after: true, before: true };

/** As `_slow_add_on_user_stream` of PyTorch's tests. */
function* addOnStream(x: Tensor, y: Tensor, { after, before }: Waits): Program<Tensor> {
  const current = yield* cuda.currentStream(x.device);
  const own = yield* cuda.stream(x.device);
  if (before) yield* cuda.waitStream(own, current);
  const sum = yield* cuda.useStream(own, () => torch.add(x, y));
  if (after) yield* cuda.waitStream(current, own);
  return sum;
}

function* callWith(waits: Waits): Program<Tensor> {
  const x = yield* torch.ones([1], { device: 0 });
  const sum = yield* rpc.sync('worker1', addOnStream, [x, x, waits]);
  return yield* torch.add(sum, sum);
}

test('a function that works on a stream of its own waits for its arguments, and is waited for', () => {
  expect(verdict({ addOnStream, main: () => callWith(allWaits) })).toBe('ordered');
});

test.each<[string, Partial<Waits>]>([
  ['does not wait for its arguments', { before: false }],
  ['is not waited for', { after: false }],
])('one that %s is found', (_, left) => {
  const main = () => callWith({ ...allWaits, ...left });
  expect(verdict({ addOnStream, main })).toBe('D1');
});

test('an operator waits for nothing but its stream, and a thread that waits knows the rest', () => {
  function* main(waits: 'event' | 'none' | 'stream' | 'thread'): Program<Tensor> {
    const own = yield* cuda.stream(0);
    const made = yield* cuda.useStream(own, () => torch.ones([1], { device: 0 }));
    const event = yield* cuda.recordEvent(own);
    if (waits === 'event') yield* cuda.waitEvent(yield* cuda.currentStream(0), event);
    if (waits === 'stream') yield* cuda.streamSynchronize(own);
    if (waits === 'thread') yield* cuda.synchronize(0);
    return yield* torch.neg(made);
  }
  expect(verdict({ main: () => main('none') })).toBe('D1');
  for (const waits of ['event', 'stream', 'thread'] as const) {
    expect(verdict({ main: () => main(waits) })).toBe('ordered');
  }
});

test('copies between devices wait for both sides, and one to the processor is waited for', () => {
  function* main(): Program<Tensor> {
    const here = yield* torch.ones([1], { device: 0 });
    const there = yield* torch.neg(yield* torch.to(here, 1));
    const back = yield* torch.add(yield* torch.to(there, 0), here);
    const own = yield* cuda.stream(0);
    yield* torch.to(back, 'cpu');
    return yield* cuda.useStream(own, () => torch.neg(back));
  }
  expect(verdict({ main })).toBe('ordered');
});

describe('nested calls in several streams', () => {
  function* nested(x: Tensor, waits: Waits): Program<Tensor> {
    const back = yield* rpc.sync('worker0', addOnStream, [x, x, waits]);
    return yield* addOnStream(back, x, allWaits);
  }

  function* callBoth(waits: Waits): Program<Tensor> {
    const x = yield* torch.ones([1], { device: 0 });
    const futures = [
      yield* rpc.async('worker1', nested, [x, waits]),
      yield* rpc.async('worker1', addOnStream, [x, x, allWaits]),
    ];
    const [first, second] = yield* rpc.waitAll(futures);
    return yield* torch.add(first ?? x, second ?? x);
  }

  const setting = { network: { links: 'fifo' } } as const;

  test('are ordered by their messages', () => {
    const main = () => callBoth(allWaits);
    expect(verdict({ addOnStream, main, nested }, setting)).toBe('ordered');
  });

  test('are found where the innermost is not waited for', () => {
    const main = () => callBoth({ ...allWaits, after: false });
    expect(verdict({ addOnStream, main, nested }, setting)).toBe('D1');
  });
});

describe('values behind references', () => {
  function* make(): Program<Tensor> {
    return yield* torch.neg(yield* torch.ones([1], { device: 1 }));
  }

  function* readHere(rref: RRef<Tensor>): Program<Tensor> {
    return yield* torch.neg(yield* rref.toHere());
  }

  test('are waited for by whoever reads them, on their owner or elsewhere', () => {
    function* main(): Program<Tensor> {
      const rref = yield* rpc.remote('worker1', make, []);
      const onOwner = yield* rpc.sync('worker1', readHere, [rref]);
      return yield* torch.add(yield* rref.toHere(), onOwner);
    }
    expect(verdict({ main, make, readHere }, { poolSize: 1 })).toBe('ordered');
  });

  test('are ready when their owner made the reference, and no later', () => {
    function* main(waits: boolean): Program<Tensor> {
      const own = yield* cuda.stream(0);
      const made = yield* cuda.useStream(own, () => torch.ones([1], { device: 0 }));
      if (waits) yield* cuda.waitStream(yield* cuda.currentStream(0), own);
      const rref = yield* rpc.rref(made);
      return yield* rpc.sync('worker1', readHere, [rref]);
    }
    expect(verdict({ main: () => main(true), readHere })).toBe('ordered');
    expect(verdict({ main: () => main(false), readHere })).toBe('D1');
  });
});

describe('futures', () => {
  function* negOf(future: Future<Tensor>): Program<Tensor> {
    return yield* torch.neg(yield* future.value());
  }

  function* later(out: Future<Tensor>): Program<void> {
    const own = yield* cuda.stream(0);
    yield* cuda.useStream(own, function* onOwnStream() {
      yield* out.setResult(yield* torch.ones([1], { device: 0 }));
    });
  }

  function* setter(): Program<void> {
    const out = yield* globals.get<Future<Tensor>>('out');
    if (out !== undefined) yield* later(out);
  }

  function* waited(read: 'callback' | 'value' | 'wait'): Program<Tensor> {
    const out = yield* rpc.future<Tensor>({ devices: [0] });
    yield* globals.set('out', out);
    yield* rpc.sync('worker0', setter, []);
    yield* globals.remove('out');
    if (read === 'callback') return yield* torch.neg(yield* (yield* out.then(negOf)).wait());
    return yield* torch.neg(read === 'wait' ? yield* out.wait() : yield* out.value());
  }

  const functions = { negOf, setter };

  test('make who waits for them wait for the streams of whoever completed them', () => {
    expect(verdict({ ...functions, main: () => waited('wait') })).toBe('ordered');
    expect(verdict({ ...functions, main: () => waited('callback') })).toBe('ordered');
  });

  test('do not where their value is read without waiting', () => {
    expect(verdict({ ...functions, main: () => waited('value') })).toBe('D1');
  });

  test('of calls do so too, with their callbacks on streams of their own', () => {
    function* main(): Program<Tensor> {
      const x = yield* torch.ones([1], { device: 0 });
      const future = yield* rpc.async('worker1', torch.add, [x, 1]);
      return yield* torch.neg(yield* (yield* future.then(negOf)).wait());
    }
    expect(verdict({ ...functions, main })).toBe('ordered');
  });

  test('of asynchronous functions are waited for by what answers', () => {
    const asyncAdd = rpc.asyncExecution(function* asyncAdd(x: Tensor): Program<Future<Tensor>> {
      const out = yield* rpc.async('worker0', torch.add, [x, 1]);
      return yield* out.then(negOf);
    });
    function* main(): Program<Tensor> {
      const x = yield* torch.ones([1], { device: 0 });
      return yield* torch.neg(yield* rpc.sync('worker1', asyncAdd, [x]));
    }
    expect(verdict({ ...functions, asyncAdd, main }, { poolSize: 1 })).toBe('ordered');
  });
});

test('what handlers hand over by globals nothing orders', () => {
  function* keep(x: Tensor): Program<void> {
    yield* globals.set('x', yield* torch.neg(x));
  }
  function* take(): Program<Tensor> {
    const kept = yield* globals.get<Tensor>('x');
    return yield* torch.neg(kept ?? (yield* torch.ones([1])));
  }
  function* keepSafely(x: Tensor): Program<void> {
    yield* keep(x);
    yield* cuda.synchronize(x.device);
  }
  function* callBoth(keeper: typeof keep): Program<Tensor> {
    yield* rpc.sync('worker1', keeper, [yield* torch.ones([1], { device: 0 })]);
    return yield* rpc.sync('worker1', take, []);
  }
  const functions = { keep, keepSafely, take };
  expect(verdict({ ...functions, main: () => callBoth(keep) })).toBe('D1');
  expect(verdict({ ...functions, main: () => callBoth(keepSafely) })).toBe('ordered');
});

test('a call that is recorded works on streams that wait for nothing (H30)', () => {
  function* neg(x: Tensor): Program<Tensor> {
    return yield* torch.neg(x);
  }
  function* main(): Program<unknown> {
    const x = yield* torch.ones([1], { device: 0 });
    return (yield* profiler.profile(() => rpc.sync('worker1', neg, [x]))).value;
  }
  const switches = { 'profiler.noStreams': false } as const;
  expect(verdict({ main, neg })).toBe('D1');
  expect(verdict({ main, neg }, { switches })).toBe('ordered');
  expect(verdict({ main, neg }, { profile: 'hardened' })).toBe('ordered');
});
