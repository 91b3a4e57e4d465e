import { SimulationError } from '../../../src/core/errors.ts';
import { zipWith } from '../broadcast.ts';
import type { Tensor } from '../graph.ts';
import type { CompositeCall, FinishedCall, Operator, Recorded } from '../operator.ts';
import { binary, inputAt, savedTensor } from '../operator.ts';
import { float32, roundToFloat32 } from '../tensor.ts';
import { torchCheck } from '../torch-error.ts';
import { turned } from './views.ts';

/** The products of matrices and vectors; each element is summed in double and rounded once. */
export const matrices = {
  mm: binary('MmBackward0', {
    forward: mm,
    self: {
      saves: savesOther,
      gradient: ({ grad, saved }) => mm(grad, turned(savedTensor(saved, 'other'))),
    },
    other: {
      saves: savesSelf,
      gradient: ({ grad, saved }) => mm(turned(savedTensor(saved, 'self')), grad),
    },
  }),
  mv: binary('MvBackward0', {
    forward: mv,
    self: {
      saves: savesOther,
      gradient: ({ grad, saved }) => {
        const vector = savedTensor(saved, 'other');
        return mm(asMatrix(grad, [grad.data.length, 1]), asMatrix(vector, [1, vector.data.length]));
      },
    },
    other: {
      saves: savesSelf,
      gradient: ({ grad, saved }) => mv(turned(savedTensor(saved, 'self')), grad),
    },
  }),
  dot: binary('DotBackward0', {
    forward: dot,
    self: {
      saves: savesOther,
      gradient: ({ grad, saved }) => zipWith(grad, savedTensor(saved, 'other'), times),
    },
    other: {
      saves: savesSelf,
      gradient: ({ grad, saved }) => zipWith(grad, savedTensor(saved, 'self'), times),
    },
  }),
  matmul: { type: 'composite', arity: 2, compose: matmul },
} satisfies Readonly<Record<string, Operator>>;

/**
 * Which product it is depends on the dimensions. Batches of matrices are not there yet.
 *
 * @see PyTorch, `aten/src/ATen/native/LinearAlgebra.cpp`, `matmul`.
 */
function matmul({ frame, inputs, record }: CompositeCall): Recorded {
  const self = inputAt(inputs, 0);
  const other = inputAt(inputs, 1);
  const ranks = `${self.shape.length}x${other.shape.length}`;
  switch (ranks) {
    case '1x1':
      return record({ frame, op: 'dot', args: [self, other] });
    case '2x1':
      return record({ frame, op: 'mv', args: [self, other] });
    case '2x2':
      return record({ frame, op: 'mm', args: [self, other] });
    case '1x2': {
      const row = record({ frame, op: 'unsqueeze', args: [self], attributes: { dim: 0 } });
      const product = record({ frame: row.frame, op: 'mm', args: [row.value, other] });
      const { value } = product;
      return record({ frame: product.frame, op: 'squeeze', args: [value], attributes: { dim: 0 } });
    }
    default:
      return refuse(self, other);
  }
}

function refuse({ shape: self }: Tensor, { shape: other }: Tensor): never {
  torchCheck(
    self.length > 0 && other.length > 0,
    `both arguments to matmul need to be at least 1D, but they are ${self.length}D and ${other.length}D`,
  );
  throw new SimulationError(
    'engine/unsupported',
    `matmul of ${self.length}D by ${other.length}D is not there yet. Multiply matrix by matrix.`,
  );
}

function mm(self: Tensor, other: Tensor): Tensor {
  torchCheck(self.shape.length === 2, 'self must be a matrix');
  torchCheck(other.shape.length === 2, 'mat2 must be a matrix');
  const [rows = 0, inner = 0] = self.shape;
  const [innerOther = 0, columns = 0] = other.shape;
  torchCheck(
    inner === innerOther,
    `mat1 and mat2 shapes cannot be multiplied (${rows}x${inner} and ${innerOther}x${columns})`,
  );
  const data: number[] = [];
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      let sum = 0;
      for (let k = 0; k < inner; k += 1) {
        sum += (self.data[row * inner + k] ?? 0) * (other.data[k * columns + column] ?? 0);
      }
      data.push(roundToFloat32(sum));
    }
  }
  return float32([rows, columns], data);
}

function mv(self: Tensor, vector: Tensor): Tensor {
  torchCheck(
    self.shape.length === 2 && vector.shape.length === 1,
    `vector + matrix @ vector expected, got 1, ${self.shape.length}, ${vector.shape.length}`,
  );
  const [rows = 0, columns = 0] = self.shape;
  const { length } = vector.data;
  torchCheck(
    columns === length,
    `size mismatch, got input (${rows}), mat (${rows}x${columns}), vec (${length})`,
  );
  return float32([rows], mm(self, asMatrix(vector, [length, 1])).data);
}

function dot(self: Tensor, other: Tensor): Tensor {
  torchCheck(
    self.shape.length === 1 && other.shape.length === 1,
    `1D tensors expected, but got ${self.shape.length}D and ${other.shape.length}D tensors`,
  );
  const { length } = self.data;
  torchCheck(
    length === other.data.length,
    `inconsistent tensor size, expected tensor [${length}] and src [${other.data.length}] to have ` +
      `the same number of elements, but got ${length} and ${other.data.length} elements respectively`,
  );
  return float32([], mm(asMatrix(self, [1, length]), asMatrix(other, [length, 1])).data);
}

function asMatrix({ data }: Tensor, shape: readonly [number, number]): Tensor {
  return float32(shape, data);
}

function times(a: number, b: number): number {
  return a * b;
}

function savesSelf({ inputs }: FinishedCall) {
  return { self: inputAt(inputs, 0) };
}

function savesOther({ inputs }: FinishedCall) {
  return { other: inputAt(inputs, 1) };
}
