/* oxlint-disable unicorn/consistent-function-scoping -- each test holds the whole program that it runs */
/** Optimizers against what real PyTorch 1.13 made of the same gradients (`recorded/optimizers.py`). */
import { expect, test } from 'vitest';

import { optim, rpc, torch } from '../../actors/index.ts';
import type { OptimizerClass } from '../../actors/index.ts';
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
