/**
 * Each operator's derivatives against central finite differences. Forward rounds to float32, so a
 * difference over 2h is known to about 1e-7 / h.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Tensor } from '../../../machines/engine/graph.ts';
import { tensor } from '../../../machines/engine/tensor.ts';
import { getIn } from '../../../src/core/persistent-map.ts';
import { backwardLocally } from './local-passes.ts';
import type { Input, OperatorCase } from './operator-cases.ts';
import { h, inputsFor, movedBy, operatorCases, titleOf } from './operator-cases.ts';
import { createThread, dataOf, idOf } from './thread.ts';

const tolerance = 2e-3;

test.each(operatorCases.map((each) => [titleOf(each), each] as const))(
  'the derivatives of %s agree with finite differences',
  (_, each) => {
    expect(() => checkDerivatives(each)).not.toThrow();
  },
);

test('the derivative of a leaf that is used twice is the sum over its uses', () => {
  const { apply, leaf } = createThread('t');
  const x = leaf([3]);
  const y = apply('sum', apply('mul', x, apply('mul', x, x)));
  expect(dataOf(getIn(backwardLocally([y]).gradients, idOf(x)))).toEqual([27]);
});

function checkDerivatives(checked: OperatorCase): void {
  fc.assert(
    fc.property(inputsFor(checked), (inputs) => {
      const { gradients, leaves } = analytic(checked, inputs);
      for (const [nr, each] of inputs.entries()) {
        const leaf = leaves[nr];
        const found = leaf === undefined ? [] : dataOf(getIn(gradients, idOf(leaf)));
        const numeric = each.data.map((_, place) => difference({ checked, inputs, nr, place }));
        expect(found).toHaveLength(numeric.length);
        for (const [place, value] of numeric.entries()) {
          const distance = Math.abs((found?.[place] ?? NaN) - value);
          expect(distance).toBeLessThan(tolerance * Math.max(1, Math.abs(value)));
        }
      }
    }),
    { numRuns: 25 },
  );
}

/** A scalar that depends on each element of the results with another weight. */
function loss({ attributes, more = [], op }: OperatorCase, inputs: readonly Input[]) {
  const { apply, applyAll, leaf } = createThread('t');
  const leaves = inputs.map(({ data, shape: each }) => leaf(data, each));
  const results = applyAll(attributes ?? {}, op, ...leaves, ...more);
  const weights = results.map(weightsFor);
  const root = results
    .map((result, index) => apply('sum', apply('mul', result, weights[index] ?? 0)))
    .reduce((sum, each) => apply('add', sum, each));
  return { leaves, results, root, weights };
}

function analytic(checked: OperatorCase, inputs: readonly Input[]) {
  const { leaves, root } = loss(checked, inputs);
  return { gradients: backwardLocally([root]).gradients, leaves };
}

interface Difference {
  readonly checked: OperatorCase;
  readonly inputs: readonly Input[];
  readonly nr: number;
  readonly place: number;
}

function difference({ checked, inputs, nr, place }: Difference): number {
  const [up, down] = [h, -h].map((step) => {
    const moved = movedBy(inputs, { nr, place, step });
    const { results, weights } = loss(checked, moved);
    // In double, so that only forward itself rounds.
    return results
      .flatMap(({ data }, index) => data.map((each, at) => each * (weights[index]?.data[at] ?? 0)))
      .reduce((sum, each) => sum + each, 0);
  });
  return ((up ?? 0) - (down ?? 0)) / (2 * h);
}

function weightsFor({ data, shape: each }: Tensor): Tensor {
  return tensor(
    data.map((_, index) => 1 - index / 8),
    { shape: each },
  );
}
