/** PyTorch's tests of its distributed optimizer: `dist_optimizer_test.py` (group U of the inventory). */
import { expect, test } from 'vitest';

import { distAutograd, optim, rpc, torch } from '../../actors/index.ts';
import type { OptimizerClass, RRef } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program } from '../../src/index.ts';
import { raised } from './bodies.ts';
import { distInit, nextOf } from './fixture.ts';

interface Weight {
  readonly w: RRef<Tensor>;
}
type Self = RRef<Weight & { readonly class: string }>;

const weights = [0.5, -1, 2, 0.25, 1, -0.75, 1.5, -2, 1];
const firstInput = [1, 2, -1, 0.5, 0, 1, -2, 1, 0.25];
const secondInput = [0.5, 1, 1, -1, 2, 0, 1, -0.5, 3];

function matrix(data: readonly number[], requiresGrad = false): Program<Tensor> {
  return torch.tensor(data, { requiresGrad, shape: [3, 3] });
}

const myModule = rpc.defineClass('MyModule', {
  *construct(requiresGrad: boolean): Program<Weight> {
    return { w: yield* rpc.rref(yield* matrix(weights, requiresGrad)) };
  },
  methods: {
    *forward(self: Self, x: Tensor): Program<Tensor> {
      const { w } = yield* self.localValue();
      return yield* torch.mm(yield* w.localValue(), x);
    },
    *getW(self: Self): Program<RRef<Tensor>> {
      return (yield* self.localValue()).w;
    },
  },
});

const failing = optim.define<object>('FailingOptimizer', {
  *init() {
    yield* rpc.getWorkerInfo();
    return {};
  },
  *step(): Program<never> {
    yield* rpc.getWorkerInfo();
    throw new Error('Error running optimizer.');
  },
});

const failingOnConstructor = optim.define<object>('OptimizerFailingOnConstructor', {
  *init(): Program<never> {
    yield* rpc.getWorkerInfo();
    throw new Error('Error creating optimizer.');
  },
  *step(): Program<never> {
    yield* rpc.getWorkerInfo();
    throw new Error('never');
  },
});

const functions = { ...failing.functions, ...failingOnConstructor.functions };
const setting = { classes: [myModule], schedules: 1, workers: 3 };

/** A module on each of the next two workers, and its weight. */
function* modules(rank: number, requiresGrad: readonly [boolean, boolean] = [true, true]) {
  const first = yield* rpc.remote(nextOf(rank, 3), myModule.create, [requiresGrad[0]]);
  const second = yield* rpc.remote(nextOf(rank + 1, 3), myModule.create, [requiresGrad[1]]);
  const params = [yield* first.rpcSync().getW(), yield* second.rpcSync().getW()] as const;
  return { first, params, second };
}

test('DistOptimizerTest.test_dist_optim_exception: what a step raises is raised by the step of all', () => {
  distInit(
    function* body(rank) {
      const { first, params, second } = yield* modules(rank);
      const optimizer = yield* optim.distributed(failing, params, {});
      yield* distAutograd.context(function* inContext(contextId) {
        const input = yield* matrix(firstInput, true);
        const middle = yield* first.rpcSync().forward(input);
        const output = yield* second.rpcSync().forward(middle);
        yield* distAutograd.backward(contextId, [yield* torch.sum(output)]);
        const error = yield* raised(optim.distributedStep(optimizer, contextId));
        expect(error?.[1]).toContain('Error running optimizer');
      });
    },
    functions,
    { ...setting, ranks: [0, 2] },
  );
});

test('DistOptimizerTest.test_dist_optim_exception_on_constructor: what a constructor raises is raised', () => {
  distInit(
    function* body(rank) {
      const { params } = yield* modules(rank);
      const error = yield* raised(optim.distributed(failingOnConstructor, params, {}));
      expect(error?.[1]).toContain('Error creating optimizer.');
    },
    functions,
    setting,
  );
});

const configurations: readonly (readonly [string, OptimizerClass<object>, object])[] = [
  ['Adagrad', optim.Adagrad, { lr: 0.05 }],
  ['Adam', optim.Adam, { amsgrad: true, lr: 1e-2 }],
  ['AdamW', optim.AdamW, { amsgrad: true, lr: 0.05 }],
  ['SGD', optim.SGD, { lr: 0.05 }],
  ['SGD', optim.SGD, { lr: 1e-3, momentum: 1, nesterov: true, weightDecay: 1 }],
  ['Adadelta', optim.Adadelta, { rho: 0.95 }],
  ['RMSprop', optim.RMSprop, { lr: 0.05 }],
  ['Adamax', optim.Adamax, { lr: 0.05 }],
  ['Rprop', optim.Rprop, { lr: 0.05 }],
];

test.each(configurations)(
  'DistOptimizerTest.test_dist_optim: %s %j leaves remote parameters as it would local ones',
  (_, kind, options) => {
    const after = steppedAsLocal({ kind, options, requiresGrad: [true, true] });
    expect(after).not.toContainEqual(weights);
  },
);

test('DistOptimizerTest.test_dist_optim_none_grads: a parameter without a gradient stays as it is', () => {
  const options = { lr: 0.05 };
  const after = steppedAsLocal({ kind: optim.SGD, options, requiresGrad: [true, false] });
  expect(after[0]).not.toEqual(weights);
  expect(after[1]).toEqual(weights);
});

interface Trained {
  readonly kind: OptimizerClass<object>;
  readonly options: object;
  readonly requiresGrad: readonly [boolean, boolean];
}

type Data = readonly (readonly number[])[];

/** One step on two workers, against one step on one worker. */
function steppedAsLocal({ kind, options, requiresGrad }: Trained): Data {
  const { values } = distInit(
    function* body(rank) {
      const local = yield* localStep({ kind, options, requiresGrad });
      const { first, params, second } = yield* modules(rank, requiresGrad);
      const optimizer = yield* optim.distributed(kind, params, options);
      yield* distAutograd.context(function* inContext(contextId) {
        const input = yield* matrix(firstInput, true);
        const middle = yield* first.rpcSync().forward(yield* matrix(secondInput));
        const output = yield* second.rpcSync().forward(middle);
        const loss = yield* torch.sum(yield* torch.add(output, input));
        yield* distAutograd.backward(contextId, [loss]);
        yield* optim.distributedStep(optimizer, contextId);
      });
      const after: (readonly number[])[] = [];
      for (const param of params) after.push((yield* param.toHere()).data);
      expect(after).toEqual(local);
      return after;
    },
    functions,
    { ...setting, ranks: [0] },
  );
  // cast -- what the body returned
  return values[0] as Data;
}

function* localStep({ kind, options, requiresGrad }: Trained) {
  const params: RRef<Tensor>[] = [];
  for (const each of requiresGrad) params.push(yield* rpc.rref(yield* matrix(weights, each)));
  const optimizer = yield* optim.local(kind, params, options);
  const [first, second] = params;
  if (first === undefined || second === undefined) return [];
  const middle = yield* torch.mm(yield* first.localValue(), yield* matrix(secondInput));
  const output = yield* torch.mm(yield* second.localValue(), middle);
  const input = yield* matrix(firstInput, true);
  yield* torch.backward([yield* torch.sum(yield* torch.add(output, input))]);
  yield* optim.step(optimizer);
  return [(yield* first.localValue()).data, (yield* second.localValue()).data];
}
