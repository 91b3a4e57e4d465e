/** What makes an operator that works element by element a line of a table. */
import { unreachable } from '../../../src/core/errors.ts';
import { expand, mapElements, zipWith } from '../broadcast.ts';
import type { Tensor } from '../graph.ts';
import type { Derivative, FinishedCall, PrimitiveOperator } from '../operator.ts';
import { inputAt, savedTensor, unary } from '../operator.ts';
import { computed, toDType } from '../tensor.ts';

/** What a partial derivative may read of forward. */
type Part = 'self' | 'other' | 'result';

/** The derivative is `f` of the gradient and of at most two parts of forward, which are saved for it. */
export function partial(
  parts: readonly Part[],
  f: (grad: number, first: number, second: number) => number,
): Derivative {
  return {
    saves: (call) => Object.fromEntries(parts.map((part) => [part, partOf(call, part)])),
    gradient: ({ grad, saved }) => {
      const kept = parts.map((part) => expand(savedTensor(saved, part), grad.shape));
      const [{ data: first } = grad, { data: second } = grad] = kept;
      return computed(
        [grad, ...kept],
        grad.shape,
        grad.data.map((g, index) => f(g, first[index] ?? 0, second[index] ?? 0)),
      );
    },
  };
}

/** `f` of each element. */
export function pointwise(
  node: string,
  f: (x: number) => number,
  derivative: Derivative,
): PrimitiveOperator {
  return unary(node, (self) => mapElements(self, f), derivative);
}

/** `f` of each pair of elements, the inputs broadcast to one shape; the derivatives by the first and the second. */
export function pairwise(
  node: string,
  f: (a: number, b: number) => number,
  derivatives: readonly [Derivative, Derivative],
): PrimitiveOperator {
  return {
    type: 'primitive',
    arity: 2,
    derivatives,
    forward: ({ inputs }) => [zipWith(inputAt(inputs, 0), inputAt(inputs, 1), f)],
    node,
  };
}

/** Whether something holds of each pair of elements. There is nothing to differentiate. */
export function comparison(holds: (a: number, b: number) => boolean): PrimitiveOperator {
  return {
    type: 'primitive',
    arity: 2,
    derivatives: [],
    forward: ({ inputs }) => [
      toDType(
        zipWith(inputAt(inputs, 0), inputAt(inputs, 1), (a, b) => Number(holds(a, b))),
        'bool',
      ),
    ],
    kinds: ['mask'],
    node: '',
  };
}

function partOf({ inputs, outputs }: FinishedCall, part: Part): Tensor {
  switch (part) {
    case 'self':
      return inputAt(inputs, 0);
    case 'other':
      return inputAt(inputs, 1);
    case 'result':
      return inputAt(outputs, 0);
    default:
      return unreachable(part);
  }
}
