import type { Apply, Parts } from '../compose.ts';
import type { Tensor } from '../graph.ts';
import { numberIn } from '../operator.ts';
import { scalesIn, softnessIn } from '../operators/activations.ts';
import { constantSlope, keepsGrad, maskingSlope, times } from './arithmetic.ts';
import type { RecordedDerivative, RecordedPass } from './recorded-derivative.ts';

/** The gradient over what the input was: `slope` of its square, or of itself. */
function over(slope: (apply: Apply, self: Tensor) => Tensor): RecordedDerivative {
  return ({ apply }, { grad, tensor }) => apply('div', [grad, slope(apply, tensor('self'))]);
}

/** By the names of nodes: the functions of one or two numbers, and those between the layers of a network. */
export const functions: Readonly<Record<string, readonly RecordedDerivative[]>> = {
  Log1PBackward0: [over((apply, x) => apply('add', [x, 1]))],
  Log2Backward0: [over((apply, x) => apply('mul', [x, Math.LN2]))],
  Log10Backward0: [over((apply, x) => apply('mul', [x, Math.LN10]))],
  Expm1Backward0: [times(({ apply }, { tensor }) => apply('add', [tensor('result'), 1]))],
  Exp2Backward0: [times(({ apply }, { tensor }) => apply('mul', [tensor('result'), Math.LN2]))],
  SinhBackward0: [times(({ apply }, { tensor }) => apply('cosh', [tensor('self')]))],
  CoshBackward0: [times(({ apply }, { tensor }) => apply('sinh', [tensor('self')]))],
  AsinBackward0: [over((apply, x) => apply('sqrt', [apply('sub', [1, square(apply, x)])]))],
  AcosBackward0: [
    over((apply, x) => apply('neg', [apply('sqrt', [apply('sub', [1, square(apply, x)])])])),
  ],
  AtanBackward0: [over((apply, x) => apply('add', [square(apply, x), 1]))],
  AsinhBackward0: [over((apply, x) => apply('sqrt', [apply('add', [square(apply, x), 1])]))],
  AcoshBackward0: [over((apply, x) => apply('sqrt', [apply('sub', [square(apply, x), 1])]))],
  AtanhBackward0: [over((apply, x) => apply('sub', [1, square(apply, x)]))],
  ErfBackward0: [
    times(({ apply }, { tensor }) => {
      const bell = apply('exp', [apply('neg', [square(apply, tensor('self'))])]);
      return apply('mul', [bell, 2 / Math.sqrt(Math.PI)]);
    }),
  ],
  ErfcBackward0: [
    times(({ apply }, { tensor }) => {
      const bell = apply('exp', [apply('neg', [square(apply, tensor('self'))])]);
      return apply('mul', [bell, -2 / Math.sqrt(Math.PI)]);
    }),
  ],
  FloorBackward0: [constantSlope],
  CeilBackward0: [constantSlope],
  TruncBackward0: [constantSlope],
  RoundBackward0: [constantSlope],
  FracBackward0: [keepsGrad],
  Atan2Backward0: [
    times((parts, pass) => overSquares(parts, pass, 'other')),
    times((parts, pass) => parts.apply('neg', [overSquares(parts, pass, 'self')])),
  ],
  HypotBackward0: ['self', 'other'].map((name) =>
    times(({ apply }, { tensor }) => apply('div', [tensor(name), tensor('result')])),
  ),
  FmodBackward1: [keepsGrad, constantSlope],
  RemainderBackward1: [keepsGrad, constantSlope],
  FmaxBackward0: [maskingSlope, maskingSlope],
  FminBackward0: [maskingSlope, maskingSlope],
  LogaddexpBackward0: [
    times(({ apply }, { tensor }) =>
      apply('sigmoid', [apply('sub', [tensor('self'), tensor('other')])]),
    ),
    times(({ apply }, { tensor }) =>
      apply('sigmoid', [apply('sub', [tensor('other'), tensor('self')])]),
    ),
  ],
  CopysignBackward0: [constantSlope, constantSlope],
  XlogyBackward0: [
    ({ apply }, { grad, tensor }) => {
      const [self, other] = [tensor('self'), tensor('other')];
      const isZero = apply('where', [apply('eq', [self, 0]), 1, 0]);
      const isOut = apply('mul', [isZero, apply('where', [apply('le', [other, 0]), 1, 0])]);
      return apply('masked_fill', [apply('xlogy', [grad, other]), isOut], { value: 0 });
    },
    ({ apply }, { grad, tensor }) =>
      apply('div', [apply('mul', [grad, tensor('self')]), tensor('other')]),
  ],
  ReluBackward0: [maskingSlope],
  LeakyReluBackward0: [constantSlope],
  SigmoidBackward0: [
    times(({ apply }, { tensor }) => {
      const result = tensor('result');
      return apply('mul', [apply('sub', [1, result]), result]);
    }),
  ],
  EluBackward0: [
    times(({ apply }, { saved, tensor }) => {
      const { alpha, inner, outer } = scalesIn(saved);
      const self = tensor('self');
      const curve = apply('exp', [apply('mul', [apply('clamp', [self], { max: 0 }), inner])]);
      const below = apply('mul', [curve, outer * alpha * inner]);
      const isAt = apply('where', [apply('eq', [self, 0]), outer * alpha * inner, outer]);
      return apply('where', [apply('lt', [self, 0]), below, isAt]);
    }),
  ],
  CeluBackward0: [
    times(({ apply }, { saved, tensor }) => {
      const self = tensor('self');
      const inner = 1 / numberIn(saved, 'alpha', 1);
      const curve = apply('exp', [apply('mul', [apply('clamp', [self], { max: 0 }), inner])]);
      return apply('where', [apply('lt', [self, 0]), curve, 1]);
    }),
  ],
  LogSigmoidBackward0: [
    times(({ apply }, { tensor }) => apply('sigmoid', [apply('neg', [tensor('self')])])),
  ],
  MishBackward0: [
    times(({ apply }, { tensor }) => {
      const self = tensor('self');
      const t = apply('tanh', [apply('softplus', [self])]);
      const rest = apply('mul', [self, apply('sigmoid', [self])]);
      const slope = apply('mul', [rest, apply('sub', [1, square(apply, t)])]);
      return apply('add', [t, slope]);
    }),
  ],
  GeluBackward0: [
    times(({ apply }, { tensor }) => {
      const self = tensor('self');
      const half = apply('mul', [apply('erf', [apply('mul', [self, Math.SQRT1_2])]), 0.5]);
      const bell = apply('exp', [apply('mul', [square(apply, self), -0.5])]);
      const density = apply('mul', [bell, 1 / Math.sqrt(2 * Math.PI)]);
      return apply('add', [apply('add', [half, 0.5]), apply('mul', [self, density])]);
    }),
  ],
  HardtanhBackward0: [maskingSlope],
  HardsigmoidBackward0: [maskingSlope],
  HardswishBackward0: [
    times(({ apply }, { tensor }) => {
      const self = tensor('self');
      const slope = apply('add', [apply('mul', [self, 1 / 3]), 0.5]);
      const above = apply('where', [apply('ge', [self, 3]), 1, slope]);
      return apply('where', [apply('lt', [self, -3]), 0, above]);
    }),
  ],
  SiluBackward0: [
    times(({ apply }, { tensor }) => {
      const self = tensor('self');
      const sigmoid = apply('sigmoid', [self]);
      const rest = apply('mul', [self, apply('sub', [1, sigmoid])]);
      return apply('mul', [sigmoid, apply('add', [rest, 1])]);
    }),
  ],
  SoftplusBackward0: [
    times(({ apply }, { saved, tensor }) => {
      const { beta, threshold } = softnessIn(saved);
      const scaled = apply('mul', [tensor('self'), beta]);
      return apply('where', [apply('gt', [scaled, threshold]), 1, apply('sigmoid', [scaled])]);
    }),
  ],
};

function square(apply: Apply, x: Tensor): Tensor {
  return apply('mul', [x, x]);
}

function overSquares({ apply }: Parts, { tensor }: RecordedPass, name: string): Tensor {
  const sum = apply('add', [square(apply, tensor('self')), square(apply, tensor('other'))]);
  return apply('div', [tensor(name), sum]);
}
