/**
 * A network in two shards on two workers, fed with parts of a batch, so that the second shard works on one
 * part while the first works on the next.
 *
 * @see PyTorch tutorials, "Distributed Pipeline Parallelism Using RPC".
 */
import { cluster, distAutograd, optim, rpc, torch } from '../../actors/index.ts';
import type { ClusterSetting, DistributedOptimizer, Future, RRef } from '../../actors/index.ts';
import { call, defineFunctions } from '../../src/index.ts';
import type { Program, ResultOf, SystemDefinition } from '../../src/index.ts';
import type { Layer, Learned, Tensor } from './learning.ts';
import { applyLayer, itemOf, newLayer, numbersFor, parametersOf } from './learning.ts';

const batch = 6;
const split = 2;
const steps = 14;

/** The cluster: the master and the owners of the shards. */
export function pipeline(setting: ClusterSetting = {}): SystemDefinition {
  const main = { worker0: functions.toCall('train', []) };
  return {
    ...cluster({ ...setting, classes: [shard], functions, main, workers: 3 }),
    name: 'pipeline',
  };
}

type Self = RRef<{ readonly class: string; readonly layers: readonly Layer[] }>;

interface ShardSize {
  readonly seed: number;
  readonly sizes: readonly number[];
}

const shard = rpc.defineClass('Shard', {
  *construct({ seed, sizes }: ShardSize): Program<{ readonly layers: readonly Layer[] }> {
    const layers: Layer[] = [];
    for (const [nr, inputs] of sizes.slice(0, -1).entries()) {
      layers.push(yield* newLayer({ inputs, outputs: sizes[nr + 1] ?? 1, seed: seed + 2 * nr }));
    }
    return { layers };
  },
  methods: {
    /** `x` is where it was left; only one part of a batch is worked on at a time. */
    *forward(self: Self, xRRef: RRef<Tensor>): Program<Tensor> {
      let x = yield* xRRef.toHere();
      const { layers } = yield* self.localValue();
      for (const layer of layers) x = yield* torch.tanh(yield* applyLayer(layer, x));
      return x;
    },
    *parameters(self: Self): Program<readonly RRef<Tensor>[]> {
      return parametersOf((yield* self.localValue()).layers);
    },
  },
});

/** A shard on its worker. */
type Shard = RRef<ResultOf<typeof shard.create>>;

const functions = defineFunctions({ step, train });

function* train(): Program<Learned> {
  const first = yield* rpc.remote('worker1', shard.create, [{ seed: 31, sizes: [3, 6, 6] }]);
  const second = yield* rpc.remote('worker2', shard.create, [{ seed: 37, sizes: [6, 1] }]);
  const params = [
    ...(yield* first.rpcSync().parameters()),
    ...(yield* second.rpcSync().parameters()),
  ];
  const optimizer = yield* optim.distributed(optim.SGD, params, { lr: 0.5, momentum: 0.5 });
  const losses: number[] = [];
  for (let at = 0; at < steps; at += 1) {
    losses.push(yield* call(step, [{ optimizer, shards: [first, second] }]));
  }
  return { curves: { worker0: losses }, measure: 'loss' };
}

interface Step {
  readonly optimizer: DistributedOptimizer;
  readonly shards: readonly [Shard, Shard];
}

function* step({ optimizer, shards }: Step): Program<number> {
  const data = numbersFor(41, batch * 3);
  const wanted = Array.from({ length: batch }, (_, row) => {
    const [a = 0, b = 0, c = 0] = data.slice(3 * row);
    return (a * b - c) / 2;
  });
  return yield* distAutograd.context(function* inContext(context) {
    const x = yield* torch.tensor(data, { shape: [batch, 3] });
    const output = yield* forward(shards, x);
    const target = yield* torch.tensor(wanted, { shape: [batch, 1] });
    const loss = yield* torch.mseLoss(output, target);
    yield* distAutograd.backward(context, [loss]);
    yield* optim.distributedStep(optimizer, context);
    return itemOf(loss);
  });
}

/** All parts are under way at once; nothing is waited for before the last has left. */
function* forward([first, second]: Step['shards'], x: Tensor): Program<Tensor> {
  const futures: Future<Tensor>[] = [];
  for (const part of yield* torch.split(x, { dim: 0, split_size: split })) {
    const middle = yield* first.remote().forward(yield* rpc.rref(part));
    futures.push(yield* second.rpcAsync().forward(middle));
  }
  return yield* torch.cat(yield* rpc.waitAll(futures));
}
