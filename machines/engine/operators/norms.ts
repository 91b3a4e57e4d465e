import type { Operator } from '../operator.ts';
import { composed, inputAt, numberIn, overloaded, savedTensor, unary } from '../operator.ts';
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
    op: numberIn(attributes, 'p', 2) === 2 ? 'norm.2' : 'norm.p',
  })),
  /** At 0 its gradient is 0. */
  'norm.2': unary(
    'NormBackward1',
    (self, attributes) =>
      reduced(self, groupsOf(self.shape, attributes), (elements) =>
        Math.sqrt(totalOf(elements.map((x) => x * x))),
      ),
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
        const data = spread(grad, groups).map((g, place) => {
          const length = lengths[place] ?? 0;
          return (self.data[place] ?? 0) * (length === 0 ? 0 : g / length);
        });
        return computed([grad, self], self.shape, data);
      },
    },
  ),
  'norm.p': composed(1, ({ apply }, [x = 0], attributes) => {
    const { p: given, ...along } = attributes;
    const p = typeof given === 'number' ? given : 2;
    const sizes = apply('abs', [x]);
    if (p === Infinity) return [apply('amax', [sizes], along)];
    if (p === -Infinity) return [apply('amin', [sizes], along)];
    if (p === 1) return [apply('sum', [sizes], along)];
    const sum = apply('sum', [apply('pow', [sizes, p])], along);
    return [apply('pow', [sum, 1 / p])];
  }),
} satisfies Readonly<Record<string, Operator>>;
