import { broadcastShape } from '../broadcast.ts';
import type { Parts } from '../compose.ts';
import { composed } from '../compose.ts';
import type { Shape, Tensor } from '../graph.ts';
import type { Operator } from '../operator.ts';
import { inputAt } from '../operator.ts';
import { elementsIn, isSameShape } from '../tensor.ts';
import { torchCheck } from '../torch-error.ts';

/**
 * The products that are written in terms of others. Which they are depends on the dimensions.
 *
 * @see PyTorch, `aten/src/ATen/native/LinearAlgebra.cpp`, `_matmul_impl`; `Linear.cpp`, `linear`.
 */
export const products = {
  matmul: composed(2, (parts, inputs) => [
    matmul(parts, { self: inputAt(inputs, 0), other: inputAt(inputs, 1) }),
  ]),
  /** `input`, `weight` and perhaps `bias`. */
  linear: composed({ least: 2, most: 3 }, ({ apply }, inputs) => {
    const [input, weight] = [inputAt(inputs, 0), inputAt(inputs, 1)];
    const bias = inputs[2];
    const columns = apply('t', [weight]);
    if (bias === undefined) return [apply('matmul', [input, columns])];
    if (input.shape.length === 2) return [apply('addmm', [bias, input, columns])];
    if (input.shape.length === 3) {
      const [first = 0, second = 0, inner = 0] = input.shape;
      const rows = apply('reshape', [input], { shape: [first * second, inner] });
      const laid = apply('addmm', [bias, rows, columns]);
      return [apply('view', [laid], { shape: [first, second, laid.shape[1] ?? 0] })];
    }
    return [apply('add', [apply('matmul', [input, columns]), bias])];
  }),
  /** Each element of one vector by each of the other. */
  outer: composed(2, ({ apply }, inputs) => {
    const [self, other] = [inputAt(inputs, 0), inputAt(inputs, 1)];
    for (const [name, each] of [
      ['self', self],
      ['vec2', other],
    ] as const) {
      const rank = each.shape.length;
      torchCheck(rank === 1, `outer: Expected 1-D argument ${name}, but got ${rank}-D`);
    }
    return [apply('mul', [apply('reshape', [self], { shape: [self.data.length, 1] }), other])];
  }),
} satisfies Readonly<Record<string, Operator>>;

interface Factors {
  readonly other: Tensor;
  readonly self: Tensor;
}

function matmul(parts: Parts, { other, self }: Factors): Tensor {
  const { apply } = parts;
  const [ranks, ranksOther] = [self.shape.length, other.shape.length];
  torchCheck(
    ranks > 0 && ranksOther > 0,
    `both arguments to matmul need to be at least 1D, but they are ${ranks}D and ${ranksOther}D`,
  );
  if (ranks === 1 && ranksOther === 1) return apply('dot', [self, other]);
  if (ranks === 2 && ranksOther === 1) return apply('mv', [self, other]);
  if (ranks === 2 && ranksOther === 2) return apply('mm', [self, other]);
  if (ranks === 1 && ranksOther === 2) {
    const row = apply('mm', [apply('unsqueeze', [self], { dim: 0 }), other]);
    return apply('squeeze', [row], { dim: 0 });
  }
  if (ranksOther <= 2) return folded(parts, { laidOut: 'reshape', other, self });
  if (ranks <= 2) {
    const turned = apply('transpose', [other], { dim0: -2, dim1: -1 });
    const first = ranks === 2 ? apply('t', [self]) : self;
    const product = folded(parts, { laidOut: 'copy', other: first, self: turned });
    if (ranks < 2) return product;
    const laid = apply('transpose', [product], { dim0: -2, dim1: -1 });
    // Nothing is copied where the elements lie in their order anyway.
    return laid.shape.slice(-2).includes(1) || laid.data.length === 0
      ? laid
      : apply('clone', [laid]);
  }
  return batched(parts, { other, self });
}

interface FoldedFactors extends Factors {
  /** PyTorch copies what it cannot view; here that shows in the graph only. */
  readonly laidOut: 'copy' | 'reshape';
}

/** All rows of all matrices as one matrix. */
function folded(parts: Parts, { laidOut, other, self }: FoldedFactors): Tensor {
  const { apply } = parts;
  const inner = self.shape.at(-1) ?? 1;
  const outer = self.shape.slice(0, -1);
  const rows = lay(parts, { laidOut, self, shape: [elementsIn(outer), inner] });
  const product = apply(other.shape.length === 1 ? 'mv' : 'mm', [rows, other]);
  return apply('_unsafe_view', [product], { shape: [...outer, ...product.shape.slice(1)] });
}

/** The batches broadcast; then they are one dimension. */
function batched(parts: Parts, { other, self }: Factors): Tensor {
  const { apply } = parts;
  const batch = broadcastShape(self.shape.slice(0, -2), other.shape.slice(0, -2));
  const [first, second] = [self, other].map((each) => {
    const matrix: Shape = each.shape.slice(-2);
    const expanded = apply('expand', [each], { size: [...batch, ...matrix] });
    const laidOut = isSameShape(expanded.shape, each.shape) ? 'reshape' : 'copy';
    return lay(parts, { laidOut, self: expanded, shape: [elementsIn(batch), ...matrix] });
  });
  const product = apply('bmm', [first ?? self, second ?? other]);
  return apply('_unsafe_view', [product], { shape: [...batch, ...product.shape.slice(1)] });
}

interface LayingOut extends Pick<FoldedFactors, 'laidOut' | 'self'> {
  readonly shape: Shape;
}

/** @see PyTorch, `aten/src/ATen/native/TensorShape.cpp`, `reshape`. */
function lay({ apply }: Parts, { laidOut, self, shape }: LayingOut): Tensor {
  return laidOut === 'reshape'
    ? apply('reshape', [self], { shape })
    : apply('_unsafe_view', [apply('clone', [self])], { shape });
}
