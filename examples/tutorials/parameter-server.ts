/**
 * A parameter server that holds a network, and trainers that each call it, run backward through it and step
 * its parameters, without waiting for one another.
 *
 * @see PyTorch tutorials, "Implementing a Parameter Server Using Distributed RPC Framework".
 */
import { cluster, distAutograd, globals, optim, rpc, torch } from '../../actors/index.ts';
import type { ClusterSetting, DistributedOptimizer, RRef } from '../../actors/index.ts';
import { call, defineFunctions } from '../../src/index.ts';
import type { Program, ResultOf, SystemDefinition } from '../../src/index.ts';
import type { Layer, Learned, Tensor } from './learning.ts';
import { itemOf, newLayer, numbersFor, parametersOf } from './learning.ts';

const server = 'worker0';
const trainers = ['worker1', 'worker2'];
const batch = 12;
const steps = 20;

/** The cluster: the server, and two trainers. */
export function parameterServer(setting: ClusterSetting = {}): SystemDefinition {
  const main = Object.fromEntries([
    [server, functions.toCall('gather', [])],
    ...trainers.map((name, nr) => [name, functions.toCall('train', [name, nr])] as const),
  ]);
  const workers = trainers.length + 1;
  return {
    ...cluster({ ...setting, classes: [network], functions, main, workers }),
    name: 'parameter-server',
  };
}

type Self = RRef<{ readonly class: string; readonly layers: readonly Layer[] }>;

const network = rpc.defineClass('Net', {
  *construct(): Program<{ readonly layers: readonly Layer[] }> {
    return {
      layers: [
        yield* newLayer({ inputs: 2, outputs: 8, seed: 11 }),
        yield* newLayer({ inputs: 8, outputs: 2, seed: 13 }),
      ],
    };
  },
  methods: {
    /**
     * Works on copies of the parameters: another trainer may step them before this one's backward, which
     * PyTorch refuses where it saved the parameters themselves.
     */
    *forward(self: Self, x: Tensor): Program<Tensor> {
      const { layers } = yield* self.localValue();
      let y = x;
      for (const [nr, { bias, weight }] of layers.entries()) {
        const copy = yield* torch.clone(yield* weight.localValue());
        y = yield* torch.linear(y, copy, yield* bias.localValue());
        if (nr < layers.length - 1) y = yield* torch.tanh(y);
      }
      return yield* torch.logSoftmax(y, { dim: 1 });
    },
    *parameters(self: Self): Program<readonly RRef<Tensor>[]> {
      return parametersOf((yield* self.localValue()).layers);
    },
  },
});

/** The network on the server. */
type Network = RRef<ResultOf<typeof network.create>>;

const functions = defineFunctions({ gather, getServer, report, step, train });

/** The one network of the server, made when it is first asked for. */
function* getServer(): Program<Network> {
  return yield* globals.locked('server', function* once() {
    const known = yield* globals.get<Network>('server');
    if (known !== undefined) return known;
    const made: Network = yield* rpc.rref(yield* network.create());
    yield* globals.set('server', made);
    return made;
  });
}

function* train(name: string, nr: number): Program<void> {
  const net = yield* rpc.sync(server, getServer, []);
  const params = yield* net.rpcSync().parameters();
  const optimizer = yield* optim.distributed(optim.SGD, params, { lr: 0.5 });
  const losses: number[] = [];
  for (let at = 0; at < steps; at += 1) {
    losses.push(yield* call(step, [{ net, optimizer, seed: 100 + 2 * at + nr }]));
  }
  yield* rpc.sync(server, report, [name, losses]);
}

interface Step {
  readonly net: Network;
  readonly optimizer: DistributedOptimizer;
  readonly seed: number;
}

/** Points in a square, each in the class of its side of a parabola. */
function* step({ net, optimizer, seed }: Step): Program<number> {
  const points = numbersFor(seed, batch * 2);
  const classes = Array.from({ length: batch }, (_, at) =>
    (points[2 * at] ?? 0) > square(points[2 * at + 1] ?? 0) - 0.25 ? 1 : 0,
  );
  return yield* distAutograd.context(function* inContext(context) {
    const x = yield* torch.tensor(points, { shape: [batch, 2] });
    const output = yield* net.rpcSync().forward(x);
    const target = yield* torch.tensor(classes, { dtype: 'int64' });
    const loss = yield* torch.nllLoss(output, target);
    yield* distAutograd.backward(context, [loss]);
    yield* optim.distributedStep(optimizer, context);
    return itemOf(loss);
  });
}

function square(x: number): number {
  return x * x;
}

/** A trainer is through. */
function* report(name: string, losses: readonly number[]): Program<void> {
  yield* globals.set(`losses of ${name}`, losses);
}

function* gather(): Program<Learned> {
  for (;;) {
    const told = yield* globals.entries<readonly number[]>('losses of ');
    if (told.length === trainers.length) {
      const curves = Object.fromEntries(
        told.map(([name, losses]) => [name.slice('losses of '.length), losses] as const),
      );
      yield* globals.remove('server');
      return { curves, measure: 'loss' };
    }
    yield* rpc.sleep(1);
  }
}
