/**
 * Each operator's derivatives against central finite differences. Forward rounds to float32, so a
 * difference over 2h is known to about 1e-7 / h; h is a power of two, so that x + h loses little.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Shape, Tensor } from '../../../machines/engine/graph.ts';
import { backwardLocally } from '../../../machines/engine/local.ts';
import type { OperatorName } from '../../../machines/engine/operators.ts';
import { elementsIn } from '../../../machines/engine/tensor.ts';
import { getIn } from '../../../src/core/persistent-map.ts';
import { createThread, dataOf, idOf } from './thread.ts';

const h = 2 ** -7;
const tolerance = 2e-3;

const size = fc.integer({ min: 1, max: 3 });
const shape = fc.array(size, { maxLength: 3 });

/** Away from zero, where `relu` has a corner, by more than h. */
const element = fc
  .tuple(fc.integer({ min: 4, max: 64 }), fc.boolean())
  .map(([sixtyFourths, isNegative]) => (isNegative ? -1 : 1) * (sixtyFourths / 64));

/** Pairs of shapes that broadcast: each drops dimensions in front and sets some to 1. */
const broadcastable = fc
  .tuple(shape, fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }), fc.nat(2), fc.nat(2))
  .map(([whole, isOne, dropA, dropB]): readonly [Shape, Shape] => [
    whole.map((each, index) => (isOne[index] === true ? 1 : each)).slice(dropA),
    whole.map((each, index) => (isOne[index + 3] === true ? 1 : each)).slice(dropB),
  ]);

const matrices = fc.tuple(size, size, size).map(([a, b, c]): readonly [Shape, Shape] => [
  [a, b],
  [b, c],
]);
const vectors = fc
  .tuple(size, size, fc.constantFrom('mv', 'vm', 'dot'))
  .map(([a, b, kind]): readonly [Shape, Shape] => {
    if (kind === 'dot') return [[a], [a]];
    return kind === 'mv' ? [[a, b], [b]] : [[a], [a, b]];
  });

test.each<OperatorName>(['neg', 'sin', 'tanh', 'relu', 'exp', 'sum', 'mean', 'clone'])(
  'the derivative of %s agrees with finite differences',
  (op) => {
    const shapes = shape.map((each) => [each]);
    expect(() => checkDerivatives(op, shapes)).not.toThrow();
  },
);

test.each<OperatorName>(['add', 'sub', 'mul'])(
  'the derivatives of %s agree with finite differences where shapes broadcast',
  (op) => {
    expect(() => checkDerivatives(op, broadcastable)).not.toThrow();
  },
);

test.each([
  ['of matrices', matrices],
  ['with vectors', vectors],
])('the derivatives of matmul %s agree with finite differences', (_, shapes) => {
  expect(() => checkDerivatives('matmul', shapes)).not.toThrow();
});

test.each<readonly [OperatorName, fc.Arbitrary<Shape>]>([
  ['transpose', fc.tuple(size, size, size)],
  ['t', fc.tuple(size, size)],
  ['unsqueeze', shape],
  ['squeeze', fc.tuple(fc.constant(1), size)],
])('the derivative of %s agrees with finite differences', (op, shapes) => {
  const inputs = shapes.map((each) => [each]);
  expect(() => checkDerivatives(op, inputs)).not.toThrow();
});

test('the derivative of a leaf that is used twice is the sum over its uses', () => {
  const { apply, leaf } = createThread('t');
  const x = leaf([3]);
  const y = apply('sum', apply('mul', x, apply('mul', x, x)));
  expect(dataOf(getIn(backwardLocally([y]).gradients, idOf(x)))).toEqual([27]);
});

function checkDerivatives(op: OperatorName, shapes: fc.Arbitrary<readonly Shape[]>): void {
  const cases = shapes.chain((each) =>
    fc.tuple(
      ...each.map((one) =>
        fc
          .array(element, { minLength: elementsIn(one), maxLength: elementsIn(one) })
          .map((data) => ({ data, shape: one })),
      ),
    ),
  );
  fc.assert(
    fc.property(cases, (inputs) => {
      const { gradients, leaves } = analytic(op, inputs);
      for (const [nr, each] of inputs.entries()) {
        const found = dataOf(getIn(gradients, idOf(leaves[nr] ?? unreachableLeaf())));
        const numeric = each.data.map((_, place) => difference({ inputs, nr, op, place }));
        expect(found).toHaveLength(numeric.length);
        for (const [place, value] of numeric.entries()) {
          expect(Math.abs((found?.[place] ?? NaN) - value)).toBeLessThan(tolerance);
        }
      }
    }),
    { numRuns: 40 },
  );
}

interface Input {
  readonly data: readonly number[];
  readonly shape: Shape;
}

/** A scalar that depends on each element of the result with another weight. */
function loss(op: OperatorName, inputs: readonly Input[]) {
  const { apply, leaf } = createThread('t');
  const leaves = inputs.map(({ data, shape: each }) => leaf(data, each));
  const result = apply(op, ...leaves);
  const weights = weightsFor(result);
  return { leaves, result, root: apply('sum', apply('mul', result, weights)), weights };
}

function analytic(op: OperatorName, inputs: readonly Input[]) {
  const { leaves, root } = loss(op, inputs);
  return { gradients: backwardLocally([root]).gradients, leaves };
}

interface Difference {
  readonly inputs: readonly Input[];
  readonly nr: number;
  readonly op: OperatorName;
  readonly place: number;
}

function difference({ inputs, nr, op, place }: Difference): number {
  const [up, down] = [h, -h].map((step) => {
    const moved = inputs.map((input, index) =>
      index === nr
        ? { ...input, data: input.data.with(place, (input.data[place] ?? 0) + step) }
        : input,
    );
    const { result, weights } = loss(op, moved);
    // In double, so that only forward itself rounds.
    return result.data.reduce((sum, each, index) => sum + each * (weights.data[index] ?? 0), 0);
  });
  return ((up ?? 0) - (down ?? 0)) / (2 * h);
}

function weightsFor({ data, shape: each }: Tensor): Tensor {
  const { leaf } = createThread('weights');
  return leaf(
    data.map((_, index) => 1 - index / 8),
    each,
  );
}

function unreachableLeaf(): never {
  throw new Error('there is a leaf for each input');
}
