/**
 * The backwards of operators that only take elements, as operators of their own: each puts the elements of a
 * gradient back to where they came from, and its own derivative takes them again.
 *
 * @see PyTorch, `tools/autograd/derivatives.yaml`, `select_backward`, `slice_backward`.
 */
import type { Saved, Tensor } from '../graph.ts';
import type { Attributes, Operator, PrimitiveOperator } from '../operator.ts';
import { derivativeAt, inputAt } from '../operator.ts';
import { indexing } from './indexing.ts';
import { views } from './views.ts';

export const adjoints = {
  as_strided_backward: adjoint(views.as_strided, 'AsStridedBackwardBackward0'),
  diagonal_backward: adjoint(views.diagonal, 'DiagonalBackwardBackward0'),
  gather_backward: adjoint(indexing.gather, 'GatherBackwardBackward0'),
  index_select_backward: adjoint(indexing.index_select, 'IndexSelectBackwardBackward0'),
  select_backward: adjoint(indexing.select, 'SelectBackwardBackward0'),
  slice_backward: adjoint(indexing.slice, 'SliceBackwardBackward0'),
} satisfies Readonly<Record<string, Operator>>;

/** Of a gradient and perhaps an index; what the operator saved beside it comes as attributes. */
function adjoint(of: PrimitiveOperator, node: string): PrimitiveOperator {
  const hasIndex = of.arity === 2;
  const savedOf = (attributes: Attributes, inputs: readonly Tensor[]): Saved =>
    hasIndex ? { ...attributes, index: inputAt(inputs, 1) } : attributes;
  return {
    type: 'primitive',
    arity: of.arity,
    derivatives: [
      {
        saves: ({ attributes, inputs }) => savedOf(attributes, inputs),
        gradient: ({ grad, saved }) => {
          const { index, ...rest } = saved;
          const more = typeof index === 'object' && 'type' in index ? [index] : [];
          // cast -- what is saved beside the index are the attributes
          const attributes = rest as Attributes;
          return inputAt(of.forward({ attributes, inputs: [grad, ...more] }), 0);
        },
      },
    ],
    forward: ({ attributes, inputs }) => {
      const grad = inputAt(inputs, 0);
      const gradient = derivativeAt(of, 0)?.gradient;
      const saved = savedOf(attributes, inputs);
      return gradient === undefined ? [] : [gradient({ grad, grads: [grad], saved })];
    },
    ...(of.kinds === undefined ? {} : { kinds: of.kinds }),
    node,
  };
}
