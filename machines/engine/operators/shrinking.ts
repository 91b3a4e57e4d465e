/**
 * More functions of each element, and of the elements along a dimension, that are written in terms of others.
 *
 * @see PyTorch, `torch/nn/functional.py`; `aten/src/ATen/native/ReduceOps.cpp`, `group_norm.cpp`.
 */
import type { Parts } from '../compose.ts';
import { composed } from '../compose.ts';
import type { Tensor } from '../graph.ts';
import type { Attributes, Operator } from '../operator.ts';
import { inputAt, numberIn } from '../operator.ts';
import { torchCheck } from '../torch-error.ts';
import { wrapDim } from './dims.ts';

export const shrinking = {
  deg2rad: composed(1, ({ apply }, [x = 0]) => [apply('mul', [x, Math.PI / 180])]),
  rad2deg: composed(1, ({ apply }, [x = 0]) => [apply('mul', [x, 180 / Math.PI])]),
  positive: composed(1, (_, inputs) => inputs),
  contiguous: composed(1, (_, inputs) => inputs),
  /** Nothing within `lambd` of zero. */
  hardshrink: composed(1, ({ apply }, [x = 0], attributes) => {
    const lambd = numberIn(attributes, 'lambd', 0.5);
    return [apply('masked_fill', [x, apply('le', [apply('abs', [x]), lambd])], { value: 0 })];
  }),
  /** The same, and what is left moved towards zero. */
  softshrink: composed(1, ({ apply }, [x = 0], attributes) => {
    const lambd = numberIn(attributes, 'lambd', 0.5);
    torchCheck(lambd >= 0, `lambda must be greater or equal to 0, but found to be ${lambd}.`);
    const moved = apply('sub', [x, apply('mul', [apply('sign', [x]), lambd])]);
    return [apply('masked_fill', [moved, apply('le', [apply('abs', [x]), lambd])], { value: 0 })];
  }),
  /** What is not above `threshold` is `value`. */
  threshold: composed(1, ({ apply }, [x = 0], attributes) => {
    const isOut = apply('le', [x, numberIn(attributes, 'threshold', 0)]);
    return [apply('masked_fill', [x, isOut], { value: numberIn(attributes, 'value', 0) })];
  }),
  /** What is no number or infinite by numbers. */
  nan_to_num: composed(1, ({ apply }, [x = 0], attributes) => {
    const most = 3.4028234663852886e38;
    const replaced = [
      [apply('ne', [x, x]), numberIn(attributes, 'nan', 0)],
      [apply('eq', [x, Infinity]), numberIn(attributes, 'posinf', most)],
      [apply('eq', [x, -Infinity]), numberIn(attributes, 'neginf', -most)],
    ] as const;
    let made: Tensor | number = x;
    for (const [isOut, value] of replaced) made = apply('masked_fill', [made, isOut], { value });
    return [made].filter((each) => typeof each === 'object');
  }),
  /** The inverse of the sigmoid; `eps` keeps away from 0 and 1. */
  logit: composed(1, ({ apply }, [x = 0], attributes) => {
    const eps = numberIn(attributes, 'eps', -1);
    const kept = eps < 0 ? x : apply('clamp', [x], { max: 1 - eps, min: eps });
    return [apply('log', [apply('div', [kept, apply('sub', [1, kept])])])];
  }),
  sinc: composed(1, ({ apply }, [x = 0]) => {
    const isZero = apply('eq', [x, 0]);
    const scaled = apply('mul', [apply('where', [isZero, 1, x]), Math.PI]);
    return [apply('where', [isZero, 1, apply('div', [apply('sin', [scaled]), scaled])])];
  }),
  /** The differences of neighbours along `dim`, `n` times. */
  diff: composed(1, ({ apply }, inputs, attributes) => {
    let x = inputAt(inputs, 0);
    torchCheck(x.shape.length > 0, 'diff expects input to be at least one-dimensional');
    const dim = wrapDim(numberIn(attributes, 'dim', -1), x.shape.length);
    for (let n = numberIn(attributes, 'n', 1); n > 0; n -= 1) {
      const end = Math.max((x.shape[dim] ?? 1) - 1, 0);
      x = apply('sub', [
        apply('slice', [x], { dim, start: 1 }),
        apply('slice', [x], { dim, end, start: 0 }),
      ]);
    }
    return [x];
  }),
  /** The logarithm of the sum of the exponentials so far. */
  logcumsumexp: composed(1, ({ apply }, inputs, attributes) => {
    const x = inputAt(inputs, 0);
    const dim = wrapDim(numberIn(attributes, 'dim', -1), x.shape.length);
    if (x.shape.length === 0 || x.data.length === 0) return [apply('clone', [x])];
    const size = x.shape[dim] ?? 0;
    const sums = Array.from({ length: size }, (_, index) =>
      apply('logsumexp', [apply('slice', [x], { dim, end: index + 1 })], { dim }),
    );
    return [apply('stack', sums, { dim })];
  }),
  nansum: composed(1, (parts, [x = 0], attributes) => [
    parts.apply('sum', [withoutNone(parts, x)], attributes),
  ]),
  nanmean: composed(1, (parts, [x = 0], attributes) => {
    const { apply } = parts;
    const count = apply('sum', [apply('where', [apply('ne', [x, x]), 0, 1])], attributes);
    return [apply('div', [apply('sum', [withoutNone(parts, x)], attributes), count])];
  }),
  var_mean: composed(1, ({ apply }, inputs, attributes) => [
    apply('var', inputs, attributes),
    apply('mean', inputs, dimsIn(attributes)),
  ]),
  std_mean: composed(1, ({ apply }, inputs, attributes) => [
    apply('std', inputs, attributes),
    apply('mean', inputs, dimsIn(attributes)),
  ]),
  /** Each group of `num_groups` of the channels to mean 0 and variance 1. */
  group_norm: composed({ least: 1, most: 3 }, (parts, inputs, attributes) => [
    groupNorm(parts, inputs, {
      eps: numberIn(attributes, 'eps', 1e-5),
      groups: numberIn(attributes, 'num_groups', 1),
    }),
  ]),
  /** Each channel of each sample. */
  instance_norm: composed(1, (parts, inputs, attributes) => [
    groupNorm(parts, inputs, {
      eps: numberIn(attributes, 'eps', 1e-5),
      groups: inputAt(inputs, 0).shape[1] ?? 1,
    }),
  ]),
} satisfies Readonly<Record<string, Operator>>;

function withoutNone({ apply }: Parts, x: Tensor | number): Tensor {
  return apply('masked_fill', [x, apply('ne', [x, x])], { value: 0 });
}

function dimsIn(attributes: Attributes): Attributes {
  const { correction: _, unbiased: __, ...rest } = attributes;
  return rest;
}

interface Grouping {
  readonly eps: number;
  readonly groups: number;
}

function groupNorm(
  { apply }: Parts,
  [x, weight, bias]: readonly Tensor[],
  { eps, groups }: Grouping,
): Tensor {
  const { shape } = inputAt(x === undefined ? [] : [x], 0);
  const [samples = 1, channels = 1] = shape;
  torchCheck(
    channels % groups === 0,
    `Expected number of channels in input to be divisible by num_groups, but got input of shape ` +
      `[${shape.join(', ')}] and num_groups=${groups}`,
  );
  const rows = apply('reshape', [x ?? 0], { shape: [samples, groups, -1] });
  const normal = apply('layer_norm', [rows], { eps, normalized_shape: rows.shape.slice(2) });
  const laid = apply('reshape', [normal], { shape });
  const perChannel = shape.map((_, dim) => (dim === 1 ? channels : 1));
  const [scale, shift] = [weight, bias].map((each) =>
    each === undefined ? undefined : apply('reshape', [each], { shape: perChannel }),
  );
  const weighed = scale === undefined ? laid : apply('mul', [laid, scale]);
  return shift === undefined ? weighed : apply('add', [weighed, shift]);
}
