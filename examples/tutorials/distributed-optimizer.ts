/**
 * A model whose two parameters live on two workers, trained by a third with a distributed optimizer.
 *
 * @see PyTorch, `torch/distributed/optim/optimizer.py`, the example of `DistributedOptimizer`.
 */
import { cluster, distAutograd, optim, rpc, torch } from '../../actors/index.ts';
import type { ClusterSetting, DistributedOptimizer, RRef } from '../../actors/index.ts';
import { call, defineFunctions } from '../../src/index.ts';
import type { Program, SystemDefinition } from '../../src/index.ts';
import type { Learned, Tensor } from './learning.ts';
import { itemOf, numbersFor, parameter } from './learning.ts';

const rows = 6;
const steps = 20;

/** The cluster; worker 0 trains. */
export function distributedOptimizer(setting: ClusterSetting = {}): SystemDefinition {
  const main = { worker0: functions.toCall('train', []) };
  return { ...cluster({ ...setting, functions, main, workers: 3 }), name: 'distributed-optimizer' };
}

const functions = defineFunctions({ makeParameter, product, step, train });

function* makeParameter(seed: number): Program<RRef<Tensor>> {
  return yield* parameter(numbersFor(seed, 4), [2, 2], 2);
}

/** Multiplies with a parameter where it lives. */
function* product(x: Tensor, weight: RRef<Tensor>): Program<Tensor> {
  return yield* torch.mm(x, yield* weight.localValue());
}

function* train(): Program<Learned> {
  const first = yield* rpc.sync('worker1', makeParameter, [1]);
  const second = yield* rpc.sync('worker2', makeParameter, [2]);
  const optimizer = yield* optim.distributed(optim.SGD, [first, second], {
    lr: 0.15,
    momentum: 0.5,
  });
  const losses: number[] = [];
  for (let nr = 0; nr < steps; nr += 1) {
    losses.push(yield* call(step, [{ optimizer, params: [first, second] }]));
  }
  return { curves: { worker0: losses }, measure: 'loss' };
}

interface Training {
  readonly optimizer: DistributedOptimizer;
  readonly params: readonly RRef<Tensor>[];
}

/** One step towards a map that turns and stretches. */
function* step({ optimizer, params }: Training): Program<number> {
  const x = yield* torch.tensor(numbersFor(3, rows * 2), { shape: [rows, 2] });
  const wanted = yield* torch.mm(x, yield* torch.tensor([0, 1.5, -1, 0.5], { shape: [2, 2] }));
  return yield* distAutograd.context(function* inContext(context) {
    let y = x;
    for (const param of params) y = yield* rpc.sync(param.ownerName(), product, [y, param]);
    const loss = yield* torch.mseLoss(y, wanted);
    yield* distAutograd.backward(context, [loss]);
    yield* optim.distributedStep(optimizer, context);
    return itemOf(loss);
  });
}
