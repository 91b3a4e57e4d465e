/** What operators do with sparse tensors, and those that make one dense. */
import { pow } from '../../../src/core/portable-math.ts';
import { mapElements } from '../broadcast.ts';
import type { Tensor } from '../graph.ts';
import type { Attributes, FinishedCall, Operator, OperatorCall } from '../operator.ts';
import { inputAt, numberIn, savedTensor, unary } from '../operator.ts';
import {
  coalesced,
  elementsOf,
  isSparse,
  notSparse,
  product,
  sumOf,
  takenAt,
  toDense,
  withElements,
} from '../sparse.ts';
import { formatShape, isSameShape } from '../tensor.ts';
import { torchCheck } from '../torch-error.ts';

/** Operators whose input may be sparse. */
export const sparseOperators = {
  /** Each place named once, in order. */
  coalesce: unary('CoalesceBackward0', (self) => (isSparse(self) ? coalesced(self) : self), {
    gradient: ({ grad }) => grad,
  }),
  /** All elements; a dense tensor as it is. */
  to_dense: unary('ToDenseBackward0', toDense, {
    saves: ({ inputs }: FinishedCall) => ({ self: inputAt(inputs, 0) }),
    gradient: ({ grad, saved }) => {
      const self = savedTensor(saved, 'self');
      if (!isSparse(self)) return grad;
      const ordered = coalesced(self);
      return withElements(ordered, takenAt(toDense(grad), ordered));
    },
  }),
} satisfies Readonly<Record<string, Operator>>;

/**
 * What an operator gives where an input is sparse.
 *
 * @throws {TorchError} `NotImplementedError` where PyTorch has no form of it for sparse tensors.
 */
export function sparseForward(op: string, call: OperatorCall): readonly Tensor[] {
  const form = Object.hasOwn(forms, op) ? forms[op] : undefined;
  if (form === undefined) throw notSparse(op);
  const { attributes, inputs } = call;
  return [form(inputAt(inputs, 0), attributes, inputs[1])];
}

type Form = (self: Tensor, attributes: Attributes, other?: Tensor) => Tensor;

const forms: Readonly<Record<string, Form>> = {
  abs: inOrder((x) => Math.abs(x)),
  add: (self, attributes, other) => plus(self, other, numberIn(attributes, 'alpha', 1)),
  clone: (self) => self,
  coalesce: (self) => (isSparse(self) ? coalesced(self) : self),
  detach: (self) => self,
  div: (self, _, other) => {
    torchCheck(
      isSparse(self) && other !== undefined && other.shape.length === 0,
      'Sparse division requires a scalar or zero-dim dense tensor divisor (got shape ' +
        `${formatShape(other?.shape ?? [])} for divisor)`,
    );
    const divisor = other.data[0] ?? 1;
    return withElements(
      self,
      mapElements(elementsOf(self), (x) => x / divisor),
    );
  },
  mul: (self, _, other) => {
    if (isSparse(self)) return product(self, other ?? self);
    return other !== undefined && isSparse(other) ? product(other, self) : self;
  },
  neg: each((x) => -x),
  'pow.scalar': (self, attributes) => {
    const exponent = numberIn(attributes, 'exponent', 1);
    torchCheck(exponent !== 0, 'pow: zero as an exponent makes a sparse tensor dense');
    return inOrder((x) => pow(x, exponent))(self, attributes);
  },
  sqrt: inOrder((x) => Math.sqrt(x)),
  sub: (self, attributes, other) => plus(self, other, -numberIn(attributes, 'alpha', 1)),
  to: (self) => self,
  to_dense: toDense,
};

function plus(self: Tensor, other: Tensor | undefined, weight: number): Tensor {
  if (other === undefined) return self;
  torchCheck(
    isSparse(other) || !isSparse(self),
    'add(sparse, dense) is not supported. Use add(dense, sparse) instead.',
  );
  torchCheck(
    isSameShape(self.shape, other.shape),
    `add: expected sizes of 'self' and 'other' to match, but ${formatShape(self.shape)} != ` +
      formatShape(other.shape),
  );
  return sumOf(self, weight === 1 ? other : each((x) => weight * x)(other, {}));
}

function each(f: (element: number) => number): Form {
  return (self) => (isSparse(self) ? withElements(self, mapElements(elementsOf(self), f)) : self);
}

/** Of what is no sum of parts each place must be named once before. */
function inOrder(f: (element: number) => number): Form {
  return (self, attributes) => (isSparse(self) ? each(f)(coalesced(self), attributes) : self);
}
