import { exp, log, log1p } from '../../../src/core/portable-math.ts';
import { expand, zipWith } from '../broadcast.ts';
import type { Apply } from '../compose.ts';
import { composed } from '../compose.ts';
import type { Saved, Tensor } from '../graph.ts';
import type {
  Attributes,
  BackwardPass,
  Derivative,
  FinishedCall,
  Operator,
  PrimitiveOperator,
} from '../operator.ts';
import { inputAt, numberIn, numbersIn, savedTensor } from '../operator.ts';
import { computed, elementsIn, formatShape, isSameShape, moved } from '../tensor.ts';
import { TorchError, torchCheck } from '../torch-error.ts';
import { sigmoid } from './activations.ts';
import { totalOf } from './groups.ts';

/**
 * What training makes small. `reduction` is `mean` unless told `sum` or `none`.
 *
 * @see PyTorch, `aten/src/ATen/native/Loss.cpp`, `LossNLL.cpp`; `torch/nn/functional.py`.
 */
export const losses = {
  mse_loss: loss('MseLossBackward0', {
    f: (x, y) => (x - y) * (x - y),
    input: (x, y) => 2 * (x - y),
    target: (x, y) => -2 * (x - y),
  }),
  /** Quadratic where the distance is below 1. */
  smooth_l1_loss: loss('SmoothL1LossBackward0', {
    f: (x, y) => (Math.abs(x - y) < 1 ? 0.5 * (x - y) * (x - y) : Math.abs(x - y) - 0.5),
    input: (x, y) => Math.max(-1, Math.min(1, x - y)),
    target: (x, y) => -Math.max(-1, Math.min(1, x - y)),
  }),
  /** The same with a corner that could be elsewhere. */
  huber_loss: loss('HuberLossBackward0', {
    f: (x, y) => (Math.abs(x - y) < 1 ? 0.5 * (x - y) * (x - y) : Math.abs(x - y) - 0.5),
    input: (x, y) => Math.max(-1, Math.min(1, x - y)),
    target: (x, y) => -Math.max(-1, Math.min(1, x - y)),
  }),
  /** `binary_cross_entropy` of the sigmoid of the input. */
  binary_cross_entropy_with_logits: loss('BinaryCrossEntropyWithLogitsBackward0', {
    f: (x, y) => Math.max(x, 0) - x * y + log1p(exp(-Math.abs(x))),
    input: (x, y) => sigmoid(x) - y,
    target: (x) => -x,
    strict: 'logits',
  }),
  l1_loss: composed(2, ({ apply }, inputs, attributes) => {
    return [reduced(apply, attributes, apply('abs', [apply('sub', inputs)]))];
  }),
  /** The logarithms are kept above -100, as in PyTorch. */
  binary_cross_entropy: loss('BinaryCrossEntropyBackward0', {
    f: (x, y) => (y - 1) * Math.max(log(1 - x), -100) - y * Math.max(log(x), -100),
    input: (x, y) => (x - y) / Math.max((1 - x) * x, 1e-12),
    target: (x) => log(1 - x) - log(x),
    strict: 'chances',
  }),
  /** Of rows of log-probabilities and the class of each row; or of one row and one class. */
  nll_loss: {
    type: 'primitive',
    arity: 2,
    derivatives: [
      {
        saves: ({ attributes, inputs }) => ({
          ...attributes,
          inputShape: inputAt(inputs, 0).shape,
          target: inputAt(inputs, 1),
        }),
        gradient: nllGradient,
      },
    ],
    forward: ({ attributes, inputs }) => [nll(inputAt(inputs, 0), inputAt(inputs, 1), attributes)],
    kinds: ['float', 'index'],
    node: 'NllLossBackward0',
  },
  cross_entropy: composed(2, ({ apply }, [input, ...target], attributes) => {
    if (input === undefined) return [];
    const dim = input.shape.length === 1 ? 0 : 1;
    return [apply('nll_loss', [apply('log_softmax', [input], { dim }), ...target], attributes)];
  }),
} satisfies Readonly<Record<string, Operator>>;

interface Loss {
  readonly f: (input: number, target: number) => number;
  /** Its derivatives. */
  readonly input: (input: number, target: number) => number;
  readonly target: (input: number, target: number) => number;
  /** Whether the shapes must be one, and what the input is then; they broadcast unless told. */
  readonly strict?: 'chances' | 'logits';
}

/** A loss of each element of the input and its target. */
function loss(node: string, { f, input, strict, target }: Loss): PrimitiveOperator {
  return {
    type: 'primitive',
    arity: 2,
    derivatives: [lossDerivative(input), lossDerivative(target)],
    forward: ({ attributes, inputs }) => {
      const [self, wanted] = [inputAt(inputs, 0), inputAt(inputs, 1)];
      if (strict !== undefined && !isSameShape(self.shape, wanted.shape)) {
        throw new TorchError(
          'ValueError',
          strict === 'logits'
            ? `Target size (torch.Size(${formatShape(wanted.shape)})) must be the same as input size (torch.Size(${formatShape(self.shape)}))`
            : `Using a target size (torch.Size(${formatShape(wanted.shape)})) that is different to the input ` +
                `size (torch.Size(${formatShape(self.shape)})) is deprecated. Please ensure they have the same size.`,
        );
      }
      torchCheck(
        strict !== 'chances' || self.data.every((x) => x >= 0 && x <= 1),
        'all elements of input should be between 0 and 1',
      );
      return [summedUp(zipWith(self, wanted, f), attributes)];
    },
    node,
  };
}

function lossDerivative(derivative: Loss['f']): Derivative {
  return {
    saves: ({ attributes, inputs }: FinishedCall): Saved => ({
      ...attributes,
      input: inputAt(inputs, 0),
      target: inputAt(inputs, 1),
    }),
    gradient: ({ grad, saved }) => {
      const slopes = zipWith(savedTensor(saved, 'input'), savedTensor(saved, 'target'), derivative);
      const count = reductionIn(saved) === 'mean' ? slopes.data.length : 1;
      return zipWith(expand(grad, slopes.shape), slopes, (g, slope) => (g * slope) / count);
    },
  };
}

function summedUp(each: Tensor, attributes: Attributes): Tensor {
  const reduction = reductionIn(attributes);
  if (reduction === 'none') return each;
  const count = reduction === 'mean' ? each.data.length : 1;
  return computed([each], [], [totalOf(each.data) / count]);
}

/** What a loss that is written in terms of other operators makes of its elements. */
export function reduced(apply: Apply, attributes: Attributes, each: Tensor): Tensor {
  const reduction = reductionIn(attributes);
  return reduction === 'none' ? each : apply(reduction, [each]);
}

function reductionIn(attributes: Attributes | Saved): 'mean' | 'none' | 'sum' {
  const { reduction = 'mean' } = attributes;
  if (reduction === 'mean' || reduction === 'none' || reduction === 'sum') return reduction;
  throw new TorchError(
    'ValueError',
    `${typeof reduction === 'string' ? reduction : JSON.stringify(reduction)} is not a valid value for reduction`,
  );
}

/** Where in the log-probabilities the class of each row is, except where it is to be ignored. */
function classPlaces(classes: number, target: Tensor, attributes: Attributes | Saved) {
  const ignored = numberIn(attributes, 'ignore_index', -100);
  return target.data.map((each, row) => {
    if (each === ignored) return undefined;
    if (each < 0 || each >= classes) {
      throw new TorchError('IndexError', `Target ${each} is out of bounds.`);
    }
    return row * classes + each;
  });
}

function nll(input: Tensor, target: Tensor, attributes: Attributes): Tensor {
  const rank = input.shape.length;
  torchCheck(rank === 1 || rank === 2, 'input tensor should be 1D or 2D');
  torchCheck(
    target.shape.length === rank - 1,
    '0D or 1D target tensor expected, multi-target not supported',
  );
  const [batch = 1] = rank === 2 ? input.shape : [1];
  if (batch !== target.data.length) {
    throw new TorchError(
      'ValueError',
      `Expected input batch_size (${batch}) to match target batch_size (${target.data.length}).`,
    );
  }
  const places = classPlaces(input.shape.at(-1) ?? 1, target, attributes);
  const each = places.map((place) => (place === undefined ? 0 : -(input.data[place] ?? 0)));
  if (reductionIn(attributes) === 'none')
    return moved(
      [input],
      target.shape,
      each.map((one) => one + 0),
    );
  return computed([input], [], [totalOf(each) / divisor(places, attributes)]);
}

function nllGradient({ grad, saved }: BackwardPass): Tensor {
  const shape = numbersIn(saved, 'inputShape');
  const target = savedTensor(saved, 'target');
  const places = classPlaces(shape.at(-1) ?? 1, target, saved);
  const { data } = expand(grad, target.shape);
  const result = Array.from<number>({ length: elementsIn(shape) }).fill(0);
  for (const [row, place] of places.entries()) {
    if (place !== undefined) result[place] = -(data[row] ?? 0) / divisor(places, saved);
  }
  return computed([grad], shape, result);
}

/** What is ignored does not count. */
function divisor(places: readonly (number | undefined)[], attributes: Attributes | Saved): number {
  if (reductionIn(attributes) !== 'mean') return 1;
  return places.filter((place) => place !== undefined).length;
}
