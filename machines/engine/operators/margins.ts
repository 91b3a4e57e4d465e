/**
 * Losses that are written in terms of other operators.
 *
 * @see PyTorch, `aten/src/ATen/native/Loss.cpp`; `torch/nn/functional.py`.
 */
import { log } from '../../../src/core/portable-math.ts';
import { broadcastShape } from '../broadcast.ts';
import type { Apply } from '../compose.ts';
import { composed } from '../compose.ts';
import type { Tensor } from '../graph.ts';
import type { Attributes, Operator } from '../operator.ts';
import { flagIn, inputAt, numberIn } from '../operator.ts';
import { formatShape, isSameShape } from '../tensor.ts';
import { TorchError, torchCheck } from '../torch-error.ts';
import { reduced } from './losses.ts';

export const margins = {
  /** Whether the first is larger, where `target` is 1, or smaller, where it is -1, by `margin`. */
  margin_ranking_loss: composed(3, ({ apply }, [x1 = 0, x2 = 0, y = 0], attributes) => {
    const difference = apply('mul', [apply('neg', [y]), apply('sub', [x1, x2])]);
    return [
      reduced(apply, attributes, above(apply, apply('add', [difference, marginIn(attributes, 0)]))),
    ];
  }),
  hinge_embedding_loss: composed(2, ({ apply }, [x = 0, y = 0], attributes) => {
    const far = above(apply, apply('sub', [marginIn(attributes, 1), x]));
    return [
      reduced(
        apply,
        attributes,
        apply('add', [
          apply('where', [apply('ne', [y, 1]), far, 0]),
          apply('where', [apply('ne', [y, -1]), x, 0]),
        ]),
      ),
    ];
  }),
  cosine_embedding_loss: composed(3, ({ apply }, [x1, x2, y = 0], attributes) => {
    if (x1 === undefined || x2 === undefined) return [];
    const dim = x1.shape.length - 1;
    const [product = 0, first = 0, second = 0] = [
      [x1, x2],
      [x1, x1],
      [x2, x2],
    ].map((pair) => apply('sum', [apply('mul', pair)], { dim }));
    const [large, small] = [first, second].map((each) => apply('add', [each, 1e-12]));
    const cosine = apply('div', [product, apply('sqrt', [apply('mul', [large ?? 0, small ?? 0])])]);
    const far = above(apply, apply('sub', [cosine, marginIn(attributes, 0)]));
    return [
      reduced(
        apply,
        attributes,
        apply('add', [
          apply('where', [apply('eq', [y, 1]), apply('sub', [1, cosine]), 0]),
          apply('where', [apply('eq', [y, -1]), far, 0]),
        ]),
      ),
    ];
  }),
  /** Whether the second is nearer to the first than the third, by `margin`. */
  triplet_margin_loss: composed(3, ({ apply }, [anchor = 0, near = 0, far = 0], attributes) => {
    const measure = { eps: numberIn(attributes, 'eps', 1e-6), p: numberIn(attributes, 'p', 2) };
    const close = apply('pairwise_distance', [anchor, near], measure);
    const away = apply('pairwise_distance', [anchor, far], measure);
    const least = flagIn(attributes, 'swap')
      ? apply('minimum', [away, apply('pairwise_distance', [near, far], measure)])
      : away;
    const sum = apply('add', [apply('sub', [close, least]), marginIn(attributes, 1)]);
    return [reduced(apply, attributes, above(apply, sum))];
  }),
  soft_margin_loss: composed(2, ({ apply }, inputs, attributes) => {
    const [x, y] = [inputAt(inputs, 0), inputAt(inputs, 1)];
    torchCheck(
      !y.requiresGrad,
      "The function 'soft_margin_loss' is not differentiable with respect to argument 'target'. This input " +
        'cannot have requires_grad True.',
    );
    const shape = broadcastShape(x.shape, y.shape);
    torchCheck(
      isSameShape(shape, x.shape),
      `output with shape ${formatShape(x.shape)} doesn't match the broadcast shape ${formatShape(shape)}`,
    );
    const curve = apply('exp', [apply('neg', [apply('mul', [y, x])])]);
    return [reduced(apply, attributes, apply('log1p', [curve]))];
  }),
  multilabel_soft_margin_loss: composed(2, ({ apply }, [x = 0, y = 0], attributes) => {
    const loss = apply('add', [
      apply('mul', [y, apply('logsigmoid', [x])]),
      apply('mul', [apply('sub', [1, y]), apply('logsigmoid', [apply('neg', [x])])]),
    ]);
    const rows = apply('mean', [apply('neg', [loss])], { dim: -1 });
    return [reduced(apply, attributes, rows)];
  }),
  poisson_nll_loss: composed(2, ({ apply }, [x = 0, y = 0], attributes) => {
    const eps = numberIn(attributes, 'eps', 1e-8);
    const isLog = attributes['log_input'] !== false;
    const loss = isLog
      ? apply('sub', [apply('exp', [x]), apply('mul', [y, x])])
      : apply('sub', [x, apply('mul', [y, apply('log', [apply('add', [x, eps])])])]);
    return [reduced(apply, attributes, loss)];
  }),
  /** Of means, what was seen, and variances, which are kept above `eps` in numbers, not in gradients. */
  gaussian_nll_loss: composed(3, ({ apply }, [x = 0, y = 0, variance], attributes) => {
    if (variance === undefined) return [];
    if (variance.data.some((each) => each < 0)) {
      throw new TorchError('ValueError', 'var has negative entry/entries');
    }
    const eps = numberIn(attributes, 'eps', 1e-6);
    const missing = apply('sub', [apply('clamp', [variance], { min: eps }), variance]);
    const kept = apply('add', [variance, apply('detach', [missing])]);
    const distance = apply('square', [apply('sub', [x, y])]);
    const sum = apply('add', [apply('log', [kept]), apply('div', [distance, kept])]);
    const full = flagIn(attributes, 'full') ? log(2 * Math.PI) / 2 : 0;
    const loss = apply('mul', [sum, 0.5]);
    return [reduced(apply, attributes, full === 0 ? loss : apply('add', [loss, full]))];
  }),
} satisfies Readonly<Record<string, Operator>>;

function marginIn(attributes: Attributes, otherwise: number): number {
  return numberIn(attributes, 'margin', otherwise);
}

/** What is below zero is zero. */
function above(apply: Apply, x: Tensor): Tensor {
  return apply('clamp', [x], { min: 0 });
}
