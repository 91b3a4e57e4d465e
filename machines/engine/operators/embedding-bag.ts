/**
 * The rows that an index names, reduced bag by bag.
 *
 * @see PyTorch, `aten/src/ATen/native/EmbeddingBag.cpp`; `torch/nn/functional.py`, `embedding_bag`.
 */
import type { Saved, Tensor } from '../graph.ts';
import type { Attributes, FinishedCall, Operator, OperatorCall } from '../operator.ts';
import { flagIn, inputAt, numbersIn, savedTensor } from '../operator.ts';
import { computed, formatShape, isSameShape, tensor } from '../tensor.ts';
import { TorchError, torchCheck } from '../torch-error.ts';
import { matrixOf, paddingOf, requireMatrix, requireRows, sharesOf } from './embedding.ts';

/**
 * Of the weights, an index, the places in it where bags begin, and perhaps a weight for each place. `mode` is
 * `mean` unless it is `sum` or `max`.
 */
export const embeddingBags = {
  embedding_bag: {
    type: 'primitive',
    arity: { least: 3, most: 4 },
    derivatives: [
      { saves: saved, gradient: ({ grad, saved: kept }) => weightGradient(grad, kept) },
      {
        saves: (call) => ({ ...saved(call), weight: inputAt(call.inputs, 0) }),
        gradient: ({ grad, saved: kept }) => {
          const weight = savedTensor(kept, 'weight');
          const sums = savedTensor(kept, 'index').data.map(() => 0);
          for (const { bag, nr, row } of placesIn(kept)) {
            sums[nr] = dot(rowAt(grad, bag), rowAt(weight, row));
          }
          return computed([grad, weight], [sums.length], sums);
        },
      },
    ],
    forward: (call) => [reduced(call)],
    kinds: ['float', 'index', 'index', 'float'],
    node: 'EmbeddingBagBackward0',
  },
  /** A gradient as it was computed, for a pass that is recorded: PyTorch has no derivative of it. */
  _embedding_bag_dense_backward: {
    type: 'primitive',
    arity: 2,
    derivatives: [
      {
        gradient: () => {
          throw new TorchError(
            'RuntimeError',
            'derivative for _embedding_bag_dense_backward is not implemented',
          );
        },
      },
    ],
    forward: ({ inputs }) => inputs.slice(1),
    kinds: ['moved', 'mask'],
    node: '_embedding_bag_dense_backward',
  },
} satisfies Readonly<Record<string, Operator>>;

/** A place of the index that counts, and where it belongs. */
interface Place {
  readonly bag: number;
  readonly nr: number;
  readonly row: number;
  /** How much the row counts in the sum of its bag. */
  readonly share: number;
}

function saved({ attributes, inputs }: OperatorCall | FinishedCall): Saved {
  const [weight, index, offsets] = [0, 1, 2].map((nr) => inputAt(inputs, nr));
  const [, , , sampleWeights] = inputs;
  return {
    ...attributes,
    ...(attributes['mode'] === 'max' && weight !== undefined ? { values: weight } : {}),
    ...(sampleWeights === undefined ? {} : { sampleWeights }),
    index: index ?? tensor([]),
    inputShape: weight?.shape ?? [],
    offsets: offsets?.data ?? [],
  };
}

function reduced(call: OperatorCall): Tensor {
  const weight = inputAt(call.inputs, 0);
  check(call);
  const [, columns = 0] = weight.shape;
  const kept = saved(call);
  const count = bagsIn(kept);
  const sums = Array.from<number>({ length: count * columns }).fill(0);
  const isMax = call.attributes['mode'] === 'max';
  for (const { bag, row, share } of isMax ? [] : placesIn(kept)) {
    for (const [column, each] of rowAt(weight, row).entries()) {
      const at = bag * columns + column;
      sums[at] = (sums[at] ?? 0) + share * each;
    }
  }
  for (const { at, row, column } of isMax ? largestIn(kept, weight) : []) {
    sums[at] = rowAt(weight, row)[column] ?? 0;
  }
  return computed([weight], [count, columns], sums);
}

function weightGradient(grad: Tensor, kept: Saved): Tensor {
  const shape = numbersIn(kept, 'inputShape');
  const [, columns = 0] = shape;
  if (kept['mode'] === 'max') {
    const sums = Array.from<number>({ length: (shape[0] ?? 0) * columns }).fill(0);
    for (const { at, column, row } of largestIn(kept, savedTensor(kept, 'values'))) {
      const place = row * columns + column;
      sums[place] = (sums[place] ?? 0) + (grad.data[at] ?? 0);
    }
    return computed([grad], shape, sums);
  }
  const places = placesIn(kept);
  const shares = sharesOf(savedTensor(kept, 'index'), kept);
  const data = places.flatMap(({ bag, nr, share }) =>
    rowAt(grad, bag).map((each) => each * share * (shares[nr] ?? 1)),
  );
  const index = places.map(({ row }) => row);
  const rows = computed([grad], [index.length, columns], data);
  return matrixOf(rows, index, kept);
}

/** The places that count, in the order of the index. */
function placesIn(kept: Saved): readonly Place[] {
  const { data } = savedTensor(kept, 'index');
  const padding = paddingOf(kept, numbersIn(kept, 'inputShape'));
  const starts = numbersIn(kept, 'offsets');
  const bags = bagsIn(kept);
  const weights = 'sampleWeights' in kept ? savedTensor(kept, 'sampleWeights').data : undefined;
  const counted = data.flatMap((row, nr): readonly Place[] => {
    const bag = starts.findLastIndex((start) => start <= nr);
    return row === padding || bag >= bags ? [] : [{ bag, nr, row, share: weights?.[nr] ?? 1 }];
  });
  if (kept['mode'] === 'sum' || kept['mode'] === 'max') return counted;
  const sizes = new Map<number, number>();
  for (const { bag } of counted) sizes.set(bag, (sizes.get(bag) ?? 0) + 1);
  return counted.map((place) => ({ ...place, share: 1 / (sizes.get(place.bag) ?? 1) }));
}

/** For each element of a result, the first row of its bag with the largest element. */
function largestIn(kept: Saved, weight: Tensor) {
  const [, columns = 0] = weight.shape;
  const largest = new Map<number, { at: number; column: number; row: number; value: number }>();
  for (const { bag, row } of placesIn(kept)) {
    for (const [column, value] of rowAt(weight, row).entries()) {
      const at = bag * columns + column;
      const before = largest.get(at);
      if (before === undefined || value > before.value) largest.set(at, { at, column, row, value });
    }
  }
  return [...largest.values()];
}

function bagsIn(kept: Saved): number {
  return numbersIn(kept, 'offsets').length - (flagIn(kept, 'include_last_offset') ? 1 : 0);
}

function rowAt({ data, shape: [, columns = 0] }: Tensor, row: number): readonly number[] {
  return data.slice(row * columns, (row + 1) * columns);
}

function dot(first: readonly number[], second: readonly number[]): number {
  return first.reduce((sum, each, at) => sum + each * (second[at] ?? 0), 0);
}

function check({ attributes, inputs }: OperatorCall): void {
  const [weight, index, offsets] = [0, 1, 2].map((nr) => inputAt(inputs, nr));
  if (weight === undefined || index === undefined || offsets === undefined) return;
  requireMatrix(weight.shape);
  checkMode(attributes);
  paddingOf(attributes, weight.shape);
  const [first = 0] = offsets.data;
  torchCheck(
    first === 0,
    'offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from position 0. ' +
      `However, got ${first}`,
  );
  const last = offsets.data.at(-1) ?? 0;
  torchCheck(
    last <= index.data.length,
    `offsets[-1] can not be greater than input's length ${index.data.length} but got offsets[-1] of ${last}`,
  );
  torchCheck(
    offsets.data.length > 0 || !flagIn(attributes, 'include_last_offset'),
    'include_last_offset: number of offset should be at least 1',
  );
  torchCheck(
    offsets.data.every((start, bag) => start >= (offsets.data[bag - 1] ?? 0)),
    'offsets should be in increasing order',
  );
  requireRows(weight.shape, index);
  checkSampleWeights(attributes, inputs);
}

function checkMode({ mode = 'mean', ...options }: Attributes): void {
  if (mode !== 'sum' && mode !== 'mean' && mode !== 'max') {
    throw valueError('mode has to be one of sum, mean or max');
  }
  if (mode !== 'max') return;
  if (flagIn(options, 'scale_grad_by_freq')) {
    throw valueError('max mode does not support scaling the gradient by the frequency');
  }
  if (flagIn(options, 'sparse')) throw valueError('max mode does not support sparse weights');
}

function checkSampleWeights({ mode = 'mean' }: Attributes, inputs: readonly Tensor[]): void {
  const [, index, , weights] = inputs;
  if (weights === undefined || index === undefined) return;
  if (mode !== 'sum') {
    throw new TorchError(
      'NotImplementedError',
      'embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for ' +
        `mode='sum' (got mode='${String(mode)}'). Please open a feature request on GitHub.`,
    );
  }
  if (isSameShape(weights.shape, index.shape)) return;
  throw new TorchError(
    'ValueError',
    `embedding_bag: If per_sample_weights (torch.Size(${formatShape(weights.shape)})) is not None, then it ` +
      `must have the same shape as the input (torch.Size(${formatShape(index.shape)}))`,
  );
}

function valueError(text: string): TorchError {
  return new TorchError('ValueError', text);
}
