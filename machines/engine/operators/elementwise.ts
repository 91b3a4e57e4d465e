import { cos, exp, sin, tanh } from '../../../src/core/portable-math.ts';
import { mapElements, zipWith } from '../broadcast.ts';
import type { Derivative, FinishedCall, PrimitiveOperator } from '../operator.ts';
import { binary, inputAt, savedTensor, unary } from '../operator.ts';

const keepsGrad: Derivative = { gradient: ({ grad }) => grad };

const negatesGrad: Derivative = { gradient: ({ grad }) => mapElements(grad, (g) => -g) };

/** The operators that work element by element, their inputs broadcast to one shape. */
export const elementwise = {
  add: binary('AddBackward0', {
    forward: (self, other) => zipWith(self, other, (a, b) => a + b),
    self: keepsGrad,
    other: keepsGrad,
  }),
  sub: binary('SubBackward0', {
    forward: (self, other) => zipWith(self, other, (a, b) => a - b),
    self: keepsGrad,
    other: negatesGrad,
  }),
  mul: binary('MulBackward0', {
    forward: (self, other) => zipWith(self, other, (a, b) => a * b),
    self: {
      saves: ({ inputs }) => ({ other: inputAt(inputs, 1) }),
      gradient: ({ grad, saved }) => zipWith(grad, savedTensor(saved, 'other'), (g, b) => g * b),
    },
    other: {
      saves: savesSelf,
      gradient: ({ grad, saved }) => zipWith(grad, savedTensor(saved, 'self'), (g, a) => g * a),
    },
  }),
  neg: unary('NegBackward0', (self) => mapElements(self, (x) => -x), negatesGrad),
  sin: unary('SinBackward0', (self) => mapElements(self, sin), {
    saves: savesSelf,
    gradient: ({ grad, saved }) => zipWith(grad, savedTensor(saved, 'self'), (g, x) => g * cos(x)),
  }),
  tanh: unary('TanhBackward0', (self) => mapElements(self, tanh), {
    saves: savesResult,
    gradient: ({ grad, saved }) =>
      zipWith(grad, savedTensor(saved, 'result'), (g, y) => g * (1 - y * y)),
  }),
  relu: unary('ReluBackward0', (self) => mapElements(self, (x) => (x > 0 ? x : nanOrZero(x))), {
    saves: savesResult,
    gradient: ({ grad, saved }) =>
      zipWith(grad, savedTensor(saved, 'result'), (g, y) => (y > 0 ? g : 0)),
  }),
  exp: unary('ExpBackward0', (self) => mapElements(self, exp), {
    saves: savesResult,
    gradient: ({ grad, saved }) => zipWith(grad, savedTensor(saved, 'result'), (g, y) => g * y),
  }),
  clone: unary('CloneBackward0', (self) => self, keepsGrad),
} satisfies Readonly<Record<string, PrimitiveOperator>>;

function savesSelf({ inputs }: FinishedCall) {
  return { self: inputAt(inputs, 0) };
}

function savesResult({ outputs }: FinishedCall) {
  return { result: inputAt(outputs, 0) };
}

/** `relu` lets NaN through. */
function nanOrZero(x: number): number {
  return Number.isNaN(x) ? x : 0;
}
