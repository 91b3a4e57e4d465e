import type { Saved, Tensor } from '../graph.ts';
import type { Attributes } from '../operator.ts';
import { numberIn, numbersIn, textIn } from '../operator.ts';
import { wrapDim } from '../operators/dims.ts';
import { sharesOf } from '../operators/embedding.ts';
import { isSparse } from '../sparse.ts';
import { filled, float32, tensor as tensorOf } from '../tensor.ts';
import type { RecordedDerivative } from './recorded-derivative.ts';
import { sumDownTo } from './recorded-derivative.ts';

/** The elements in the shape that the input had. */
const reshapes: RecordedDerivative = ({ apply }, { grad, saved }) =>
  apply('view', [grad], { shape: numbersIn(saved, 'inputShape') });

/** The gradient has a history that cannot be gone through; one with only some elements has none. */
const keepsNumbers: RecordedDerivative = ({ apply }, { grad, plain }) => {
  const numbers = plain(grad);
  return isSparse(numbers) ? numbers : apply('_embedding_bag_dense_backward', [grad, numbers]);
};

/** By the names of nodes: what lays elements out anew, takes some of them, or joins tensors. */
export const shapes: Readonly<Record<string, readonly RecordedDerivative[]>> = {
  ToCopyBackward0: [
    ({ apply }, { grad, saved }) => {
      const { device, dtype } = { device: textIn(saved, 'device'), dtype: textIn(saved, 'dtype') };
      const typed = grad.dtype === dtype ? grad : apply('to.dtype', [grad], { dtype });
      return typed.device === device ? typed : apply('to', [typed], { device });
    },
  ],
  EmbeddingBagBackward0: [keepsNumbers, keepsNumbers],
  TransposeBackward0: [
    ({ apply }, { grad, saved }) => apply('transpose', [grad], attributesIn(saved)),
  ],
  TBackward0: [({ apply }, { grad }) => apply('t', [grad])],
  PermuteBackward0: [
    ({ apply }, { grad, saved }) => {
      const order = numbersIn(saved, 'dims').map((dim) => wrapDim(dim, grad.shape.length));
      return apply('permute', [grad], { dims: [...order.keys()].map((dim) => order.indexOf(dim)) });
    },
  ],
  UnsqueezeBackward0: [reshapes],
  SqueezeBackward0: [reshapes],
  SqueezeBackward1: [reshapes],
  ViewBackward0: [reshapes],
  UnsafeViewBackward0: [reshapes],
  ExpandBackward0: [
    (parts, { grad, saved }) => sumDownTo(parts, grad, numbersIn(saved, 'inputShape')),
  ],
  CoalesceBackward0: [(_, { grad }) => grad],
  ToDenseBackward0: [(_, { grad }) => grad],
  FlipBackward0: [({ apply }, { grad, saved }) => apply('flip', [grad], attributesIn(saved))],
  DiagonalBackward0: [appliesTo('diagonal_backward')],
  DiagonalBackwardBackward0: [appliesTo('diagonal')],
  AsStridedBackward0: [appliesTo('as_strided_backward')],
  AsStridedBackwardBackward0: [appliesTo('as_strided')],
  AsStridedScatterBackward0: [
    ({ apply }, { grad, saved }) => {
      const zeros = filled({ ...grad, shape: numbersIn(saved, 'sizes') }, 0);
      return apply('as_strided_scatter', [grad, zeros], attributesIn(saved));
    },
    appliesTo('as_strided'),
  ],
  SelectBackward0: [appliesTo('select_backward')],
  SliceBackward0: [appliesTo('slice_backward')],
  SelectBackwardBackward0: [appliesTo('select')],
  SliceBackwardBackward0: [appliesTo('slice')],
  IndexSelectBackward0: [appliesTo('index_select_backward')],
  GatherBackward0: [appliesTo('gather_backward')],
  EmbeddingBackward0: [appliesTo('embedding_backward')],
  IndexSelectBackwardBackward0: [appliesTo('index_select')],
  GatherBackwardBackward0: [appliesTo('gather')],
  EmbeddingBackwardBackward0: [
    (parts, pass) => {
      const rows = appliesTo('embedding')(parts, pass);
      const { index, ...options } = pass.saved;
      const shares = typeof index === 'object' && 'type' in index ? sharesOf(index, options) : [];
      return shares.every((share) => share === 1)
        ? rows
        : parts.apply('mul', [rows, tensorOf(shares, { shape: [...rows.shape.slice(0, -1), 1] })]);
    },
  ],
  WhereBackward0: [
    ({ apply }, { grad, tensor }) => apply('where', [tensor('condition'), grad, 0]),
    ({ apply }, { grad, tensor }) => apply('where', [tensor('condition'), 0, grad]),
  ],
  MaskedFillBackward0: [
    ({ apply }, { grad, tensor }) => apply('masked_fill', [grad, tensor('mask')], { value: 0 }),
  ],
  CatBackward0: [
    ({ apply }, { grad, saved }) => {
      const dim = numberIn(saved, 'dim', 0);
      const start = numberIn(saved, 'start', 0);
      const shape = numbersIn(saved, 'inputShape');
      if (shape.length !== grad.shape.length) return float32(shape, []);
      const end = start + (shape[dim] ?? 0);
      return apply('slice', [grad], { dim, end, start });
    },
  ],
  StackBackward0: [
    ({ apply }, { grad, saved }) => {
      const dim = numberIn(saved, 'dim', 0);
      return apply('select', [grad], { dim, index: numberIn(saved, 'start', 0) });
    },
  ],
  SplitBackward0: [joins('cat')],
  SplitWithSizesBackward0: [joins('cat')],
  UnsafeSplitBackward0: [joins('cat')],
  UnbindBackward0: [joins('stack')],
};

function joins(op: string): RecordedDerivative {
  return ({ apply }, { grads, saved }) => apply(op, grads, { dim: numberIn(saved, 'dim', 0) });
}

/** Puts elements back to where they came from, or takes them again. */
function appliesTo(op: string): RecordedDerivative {
  return ({ apply }, { grad, saved }) => apply(op, [grad, ...indexIn(saved)], attributesIn(saved));
}

function indexIn({ index }: Saved): readonly Tensor[] {
  return typeof index === 'object' && 'type' in index ? [index] : [];
}

/** What was saved beside tensors. */
function attributesIn(saved: Saved): Attributes {
  const attributes: Record<string, Attributes[string]> = {};
  for (const [name, value] of Object.entries(saved)) {
    if (typeof value !== 'object' || !('type' in value)) attributes[name] = value;
  }
  return attributes;
}
