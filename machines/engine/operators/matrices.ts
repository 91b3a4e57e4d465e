import { expand, mapElements, zipWith } from '../broadcast.ts';
import type { Saved, Tensor } from '../graph.ts';
import type { FinishedCall, Operator } from '../operator.ts';
import { binary, inputAt, numberIn, savedTensor } from '../operator.ts';
import { computed, formatShape, moved } from '../tensor.ts';
import { torchCheck } from '../torch-error.ts';
import { checkExpandable, turned } from './views.ts';

/** The products of matrices and vectors; each element is summed in double and rounded once. */
export const matrices = {
  mm: binary('MmBackward0', {
    forward: mm,
    isOfOneType: true,
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
    isOfOneType: true,
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
    isOfOneType: true,
    self: {
      saves: savesOther,
      gradient: ({ grad, saved }) => zipWith(grad, savedTensor(saved, 'other'), times),
    },
    other: {
      saves: savesSelf,
      gradient: ({ grad, saved }) => zipWith(grad, savedTensor(saved, 'self'), times),
    },
  }),
  /** The products of the matrices of two batches. */
  bmm: binary('BmmBackward0', {
    forward: bmm,
    isOfOneType: true,
    self: {
      saves: savesOther,
      gradient: ({ grad, saved }) => bmm(grad, eachTurned(savedTensor(saved, 'other'))),
    },
    other: {
      saves: savesSelf,
      gradient: ({ grad, saved }) => bmm(eachTurned(savedTensor(saved, 'self')), grad),
    },
  }),
  /** The product of the second and the third, `alpha` times, and the first added to it, `beta` times. */
  addmm: {
    type: 'primitive',
    arity: 3,
    derivatives: [
      {
        saves: ({ attributes }) => ({ beta: numberIn(attributes, 'beta', 1) }),
        gradient: ({ grad, saved }) => mapElements(grad, (g) => g * numberIn(saved, 'beta', 1)),
      },
      {
        saves: ({ attributes, inputs }) => ({
          alpha: numberIn(attributes, 'alpha', 1),
          mat2: inputAt(inputs, 2),
        }),
        gradient: ({ grad, saved }) => mm(weighed(grad, saved), turned(savedTensor(saved, 'mat2'))),
      },
      {
        saves: ({ attributes, inputs }) => ({
          alpha: numberIn(attributes, 'alpha', 1),
          mat1: inputAt(inputs, 1),
        }),
        gradient: ({ grad, saved }) => mm(turned(savedTensor(saved, 'mat1')), weighed(grad, saved)),
      },
    ],
    forward: ({ attributes, inputs }) => {
      const product = mm(inputAt(inputs, 1), inputAt(inputs, 2));
      checkExpandable(inputAt(inputs, 0).shape, product.shape);
      const [alpha, beta] = [numberIn(attributes, 'alpha', 1), numberIn(attributes, 'beta', 1)];
      // What counts 0 times is not looked at, so that what is no number there does no harm.
      return [
        zipWith(expand(inputAt(inputs, 0), product.shape), product, (a, b) =>
          beta === 0 ? alpha * b : beta * a + alpha * b,
        ),
      ];
    },
    isOfOneType: true,
    node: 'AddmmBackward0',
  },
} satisfies Readonly<Record<string, Operator>>;

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
      data.push(sum);
    }
  }
  return computed([self, other], [rows, columns], data);
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
  const product = mm(self, asMatrix(vector, [length, 1]));
  return moved([product], [rows], product.data);
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
  const product = mm(asMatrix(self, [1, length]), asMatrix(other, [length, 1]));
  return moved([product], [], product.data);
}

/** @see PyTorch, `aten/src/ATen/native/LinearAlgebra.cpp`, `common_checks_baddbmm_bmm`. */
function bmm(self: Tensor, other: Tensor): Tensor {
  torchCheck(self.shape.length === 3, 'batch1 must be a 3D tensor');
  torchCheck(other.shape.length === 3, 'batch2 must be a 3D tensor');
  const [batch = 0, rows = 0, inner = 0] = self.shape;
  const [batchOther = 0, innerOther = 0, columns = 0] = other.shape;
  torchCheck(
    batch === batchOther && inner === innerOther,
    `Expected size for first two dimensions of batch2 tensor to be: ${formatShape([batch, inner])} but got: ` +
      `${formatShape([batchOther, innerOther])}.`,
  );
  const products = Array.from({ length: batch }, (_, index) =>
    mm(matrixAt(self, index), matrixAt(other, index)),
  );
  return moved(
    products,
    [batch, rows, columns],
    products.flatMap(({ data }) => data),
  );
}

function eachTurned(batches: Tensor): Tensor {
  const [batch = 0, rows = 0, columns = 0] = batches.shape;
  const all = Array.from({ length: batch }, (_, index) => turned(matrixAt(batches, index)));
  return moved(
    all,
    [batch, columns, rows],
    all.flatMap(({ data }) => data),
  );
}

function matrixAt(source: Tensor, index: number): Tensor {
  const { data, shape } = source;
  const [, rows = 0, columns = 0] = shape;
  const size = rows * columns;
  return moved([source], [rows, columns], data.slice(index * size, (index + 1) * size));
}

function weighed(grad: Tensor, saved: Saved): Tensor {
  return mapElements(grad, (g) => g * numberIn(saved, 'alpha', 1));
}

function asMatrix(source: Tensor, shape: readonly [number, number]): Tensor {
  return moved([source], shape, source.data);
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
