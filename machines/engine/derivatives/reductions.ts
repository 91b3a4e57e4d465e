import type { Parts } from '../compose.ts';
import type { Shape, Tensor } from '../graph.ts';
import { numberIn, numbersIn } from '../operator.ts';
import { dimsOf } from '../operators/dims.ts';
import { correctionIn } from '../operators/reductions.ts';
import { usualDim } from '../operators/softmax.ts';
import { elementsIn, filled, float32, metadataOf } from '../tensor.ts';
import type { RecordedDerivative, RecordedPass } from './recorded-derivative.ts';
import { stretchedAlong } from './recorded-derivative.ts';

const sums: RecordedDerivative = (parts, pass) => stretchedGrad(parts, pass);
const means: RecordedDerivative = (parts, pass) =>
  parts.apply('div', [stretchedGrad(parts, pass), Math.max(groupSize(pass), 1)]);

/** Which element was the largest does not change around a point. */
const selects: RecordedDerivative = (parts, pass) => {
  const slope = pass.plain(filled(metadataOf(pass.grad), 1));
  return parts.apply('mul', [stretchedGrad(parts, pass), slope]);
};

/** The product of the others is the result over the element, or is computed where one is zero. */
const multiplies: RecordedDerivative = (parts, pass) => {
  const self = pass.tensor('self');
  if (self.shape.length === 0) return pass.grad;
  if (self.data.includes(0)) {
    return parts.apply('mul', [stretchedGrad(parts, pass), productOfOthers(parts, pass)]);
  }
  const products = parts.apply('mul', [pass.grad, pass.tensor('result')]);
  return parts.apply('div', [stretched(parts, pass, products), self]);
};

/** In a row for each element stand all of its group, itself as a one. */
function productOfOthers({ apply }: Parts, pass: RecordedPass): Tensor {
  const self = pass.tensor('self');
  const dims = dimsOf(self.shape, pass.saved);
  const order = [
    ...[...self.shape.keys()].filter((dim) => !dims.has(dim)),
    ...[...self.shape.keys()].filter((dim) => dims.has(dim)),
  ];
  const turned = apply('permute', [self], { dims: order });
  const size = groupSize(pass);
  const rows = apply('view', [turned], { shape: [-1, 1, size] });
  const all = apply('expand', [rows], { size: [-1, size, size] });
  const diagonal = Array.from({ length: size * size }, (_, place) =>
    place % (size + 1) === 0 ? 1 : 0,
  );
  const others = apply('masked_fill', [all, float32([size, size], diagonal)], { value: 1 });
  const products = apply('prod.dim', [others], { dim: -1 });
  const laid = apply('view', [products], { shape: turned.shape });
  return apply('permute', [laid], { dims: order.map((_, dim) => order.indexOf(dim)) });
}

/** @see PyTorch, `torch/csrc/autograd/FunctionsManual.cpp`, `norm_backward`. */
function lengthens(
  { apply }: Parts,
  { saved, tensor }: RecordedPass,
  { grad, result }: { readonly grad: Tensor; readonly result: Tensor },
): Tensor {
  const self = tensor('self');
  const p = numberIn(saved, 'p', 2);
  if (p === 0) return apply('mul', [grad, 0]);
  if (p === 1) return apply('mul', [apply('sign', [self]), grad]);
  const isNothing = apply('eq', [result, 0]);
  const without = (each: Tensor, isOut: Tensor) =>
    apply('masked_fill', [each, isOut], { value: 0 });
  if (p === 2) return apply('mul', [without(apply('div', [self, result]), isNothing), grad]);
  const raised = (each: Tensor, exponent: number) => apply('pow.scalar', [each], { exponent });
  const power = raised(apply('abs', [self]), p < 2 ? p - 1 : p - 2);
  const share = apply('mul', [p < 2 ? apply('sign', [self]) : self, power]);
  if (p < 1) {
    const kept = without(share, apply('eq', [self, 0]));
    return apply('mul', [apply('mul', [kept, grad]), raised(result, 1 - p)]);
  }
  const scale = without(apply('div', [grad, raised(result, p - 1)]), isNothing);
  return apply('mul', [share, scale]);
}

/** By the names of nodes: what makes one number of many, and what works along a dimension. */
export const reductions: Readonly<Record<string, readonly RecordedDerivative[]>> = {
  SumBackward0: [sums],
  SumBackward1: [sums],
  MeanBackward0: [means],
  MeanBackward1: [means],
  ProdBackward0: [multiplies],
  ProdBackward1: [multiplies],
  AmaxBackward0: [selects],
  AminBackward0: [selects],
  MaxBackward0: [selects],
  MaxBackward1: [selects],
  MedianBackward0: [selects],
  MinBackward0: [selects],
  MinBackward1: [selects],
  LogsumexpBackward0: [
    (parts, pass) => {
      const distance = parts.apply('sub', [
        pass.tensor('self'),
        stretched(parts, pass, pass.tensor('result')),
      ]);
      return parts.apply('mul', [stretchedGrad(parts, pass), parts.apply('exp', [distance])]);
    },
  ],
  VarBackward0: [(parts, pass) => spreads(parts, pass, pass.grad)],
  StdBackward0: [
    (parts, pass) => {
      const { apply } = parts;
      const result = pass.tensor('result');
      const slope = apply('div', [pass.grad, apply('mul', [result, 2])]);
      const isFlat = apply('eq', [result, 0]);
      return spreads(parts, pass, apply('masked_fill', [slope, isFlat], { value: 0 }));
    },
  ],
  SoftmaxBackward0: [
    ({ apply }, { grad, saved, tensor }) => {
      const result = tensor('result');
      const weighted = apply('mul', [grad, result]);
      const sum = apply('sum.dim', [weighted], {
        dim: numberIn(saved, 'dim', usualDim(grad.shape)),
        keepdim: true,
      });
      return apply('mul', [apply('sub', [grad, sum]), result]);
    },
  ],
  LogSoftmaxBackward0: [
    ({ apply }, { grad, saved, tensor }) => {
      const sum = apply('sum.dim', [grad], {
        dim: numberIn(saved, 'dim', usualDim(grad.shape)),
        keepdim: true,
      });
      return apply('sub', [grad, apply('mul', [apply('exp', [tensor('result')]), sum])]);
    },
  ],
  CumsumBackward0: [
    ({ apply }, { grad, saved }) => {
      const dim = numberIn(saved, 'dim', usualDim(grad.shape));
      if (grad.shape.length === 0) return grad;
      const turned = apply('cumsum', [apply('flip', [grad], { dims: [dim] })], { dim });
      return apply('flip', [turned], { dims: [dim] });
    },
  ],
  MseLossBackward0: squared(2),
  SmoothL1LossBackward0: bounded(),
  HuberLossBackward0: bounded(),
  BinaryCrossEntropyWithLogitsBackward0: [
    (parts, pass) => {
      const chance = parts.apply('sigmoid', [pass.tensor('input')]);
      return averaged(parts, pass, parts.apply('sub', [chance, pass.tensor('target')]));
    },
    (parts, pass) => averaged(parts, pass, parts.apply('neg', [pass.tensor('input')])),
  ],
  NormBackward1: [
    (parts, pass) => {
      const grad = stretchedGrad(parts, pass);
      const result = stretched(parts, pass, pass.tensor('result'));
      return lengthens(parts, pass, { grad, result });
    },
  ],
  BinaryCrossEntropyBackward0: [
    (parts, pass) => {
      const { apply } = parts;
      const [x, y] = [pass.tensor('input'), pass.tensor('target')];
      const spread = apply('clamp', [apply('mul', [apply('sub', [1, x]), x])], { min: 1e-12 });
      return averaged(parts, pass, apply('div', [apply('sub', [x, y]), spread]));
    },
    (parts, pass) => {
      const x = pass.tensor('input');
      const { apply } = parts;
      const slope = apply('sub', [apply('log', [apply('sub', [1, x])]), apply('log', [x])]);
      return averaged(parts, pass, slope);
    },
  ],
  NllLossBackward0: [
    (parts, pass) => {
      const { grad, plain, saved } = pass;
      const rank = numbersIn(saved, 'inputShape').length;
      const slope = plain(filled(metadataOf(grad), 1));
      const row = grad.shape.length > 0 && rank === 2;
      return parts.apply('mul', [
        row ? parts.apply('unsqueeze', [grad], { dim: -1 }) : grad,
        slope,
      ]);
    },
  ],
};

function shapeOf({ saved }: RecordedPass): Shape {
  const { self } = saved;
  return typeof self === 'object' && 'type' in self ? self.shape : numbersIn(saved, 'inputShape');
}

function groupSize(pass: RecordedPass): number {
  const shape = shapeOf(pass);
  const dims = dimsOf(shape, pass.saved);
  return elementsIn(shape.filter((_, dim) => dims.has(dim)));
}

function stretched(parts: Parts, pass: RecordedPass, reduced: Tensor): Tensor {
  return stretchedAlong(parts, reduced, { attributes: pass.saved, shape: shapeOf(pass) });
}

function stretchedGrad(parts: Parts, pass: RecordedPass): Tensor {
  return stretched(parts, pass, pass.grad);
}

function spreads(parts: Parts, pass: RecordedPass, grad: Tensor): Tensor {
  const { apply } = parts;
  const self = pass.tensor('self');
  const size = groupSize(pass);
  const correction = correctionIn(pass.saved);
  const dims = [...dimsOf(self.shape, pass.saved)];
  const mean = apply('mean.dim', [self], { dim: dims, keepdim: true });
  const distance = apply('mul', [apply('sub', [self, mean]), 2 / (size - correction)]);
  return apply('mul', [stretched(parts, pass, grad), distance]);
}

/** The gradient of a loss times the slope of each element. */
function averaged({ apply }: Parts, { grad, saved }: RecordedPass, slope: Tensor): Tensor {
  const product = apply('mul', [grad, slope]);
  const { reduction = 'mean' } = saved;
  return reduction === 'mean' ? apply('div', [product, slope.data.length]) : product;
}

function squared(factor: number): readonly RecordedDerivative[] {
  return [factor, -factor].map((each) => (parts, pass) => {
    const distance = parts.apply('sub', [pass.tensor('input'), pass.tensor('target')]);
    return averaged(parts, pass, parts.apply('mul', [distance, each]));
  });
}

function bounded(): readonly RecordedDerivative[] {
  return [1, -1].map((sign) => (parts, pass) => {
    const distance = parts.apply('sub', [pass.tensor('input'), pass.tensor('target')]);
    const slope = parts.apply('hardtanh', [distance]);
    return averaged(parts, pass, parts.apply('mul', [slope, sign]));
  });
}
