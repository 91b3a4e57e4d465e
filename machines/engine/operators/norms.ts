import { pow } from '../../../src/core/portable-math.ts';
import { composed, overloaded } from '../compose.ts';
import type { Operator } from '../operator.ts';
import { inputAt, numberIn, savedTensor, unary } from '../operator.ts';
import { computed } from '../tensor.ts';
import { groupsOf, reduced, spread, totalOf } from './groups.ts';

/**
 * How long vectors are, all elements as one unless `dim` says which; `p` is 2 unless told.
 *
 * @see PyTorch, `torch/csrc/autograd/FunctionsManual.cpp`, `norm_backward`.
 */
export const norms = {
  norm: overloaded(1, ({ args, attributes }) => ({
    args,
    attributes,
    op: Math.abs(numberIn(attributes, 'p', 2)) === Infinity ? 'norm.inf' : 'norm.p',
  })),
  /** Where the length is 0 the gradient is 0. */
  'norm.p': unary(
    'NormBackward1',
    (self, attributes) => {
      const p = numberIn(attributes, 'p', 2);
      return reduced(self, groupsOf(self.shape, attributes), (elements) => lengthOf(elements, p));
    },
    {
      saves: ({ attributes, inputs, outputs }) => ({
        ...attributes,
        result: inputAt(outputs, 0),
        self: inputAt(inputs, 0),
      }),
      gradient: ({ grad, saved }) => {
        const self = savedTensor(saved, 'self');
        const groups = groupsOf(self.shape, saved);
        const lengths = spread(savedTensor(saved, 'result'), groups);
        const p = numberIn(saved, 'p', 2);
        const data = spread(grad, groups).map((g, place) => {
          const length = lengths[place] ?? 0;
          // Not even what is no number comes through, except with p = 2, where PyTorch multiplies by 0.
          if (length === 0 && p > 1 && p !== 2) return 0;
          return g * slope(self.data[place] ?? 0, length, p);
        });
        return computed([grad, self], self.shape, data);
      },
    },
  ),
  'norm.inf': composed(1, ({ apply }, [x = 0], attributes) => {
    const { p, ...along } = attributes;
    return [apply(p === Infinity ? 'amax' : 'amin', [apply('abs', [x])], along)];
  }),
} satisfies Readonly<Record<string, Operator>>;

function lengthOf(elements: readonly number[], p: number): number {
  if (p === 2) return Math.sqrt(totalOf(elements.map((x) => x * x)));
  if (p === 0) return elements.filter((x) => x !== 0).length;
  const sum = totalOf(elements.map((x) => (p === 1 ? Math.abs(x) : pow(Math.abs(x), p))));
  return p === 1 ? sum : pow(sum, 1 / p);
}

/** How much the length grows with an element. */
function slope(x: number, length: number, p: number): number {
  if (p === 0) return 0;
  if (p === 1) return Number.isNaN(x) ? x : Math.sign(x);
  if (length === 0 || (x === 0 && p < 1)) return 0;
  if (p === 2) return x / length;
  return (Math.sign(x) * pow(Math.abs(x), p - 1)) / pow(length, p - 1);
}
