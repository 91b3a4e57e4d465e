import type { Parts } from '../compose.ts';
import type { Tensor } from '../graph.ts';
import { numberIn } from '../operator.ts';
import { filled, metadataOf } from '../tensor.ts';
import type { RecordedDerivative, RecordedPass } from './recorded-derivative.ts';

export const keepsGrad: RecordedDerivative = (_, { grad }) => grad;
const negatesGrad: RecordedDerivative = ({ apply }, { grad }) => apply('neg', [grad]);

/** The second part of a sum or a difference, which counts `alpha` times. */
function weighs(sign: 1 | -1): RecordedDerivative {
  return ({ apply }, { grad, saved }) => {
    const weight = sign * numberIn(saved, 'alpha', 1);
    if (weight === 1) return grad;
    return weight === -1 ? apply('neg', [grad]) : apply('mul', [grad, weight]);
  };
}

/** The slope is the same around each point: the gradient times it. */
export const constantSlope: RecordedDerivative = ({ apply }, { grad, plain }) =>
  apply('mul', [grad, plain(filled(metadataOf(grad), 1))]);

/** The same where a slope of 0 lets nothing through, not even what is no number. */
export const maskingSlope: RecordedDerivative = (parts, pass) => {
  const { apply } = parts;
  const slope = pass.plain(filled(metadataOf(pass.grad), 1));
  const product = apply('mul', [pass.grad, slope]);
  return apply('masked_fill', [product, apply('eq', [slope, 0])], { value: 0 });
};

/** The gradient times `factor`. */
export function times(
  factor: (parts: Parts, pass: RecordedPass) => Tensor | number,
): RecordedDerivative {
  return (parts, pass) => parts.apply('mul', [pass.grad, factor(parts, pass)]);
}

/** By the names of nodes: what works element by element. */
export const arithmetic: Readonly<Record<string, readonly RecordedDerivative[]>> = {
  AddBackward0: [keepsGrad, weighs(1)],
  SubBackward0: [keepsGrad, weighs(-1)],
  MulBackward0: [
    times((_, { tensor }) => tensor('other')),
    times((_, { tensor }) => tensor('self')),
  ],
  DivBackward0: [
    ({ apply }, { grad, tensor }) => apply('div', [grad, tensor('other')]),
    ({ apply }, { grad, tensor }) => {
      const other = tensor('other');
      const quotient = apply('div', [apply('div', [tensor('self'), other]), other]);
      return apply('neg', [apply('mul', [grad, quotient])]);
    },
  ],
  PowBackward0: [
    times(({ apply }, { saved, tensor }) => {
      const exponent = numberIn(saved, 'exponent', 1);
      if (exponent === 0) return 0;
      return apply('mul', [
        apply('pow.scalar', [tensor('self')], { exponent: exponent - 1 }),
        exponent,
      ]);
    }),
  ],
  PowBackward1: [
    ({ apply }, { grad, tensor }) => {
      const exponent = tensor('other');
      const power = apply('pow.tensor', [tensor('self'), apply('sub', [exponent, 1])]);
      const slope = apply('mul', [grad, apply('mul', [exponent, power])]);
      return apply('where', [apply('eq', [exponent, 0]), 0, slope]);
    },
    ({ apply }, { grad, tensor }) => {
      const [base, exponent] = [tensor('self'), tensor('other')];
      const power = apply('pow.tensor', [base, exponent]);
      const slope = apply('mul', [power, apply('log', [base])]);
      // Where the power does not depend on the exponent the derivative is 0, not the logarithm of 0.
      const isFlat = apply('mul', [
        apply('where', [apply('eq', [base, 0]), 1, 0]),
        apply('where', [apply('ge', [exponent, 0]), 1, 0]),
      ]);
      return apply('mul', [grad, apply('where', [isFlat, 0, slope])]);
    },
  ],
  PowBackward2: [
    times(({ apply }, { saved, tensor }) => {
      const base = numberIn(saved, 'base', 1);
      const exponent = tensor('exponent');
      const power = apply('pow.base', [exponent], { base });
      const slope = apply('mul', [power, naturalLog(apply, base)]);
      return base === 0 ? apply('where', [apply('ge', [exponent, 0]), 0, slope]) : slope;
    }),
  ],
  MaximumBackward0: [maskingSlope, maskingSlope],
  MinimumBackward0: [maskingSlope, maskingSlope],
  NegBackward0: [negatesGrad],
  AbsBackward0: [constantSlope],
  SignBackward0: [constantSlope],
  ClampBackward1: [maskingSlope],
  CloneBackward0: [keepsGrad],
  CopyBackwards: [constantSlope, keepsGrad],
  FillBackward0: [constantSlope],
  ZeroBackward0: [constantSlope],
  SqrtBackward0: [
    ({ apply }, { grad, tensor }) => apply('div', [grad, apply('mul', [tensor('result'), 2])]),
  ],
  RsqrtBackward0: [
    times(({ apply }, { tensor }) =>
      apply('mul', [apply('pow.scalar', [tensor('result')], { exponent: 3 }), -0.5]),
    ),
  ],
  ReciprocalBackward0: [
    times(({ apply }, { tensor }) => {
      const result = tensor('result');
      return apply('neg', [apply('mul', [result, result])]);
    }),
  ],
  ExpBackward0: [times((_, { tensor }) => tensor('result'))],
  LogBackward0: [({ apply }, { grad, tensor }) => apply('div', [grad, tensor('self')])],
  SinBackward0: [times(({ apply }, { tensor }) => apply('cos', [tensor('self')]))],
  CosBackward0: [times(({ apply }, { tensor }) => apply('neg', [apply('sin', [tensor('self')])]))],
  TanBackward0: [
    times(({ apply }, { tensor }) => {
      const result = tensor('result');
      return apply('add', [apply('mul', [result, result]), 1]);
    }),
  ],
  TanhBackward0: [
    times(({ apply }, { tensor }) => {
      const result = tensor('result');
      return apply('sub', [1, apply('mul', [result, result])]);
    }),
  ],
};

function naturalLog(apply: Parts['apply'], base: number): number {
  return apply('log', [base]).data[0] ?? 0;
}
