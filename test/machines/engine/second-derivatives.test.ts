/**
 * Gradients of gradients: what a pass with `create_graph` records is differentiated again, against central
 * finite differences of the first derivatives.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Gradient, Tensor } from '../../../machines/engine/graph.ts';
import { int64, tensor } from '../../../machines/engine/tensor.ts';
import { gradLocally } from './local-passes.ts';
import type { Input, OperatorCase } from './operator-cases.ts';
import { h, inputsFor, movedBy, operatorCases, titleOf } from './operator-cases.ts';
import { createThread, dataOf } from './thread.ts';

const tolerance = 5e-3;

test.each(operatorCases.map((each) => [titleOf(each), each] as const))(
  'the second derivatives of %s agree with finite differences of the first',
  (_, each) => {
    fc.assert(
      fc.property(inputsFor(each), (inputs) => {
        const found = secondDerivatives(each, inputs);
        for (const [nr, { data }] of inputs.entries()) {
          for (const place of data.keys()) {
            const [up, down] = [h, -h].map((step) =>
              weighted(each, movedBy(inputs, { nr, place, step })),
            );
            const numeric = ((up ?? 0) - (down ?? 0)) / (2 * h);
            const distance = Math.abs((found[nr]?.[place] ?? 0) - numeric);
            expect(distance).toBeLessThan(tolerance * Math.max(1, Math.abs(numeric)));
          }
        }
      }),
      { numRuns: 12 },
    );
  },
);

test('a recorded pass gives the gradients of one that is not', () => {
  for (const each of operatorCases) {
    const [inputs] = fc.sample(inputsFor(each), { numRuns: 1, seed: 7 });
    const first = firstDerivatives(each, { createGraph: true, inputs: inputs ?? [] });
    const second = firstDerivatives(each, { createGraph: false, inputs: inputs ?? [] });
    for (const [nr, grad] of first.grads.entries()) {
      for (const [place, value] of (dataOf(second.grads[nr]) ?? []).entries()) {
        expect(dataOf(grad)?.[place]).toBeCloseTo(value, 4);
      }
    }
  }
});

test('the third derivative of a power is there too', () => {
  const { apply, frame, leaf, setFrame } = createThread('t');
  const x = leaf([2], []);
  let y: Tensor = apply('pow', x, 4);
  for (const wanted of [32, 48, 48, 24]) {
    const made = gradLocally({ createGraph: true, frame: frame(), inputs: [x], outputs: [y] });
    if (made.frame !== undefined) setFrame(made.frame);
    const [grad] = made.grads;
    expect(dataOf(grad)).toEqual([wanted]);
    if (grad?.type === 'tensor') y = grad;
  }
});

// As PyTorch 1.13.1 gave them.
test.each([
  { base: 0.375, exponent: 0, slopes: [0, -0.9808292388916016] },
  { base: 0.375, exponent: 1, slopes: [1, -0.3678109645843506] },
  { base: 2, exponent: 0, slopes: [0, 0.6931471824645996] },
  { base: 2, exponent: -1, slopes: [-0.25, 0.3465735912322998] },
  { base: 0, exponent: 0, slopes: [0, 0] },
  { base: 0, exponent: 1, slopes: [1, 0] },
  { base: 0, exponent: -1, slopes: [-Infinity, -Infinity] },
  { base: -1, exponent: 0, slopes: [0, NaN] },
])('the slopes of $base ** $exponent are $slopes', ({ base, exponent, slopes }) => {
  for (const createGraph of [false, true]) {
    const { apply, frame, leaf } = createThread('t');
    const inputs = [leaf([base], []), leaf([exponent], [])] as const;
    const outputs = [apply('pow', ...inputs)];
    const { grads } = gradLocally({ createGraph, frame: frame(), inputs, outputs });
    expect(grads.map((grad) => dataOf(grad)?.[0])).toEqual(slopes);
  }
});

interface Pass {
  readonly createGraph: boolean;
  readonly inputs: readonly Input[];
}

/** The gradients of a loss that weighs each element of the results differently. */
function firstDerivatives(
  { attributes, more = [], op }: OperatorCase,
  { createGraph, inputs }: Pass,
) {
  const thread = createThread('t');
  const { apply, applyAll, frame, leaf } = thread;
  const leaves = inputs.map(({ data, shape }) => leaf(data, shape));
  const root = applyAll(attributes ?? {}, op, ...leaves, ...more)
    .map((result) => apply('sum', apply('mul', result, weightsFor(result, 8))))
    .reduce((sum, each) => apply('add', sum, each));
  const made = gradLocally({
    allowUnused: true,
    createGraph,
    frame: frame(),
    inputs: leaves,
    outputs: [root],
  });
  if (made.frame !== undefined) thread.setFrame(made.frame);
  return { grads: made.grads, leaves, thread };
}

/** The sum of the first derivatives, each with a weight, in double. */
function weighted(each: OperatorCase, inputs: readonly Input[]): number {
  const { grads } = firstDerivatives(each, { createGraph: false, inputs });
  return grads
    .flatMap((grad) =>
      grad.type === 'tensor'
        ? grad.data.map((value, index) => value * (weightsFor(grad, 5).data[index] ?? 0))
        : [],
    )
    .reduce((sum, value) => sum + value, 0);
}

function secondDerivatives(each: OperatorCase, inputs: readonly Input[]) {
  const { grads, leaves, thread } = firstDerivatives(each, { createGraph: true, inputs });
  const { apply, frame } = thread;
  const parts = grads.flatMap((grad) =>
    isDifferentiable(grad) ? [apply('sum', apply('mul', grad, weightsFor(grad, 5)))] : [],
  );
  // A linear operator whose gradient depends on no input.
  if (parts.length === 0) return [];
  const root = parts.reduce((sum, part) => apply('add', sum, part));
  return gradLocally({
    allowUnused: true,
    frame: frame(),
    inputs: leaves,
    outputs: [root],
  }).grads.map(dataOf);
}

function isDifferentiable(grad: Gradient): grad is Tensor {
  return grad.type === 'tensor' && grad.requiresGrad;
}

function weightsFor({ data, shape }: Tensor, over: number): Tensor {
  return tensor(
    data.map((_, index) => 1 - index / over),
    { shape },
  );
}

// The figures of these three are PyTorch's.
test.each([
  ['relu', {}],
  ['clamp', { min: 1 }],
  ['hardtanh', { max_val: 9, min_val: 0 }],
  ['maximum', {}],
] as const)('what is no number stops where %s is flat, in a recorded pass too', (op, limits) => {
  const { apply, applyWith, frame, leaf } = createThread('t');
  const x = leaf([0, 2]);
  const more = op === 'maximum' ? [tensor([1, 1])] : [];
  const bent = applyWith(limits, op, x, ...more);
  const outputs = [apply('sum', apply('mul', bent, tensor([Number.NaN, 1])))];
  for (const createGraph of [false, true]) {
    const { grads } = gradLocally({ createGraph, frame: frame(), inputs: [x], outputs });
    expect(dataOf(grads[0])).toEqual([0, 1]);
  }
});

test('smooth_l1_loss is straight from its corner on', () => {
  const { apply, frame, leaf, setFrame } = createThread('t');
  const x = leaf([1, 2]);
  const outputs = [apply('smooth_l1_loss', x, tensor([0, 1]))];
  const first = gradLocally({ createGraph: true, frame: frame(), inputs: [x], outputs });
  if (first.frame !== undefined) setFrame(first.frame);
  const [grad] = first.grads;
  expect(dataOf(grad)).toEqual([0.5, 0.5]);
  const second = gradLocally({ inputs: [x], outputs: [apply('sum', asTensor(grad))] });
  expect(dataOf(second.grads[0])).toEqual([0, 0]);
});

test('amax lets through what is no number', () => {
  const { apply, applyWith, leaf } = createThread('t');
  const x = leaf([Number.NaN, 1, 2, 1], [2, 2]);
  const outputs = [apply('sum', applyWith({ dim: 0 }, 'amax', x))];
  expect(dataOf(gradLocally({ inputs: [x], outputs }).grads[0])).toEqual([
    Number.NaN,
    0.5,
    Number.NaN,
    0.5,
  ]);
});

function asTensor(gradient: Gradient | undefined): Tensor {
  return gradient?.type === 'tensor' ? gradient : tensor([]);
}

test('bags of an embedding have a first derivative in a recorded pass, and no second, as in PyTorch 1.13', () => {
  const { applyWith, apply, frame, leaf, setFrame } = createThread('t');
  const weight = leaf([1, 2, 3, 4, 5, 1], [3, 2]);
  const index = [int64([4], [0, 1, 1, 2]), int64([2], [0, 2])] as const;
  const sums = applyWith({ mode: 'sum' }, 'embedding_bag', weight, ...index);
  const loss = apply('sum', apply('square', sums));
  const first = gradLocally({
    createGraph: true,
    frame: frame(),
    inputs: [weight],
    outputs: [loss],
  });
  if (first.frame !== undefined) setFrame(first.frame);
  const [grad] = first.grads;
  expect(dataOf(grad)).toEqual([8, 12, 24, 22, 16, 10]);
  const again = grad?.type === 'tensor' ? apply('sum', apply('square', grad)) : loss;
  expect(() => gradLocally({ inputs: [weight], outputs: [again] })).toThrow(
    'derivative for _embedding_bag_dense_backward is not implemented',
  );
});

test('what was made another type has a derivative in a recorded pass', () => {
  const { apply, frame, leaf, setFrame } = createThread('t');
  const x = leaf([3], []);
  const made = apply('float_power', x, 3);
  expect(made.dtype).toBe('float64');
  const first = gradLocally({ createGraph: true, frame: frame(), inputs: [x], outputs: [made] });
  if (first.frame !== undefined) setFrame(first.frame);
  const outputs = first.grads.flatMap((each) => (each.type === 'tensor' ? [each] : []));
  expect(outputs.map(({ dtype }) => dtype)).toEqual(['float32']);
  expect(gradLocally({ inputs: [x], outputs }).grads.map(dataOf)).toEqual([[18]]);
});
