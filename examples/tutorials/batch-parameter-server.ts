/**
 * A parameter server that updates its model once for each round of gradients: an asynchronous function keeps
 * the answer to each trainer back until the last has come.
 *
 * @see PyTorch tutorials, "Implementing Batch RPC Processing Using Asynchronous Executions".
 */
import { cluster, globals, optim, rpc, runtimeError, torch } from '../../actors/index.ts';
import type { ClusterSetting, Future, LocalOptimizer, RRef } from '../../actors/index.ts';
import { call, defineFunctions } from '../../src/index.ts';
import type { Program, SystemDefinition } from '../../src/index.ts';
import type { Learned, Tensor } from './learning.ts';
import { itemOf, numbersFor, parameter } from './learning.ts';

const server = 'worker0';
const trainers = ['worker1', 'worker2', 'worker3'];
const batch = 6;
const features = 3;
const steps = 16;

/** The cluster: the server, and three trainers. */
export function batchParameterServer(setting: ClusterSetting = {}): SystemDefinition {
  const main = { [server]: functions.toCall('run', []) };
  const workers = trainers.length + 1;
  return {
    ...cluster({ ...setting, functions, main, workers }),
    name: 'batch-parameter-server',
  };
}

/** The model and its round. */
interface Server {
  readonly future: Future<Tensor>;
  readonly gradients: readonly Tensor[];
  readonly optimizer: RRef<LocalOptimizer>;
  readonly weight: RRef<Tensor>;
}

/** Takes the gradient of a trainer; the last of a round steps the model and answers all. */
const updateAndFetch = rpc.asyncExecution(function* updateAndFetch(
  gradient: Tensor,
): Program<Future<Tensor>> {
  return yield* globals.locked('server', function* update() {
    const before = yield* serverHere();
    const { future, optimizer, weight } = before;
    const gradients = [...before.gradients, gradient];
    if (gradients.length < trainers.length) {
      yield* globals.set('server', { ...before, gradients });
      return future;
    }
    const sum = yield* torch.sum(yield* torch.stack(gradients), { dim: 0 });
    yield* torch.setGrad(yield* weight.localValue(), yield* torch.div(sum, gradients.length));
    yield* optim.step(optimizer);
    yield* optim.zeroGrad(optimizer);
    const next = yield* rpc.future<Tensor>();
    yield* globals.set('server', { ...before, future: next, gradients: [] });
    yield* future.setResult(yield* torch.detach(yield* weight.localValue()));
    return future;
  });
});

const functions = defineFunctions({ fetch, gradientStep, run, train, updateAndFetch });

function* serverHere(): Program<Server> {
  const found = yield* globals.get<Server>('server');
  if (found === undefined) throw runtimeError('There is no server yet.');
  return found;
}

function* fetch(): Program<Tensor> {
  const { weight } = yield* serverHere();
  return yield* torch.detach(yield* weight.localValue());
}

/** Makes the server and has all trainers train. */
function* run(): Program<Learned> {
  const weight = yield* parameter(numbersFor(51, features), [1, features], 1);
  const optimizer = yield* optim.local(optim.SGD, [weight], { lr: 0.6, momentum: 0.3 });
  const future = yield* rpc.future<Tensor>();
  yield* globals.set('server', { future, gradients: [], optimizer, weight } satisfies Server);
  const futures: Future<readonly number[]>[] = [];
  for (const [nr, name] of trainers.entries()) {
    futures.push(yield* rpc.async(name, train, [nr]));
  }
  const losses = yield* rpc.waitAll(futures);
  yield* globals.remove('server');
  const curves = Object.fromEntries(trainers.map((name, nr) => [name, losses[nr] ?? []] as const));
  return { curves, measure: 'loss' };
}

function* train(nr: number): Program<readonly number[]> {
  let model = yield* rpc.sync(server, fetch, []);
  const losses: number[] = [];
  for (let at = 0; at < steps; at += 1) {
    const step = yield* call(gradientStep, [model, 60 + nr]);
    losses.push(step.loss);
    model = yield* rpc.sync(server, updateAndFetch, [step.gradient]);
  }
  return losses;
}

interface GradientStep {
  readonly gradient: Tensor;
  readonly loss: number;
}

/** The gradient of the loss on this trainer's data, by plain `backward`. */
function* gradientStep(model: Tensor, seed: number): Program<GradientStep> {
  const weight = yield* torch.tensor(model.data, { requiresGrad: true, shape: model.shape });
  const x = yield* torch.tensor(numbersFor(seed, batch * features), { shape: [batch, features] });
  const wanted = yield* torch.linear(
    x,
    yield* torch.tensor([1, -2, 0.5], { shape: [1, features] }),
  );
  const loss = yield* torch.mseLoss(yield* torch.linear(x, weight), wanted);
  yield* torch.backward([loss]);
  const gradient = yield* torch.grad(weight);
  if (gradient === undefined) throw runtimeError('A leaf behind the loss has a gradient.');
  yield* torch.setGrad(weight);
  return { gradient, loss: itemOf(loss) };
}
