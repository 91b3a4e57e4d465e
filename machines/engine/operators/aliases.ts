import type { Arity } from '../arity.ts';
import { overloaded } from '../compose.ts';
import type { Attributes, Operator, WrittenCall } from '../operator.ts';
import { listIn, numberIn, numbersIn } from '../operator.ts';
import { elementsIn, formatShape } from '../tensor.ts';
import { TorchError, torchCheck } from '../torch-error.ts';
import { wrapDim } from './dims.ts';

/** Other names of operators, and other ways to say what they take. */
export const aliases = {
  absolute: alias(1, 'abs'),
  clip: alias(1, 'clamp'),
  arccos: alias(1, 'acos'),
  arccosh: alias(1, 'acosh'),
  arcsin: alias(1, 'asin'),
  arcsinh: alias(1, 'asinh'),
  arctan: alias(1, 'atan'),
  arctanh: alias(1, 'atanh'),
  expit: alias(1, 'sigmoid'),
  fix: alias(1, 'trunc'),
  arctan2: alias(2, 'atan2'),
  ger: alias(2, 'outer'),
  greater: alias(2, 'gt'),
  greater_equal: alias(2, 'ge'),
  less: alias(2, 'lt'),
  less_equal: alias(2, 'le'),
  not_equal: alias(2, 'ne'),
  vdot: alias(2, 'dot'),
  concatenate: alias('many', 'cat'),
  row_stack: alias('many', 'vstack'),
  ravel: overloaded(1, ({ args }) => ({ args, attributes: {}, op: 'flatten' })),
  broadcast_to: alias(1, 'expand'),
  split_with_sizes: overloaded(1, ({ args, attributes }) => ({
    args,
    attributes: {
      dim: numberIn(attributes, 'dim', 0),
      split_size: listIn(attributes, 'split_sizes') ?? [],
    },
    op: 'split.sizes',
  })),
  /** The last two dimensions swapped. */
  adjoint: overloaded(1, ({ args }) => {
    const rank = rankOf(args);
    torchCheck(
      rank !== 1,
      'tensor.adjoint() is only supported on matrices or batches of matrices. Got 1-D tensor.',
    );
    return {
      args,
      attributes: rank === 0 ? {} : { dim0: -2, dim1: -1 },
      op: rank === 0 ? 't' : 'transpose',
    };
  }),
  fliplr: flipping(1),
  flipud: flipping(0),
  moveaxis: moving(),
  movedim: moving(),
  clamp_max: bounded('max'),
  clamp_min: bounded('min'),
  concat: alias('many', 'cat'),
  divide: alias(2, 'div'),
  multiply: alias(2, 'mul'),
  negative: alias(1, 'neg'),
  rsub: overloaded(2, ({ args, attributes }) => ({
    args: args.toReversed(),
    attributes,
    op: 'sub',
  })),
  subtract: alias(2, 'sub'),
  true_divide: alias(2, 'div'),
  swapaxes: overloaded(1, ({ args, attributes }) => ({
    args,
    attributes: swapIn(attributes, ['axis0', 'axis1']),
    op: 'transpose',
  })),
  swapdims: overloaded(1, ({ args, attributes }) => ({
    args,
    attributes: swapIn(attributes, ['dim0', 'dim1']),
    op: 'transpose',
  })),
  /** `length` slices along `dim` from `start` on. */
  narrow: overloaded(1, ({ args, attributes }) => {
    const [self] = args;
    const shape = typeof self === 'object' ? self.shape : [];
    torchCheck(shape.length > 0, 'narrow() cannot be applied to a 0-dim tensor.');
    const dim = wrapDim(numberIn(attributes, 'dim', 0), shape.length);
    const size = shape[dim] ?? 0;
    const given = numberIn(attributes, 'start', 0);
    const start = given < 0 ? given + size : given;
    const length = numberIn(attributes, 'length', 0);
    torchCheck(length >= 0, 'narrow(): length must be non-negative.');
    torchCheck(
      start >= 0 && start <= size - length,
      `start (${start}) + length (${length}) exceeds dimension size (${size}).`,
    );
    return { args, attributes: { dim, end: start + length, start }, op: 'slice' };
  }),
  /** The dimension `dim` as several of the sizes `sizes`. */
  unflatten: overloaded(1, ({ args, attributes }) => {
    const [self] = args;
    const shape = typeof self === 'object' ? self.shape : [];
    const dim = wrapDim(numberIn(attributes, 'dim', 0), shape.length);
    if (shape.length === 0) {
      throw new TorchError(
        'IndexError',
        `Dimension specified as ${dim} but tensor has no dimensions`,
      );
    }
    const sizes = numbersIn(attributes, 'sizes');
    torchCheck(sizes.length > 0, 'unflatten: sizes must be non-empty');
    const size = shape[dim] ?? 0;
    const known = elementsIn(sizes.filter((each) => each !== -1));
    torchCheck(
      sizes.includes(-1) ? known > 0 && size % known === 0 : known === size,
      `unflatten: Provided sizes ${formatShape(sizes)} don't multiply up to the size of dim ${dim} (${size}) ` +
        'in the input tensor',
    );
    return { args, attributes: { shape: shape.toSpliced(dim, 1, ...sizes) }, op: 'view' };
  }),
} satisfies Readonly<Record<string, Operator>>;

/** The dimension `dim` from its end to its start. */
function flipping(dim: number) {
  return overloaded(1, ({ args }) => {
    torchCheck(rankOf(args) > dim, `Input must be >= ${dim + 1}-d.`);
    return { args, attributes: { dims: [dim] }, op: 'flip' };
  });
}

function rankOf([self]: WrittenCall['args']): number {
  return typeof self === 'object' ? self.shape.length : 0;
}

/** The dimensions `source` put to `destination`, the others in their order. */
function moving() {
  return overloaded(1, ({ args, attributes }) => {
    const rank = rankOf(args);
    const [from, to] = ['source', 'destination'].map((name) =>
      (listIn(attributes, name) ?? []).map((dim) => wrapDim(dim, rank)),
    );
    const [sources = [], targets = []] = [from, to];
    torchCheck(
      sources.length === targets.length,
      `movedim: Invalid source or destination dims: source (${formatShape(sources)} dims) should contain ` +
        `the same number of dims as destination (${formatShape(targets)} dims)`,
    );
    const rest = Array.from({ length: rank }, (_, dim) => dim).filter(
      (dim) => !sources.includes(dim),
    );
    const dims = targets
      .map((target, nr) => [target, sources[nr] ?? 0] as const)
      .toSorted(([a], [b]) => a - b)
      .reduce<readonly number[]>(
        (order, [target, source]) => order.toSpliced(target, 0, source),
        rest,
      );
    return { args, attributes: { dims: rank === 0 ? [] : dims }, op: 'permute' };
  });
}

function alias(arity: Arity, op: string) {
  return overloaded(arity, () => op);
}

/** One limit alone: a number behind the tensor, or by its name. */
function bounded(name: 'max' | 'min') {
  return overloaded({ least: 1, most: 2 }, ({ args: [self = 0, limit], attributes }) => {
    if (typeof limit === 'object') {
      return {
        args: [self, limit],
        attributes,
        op: name === 'max' ? 'minimum' : 'maximum',
      };
    }
    const bound = limit ?? numberIn(attributes, name, 0);
    return { args: [self], attributes: { [name]: bound }, op: 'clamp' };
  });
}

function swapIn(attributes: Attributes, names: readonly [string, string]): Attributes {
  const [dim0, dim1] = names.map((name) => numberIn(attributes, name, 0));
  return { dim0: dim0 ?? 0, dim1: dim1 ?? 0 };
}
