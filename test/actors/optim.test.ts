/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** Optimizers against what real PyTorch 1.13 made of the same gradients (`recorded/optimizers.py`). */
import { expect, test } from 'vitest';

import { optim, rpc, torch } from '../../actors/index.ts';
import type { OptimizerClass } from '../../actors/index.ts';
import { optimizers } from '../../actors/optim/local-optimizer.ts';
import { jsonLines } from '../support/json-lines.ts';
import { refused } from './autograd-programs.ts';
import { returned, systemWith } from './play.ts';

interface Recorded {
  readonly optimizer: 'SGD' | 'Adagrad' | 'Adam';
  readonly options: Readonly<Record<string, number>>;
  readonly param: readonly number[];
  readonly steps: readonly {
    readonly grad: readonly number[];
    readonly param: readonly number[];
  }[];
}

const recorded = jsonLines(
  new URL('recorded/optimizers.jsonl', import.meta.url),
) as readonly Recorded[];

test.each(recorded.map((each) => [each.optimizer, each.options, each] as const))(
  '%s %j steps as that of PyTorch',
  (_, __, { optimizer, options, param, steps }) => {
    function* main() {
      const rref = yield* rpc.rref(
        yield* torch.tensor(param, { requiresGrad: true, shape: [2, 3] }),
      );
      // cast -- the record names optimizers and gives them their options
      const kind = optim[optimizer] as OptimizerClass<unknown>;
      const optimizerRRef = yield* optim.local(kind, [rref], options);
      const seen: (readonly number[])[] = [];
      for (const { grad } of steps) {
        const before = yield* rref.localValue();
        yield* torch.setGrad(before, yield* torch.tensor(grad, { shape: [2, 3] }));
        yield* optim.step(optimizerRRef);
        seen.push((yield* rref.localValue()).data);
      }
      return seen;
    }
    // cast -- the lists that `main` returned
    const seen = returned(systemWith({ main })) as readonly (readonly number[])[];
    expect(seen).toHaveLength(steps.length);
    for (const [index, { param: wanted }] of steps.entries()) {
      for (const [place, value] of wanted.entries()) {
        const distance = Math.abs((seen[index]?.[place] ?? Number.NaN) - value);
        expect(distance).toBeLessThanOrEqual(3e-6 * Math.abs(value) + 2e-6);
      }
    }
  },
);

test('a step changes the parameter in place: it is the same leaf, and an old graph is refused', () => {
  function* main() {
    const rref = yield* rpc.rref(yield* torch.tensor([1, 2], { requiresGrad: true }));
    const optimizer = yield* optim.local(optim.SGD, [rref], { lr: 0.5 });
    const before = yield* rref.localValue();
    const loss = yield* torch.sum(yield* torch.mul(before, before));
    yield* torch.backward([loss], { retainGraph: true });
    yield* optim.step(optimizer);
    const after = yield* rref.localValue();
    const text = yield* refused(torch.backward([loss]));
    yield* optim.zeroGrad(optimizer);
    yield* optim.step(optimizer);
    return [after.data, after.id === before.id, text.slice(0, 60), yield* torch.grad(after)];
  }
  expect(returned(systemWith({ main }))).toEqual([
    [0, 0],
    true,
    'RuntimeError: one of the variables needed for gradient compu',
    undefined,
  ]);
});

test('options that cannot be are refused with the texts of PyTorch', () => {
  function* main() {
    const rref = yield* rpc.rref(yield* torch.tensor([1], { requiresGrad: true }));
    const { Adam, SGD } = optim;
    return [
      yield* refused(optim.local(SGD, [rref], { lr: -1 })),
      yield* refused(optim.local(SGD, [rref], { lr: 1, nesterov: true })),
      yield* refused(optim.local(Adam, [rref], { betas: [0.5, 1] })),
      yield* refused(optim.distributed(Adam, [rref], { eps: -2 })),
    ];
  }
  expect(returned(systemWith({ main }))).toMatchObject([
    'ValueError: Invalid learning rate: -1',
    'ValueError: Nesterov momentum requires a momentum and zero dampening',
    'ValueError: Invalid beta parameter at index 1: 1',
    expect.stringContaining('Invalid epsilon value: -2'),
  ]);
});

/** Three steps over rows 2, 0, 2, then 1, then 2, 0, 2 of a matrix; the parameter then, or the error. */
function overRows(name: keyof typeof optimizers, options: object): unknown {
  function* steps() {
    // cast -- each is given options of its own
    const kind = optimizers[name] as OptimizerClass<object>;
    const data = [1, 2, 3, 4, 5, 6];
    const rref = yield* rpc.rref(yield* torch.tensor(data, { requiresGrad: true, shape: [3, 2] }));
    const optimizer = yield* optim.local(kind, [rref], options);
    for (const rows of [[2, 0, 2], [1], [2, 0, 2]]) {
      const weight = yield* rref.localValue();
      const index = yield* torch.tensor(rows, { dtype: 'int64' });
      const taken = yield* torch.embedding(weight, index, { sparse: true });
      yield* torch.setGrad(weight);
      yield* torch.backward([yield* torch.sum(yield* torch.mul(taken, taken))]);
      yield* optim.step(optimizer);
    }
    return (yield* rref.localValue()).data;
  }
  function* main() {
    try {
      return yield* steps();
    } catch (error) {
      return String(error);
    }
  }
  return returned(systemWith({ main }));
}

// The figures are those of PyTorch 1.13.
test.each([
  ['SGD', { lr: 0.5 }, [0, 0, 0, 0, 5, 6]],
  ['SGD', { lr: 0.5, momentum: 0.5 }, [-0.25, -0.5, -1.5, -2, 7.5, 9]],
  ['SGD', { lr: 0.5, momentum: 0.5, nesterov: true }, [0.25, 0.5, -2.25, -3, 23.75, 28.5]],
  ['Adagrad', { lr: 0.5 }, [0.276393205, 1.20000005, 2.5, 3.5, 4.16551781, 5.16213751]],
] as const)('%s %j takes gradients of a few rows as PyTorch does', (name, options, wanted) => {
  // cast -- the elements that the steps gave
  const found = overRows(name, options) as readonly number[];
  expect(found).toHaveLength(wanted.length);
  for (const [at, element] of found.entries()) expect(element).toBeCloseTo(wanted[at] ?? 0, 5);
});

test.each([
  ['SGD', { lr: 0.5, weightDecay: 0.1 }, 'add(sparse, dense) is not supported'],
  ['Adagrad', { weightDecay: 0.1 }, 'weight_decay option is not compatible with sparse gradients'],
  ['Adam', {}, 'Adam does not support sparse gradients, please consider SparseAdam instead'],
  ['AdamW', {}, 'AdamW does not support sparse gradients'],
  ['Adamax', {}, 'Adamax does not support sparse gradients'],
  ['RMSprop', {}, 'RMSprop does not support sparse gradients'],
  ['Adadelta', {}, 'Adadelta does not support sparse gradients'],
  ['Rprop', {}, 'Rprop does not support sparse gradients'],
] as const)('%s %j refuses gradients of a few rows as PyTorch does', (name, options, text) => {
  expect(overRows(name, options)).toContain(text);
});
