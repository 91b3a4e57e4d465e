import type { Tensor } from '../../machines/engine/graph.ts';
import { isSparse } from '../../machines/engine/sparse.ts';
import type { Program } from '../../src/index.ts';
import { runtimeError } from '../errors.ts';
import { torch } from '../torch.ts';
import {
  decayed,
  fullLike,
  moved,
  numberIn,
  plus,
  requireDense,
  requireNotNegative,
  tensorIn,
  weighted,
} from './arithmetic.ts';
import { builtInOptimizer } from './optimizer.ts';

/** Options of `Adagrad`. */
export interface AdagradOptions {
  readonly eps?: number;
  readonly initialAccumulatorValue?: number;
  readonly lr?: number;
  readonly lrDecay?: number;
  readonly weightDecay?: number;
}

/** @see PyTorch, `torch/optim/adagrad.py`, `_single_tensor_adagrad`. */
export const Adagrad = builtInOptimizer<AdagradOptions>('Adagrad', {
  *init(param, options) {
    const { eps = 1e-10, initialAccumulatorValue = 0, lr = 1e-2 } = options;
    requireNotNegative('learning rate', lr);
    requireNotNegative('lr_decay value', options.lrDecay ?? 0);
    requireNotNegative('weight_decay value', options.weightDecay ?? 0);
    requireNotNegative('initial_accumulator_value value', initialAccumulatorValue);
    requireNotNegative('epsilon value', eps);
    return { steps: 0, sum: yield* fullLike(param, initialAccumulatorValue) };
  },
  *step({ grad: given, options, param, state }) {
    const { eps = 1e-10, lr = 1e-2, lrDecay = 0, weightDecay = 0 } = options;
    const steps = numberIn(state, 'steps') + 1;
    if (isSparse(given) && weightDecay !== 0) {
      throw runtimeError('weight_decay option is not compatible with sparse gradients');
    }
    // What has no gradient stays as it is either way.
    const grad = yield* decayed(yield* torch.toDense(given), param, weightDecay);
    const sum = yield* torch.add(tensorIn(state, 'sum'), yield* torch.mul(grad, grad));
    const spread = yield* torch.add(yield* torch.sqrt(sum), eps);
    const delta = yield* torch.div(grad, spread);
    return {
      param: yield* moved(param, delta, -lr / (1 + (steps - 1) * lrDecay)),
      state: { steps, sum },
    };
  },
});

/** Options of `RMSprop`. */
export interface RMSpropOptions {
  readonly alpha?: number;
  readonly centered?: boolean;
  readonly eps?: number;
  readonly lr?: number;
  readonly momentum?: number;
  readonly weightDecay?: number;
}

/** @see PyTorch, `torch/optim/rmsprop.py`, `_single_tensor_rmsprop`. */
export const RMSprop = builtInOptimizer<RMSpropOptions>('RMSprop', {
  *init(param, { alpha = 0.99, eps = 1e-8, lr = 1e-2, momentum = 0, weightDecay = 0 }) {
    requireNotNegative('learning rate', lr);
    requireNotNegative('epsilon value', eps);
    requireNotNegative('momentum value', momentum);
    requireNotNegative('weight_decay value', weightDecay);
    requireNotNegative('alpha value', alpha);
    const zeros = yield* fullLike(param, 0);
    return { buffer: zeros, gradAvg: zeros, squareAvg: zeros };
  },
  *step({ grad: given, options, param, state }) {
    const { alpha = 0.99, centered = false, eps = 1e-8, lr = 1e-2, momentum = 0 } = options;
    requireDense('RMSprop does not support sparse gradients', given);
    const grad = yield* decayed(given, param, options.weightDecay ?? 0);
    const squares = yield* torch.mul(grad, grad);
    const squareAvg = yield* weighted([tensorIn(state, 'squareAvg'), alpha], [squares, 1 - alpha]);
    let gradAvg = tensorIn(state, 'gradAvg');
    let variance = squareAvg;
    if (centered) {
      gradAvg = yield* weighted([gradAvg, alpha], [grad, 1 - alpha]);
      variance = yield* torch.sub(squareAvg, yield* torch.mul(gradAvg, gradAvg));
    }
    const spread = yield* torch.add(yield* torch.sqrt(variance), eps);
    const scaled = yield* torch.div(grad, spread);
    const before = tensorIn(state, 'buffer');
    const buffer = momentum === 0 ? before : yield* plus(scaled, before, momentum);
    return {
      param: yield* moved(param, momentum === 0 ? scaled : buffer, -lr),
      state: { buffer, gradAvg, squareAvg },
    };
  },
});

/** Options of `Adadelta`. */
export interface AdadeltaOptions {
  readonly eps?: number;
  readonly lr?: number;
  readonly rho?: number;
  readonly weightDecay?: number;
}

/** @see PyTorch, `torch/optim/adadelta.py`, `_single_tensor_adadelta`. */
export const Adadelta = builtInOptimizer<AdadeltaOptions>('Adadelta', {
  *init(param, { eps = 1e-6, lr = 1, rho = 0.9, weightDecay = 0 }) {
    requireNotNegative('learning rate', lr);
    requireNotNegative('rho value', rho);
    requireNotNegative('epsilon value', eps);
    requireNotNegative('weight_decay value', weightDecay);
    const zeros = yield* fullLike(param, 0);
    return { accDelta: zeros, squareAvg: zeros };
  },
  *step({ grad: given, options, param, state }) {
    const { eps = 1e-6, lr = 1, rho = 0.9, weightDecay = 0 } = options;
    requireDense('Adadelta does not support sparse gradients', given);
    const grad = yield* decayed(given, param, weightDecay);
    const squareAvg = yield* averaged(tensorIn(state, 'squareAvg'), grad, rho);
    const before = tensorIn(state, 'accDelta');
    const spread = yield* torch.sqrt(yield* torch.add(squareAvg, eps));
    const last = yield* torch.sqrt(yield* torch.add(before, eps));
    const delta = yield* torch.mul(yield* torch.div(last, spread), grad);
    const accDelta = yield* averaged(before, delta, rho);
    return { param: yield* moved(param, delta, -lr), state: { accDelta, squareAvg } };
  },
});

/** The running average of the squares. */
function* averaged(before: Tensor, value: Tensor, rho: number): Program<Tensor> {
  return yield* weighted([before, rho], [yield* torch.mul(value, value), 1 - rho]);
}

/** Options of `Rprop`. */
export interface RpropOptions {
  readonly etas?: readonly [number, number];
  readonly lr?: number;
  readonly stepSizes?: readonly [number, number];
}

/** @see PyTorch, `torch/optim/rprop.py`, `_single_tensor_rprop`. */
export const Rprop = builtInOptimizer<RpropOptions>('Rprop', {
  *init(param, { lr = 1e-2 }) {
    requireNotNegative('learning rate', lr);
    return { previous: yield* fullLike(param, 0), stepSize: yield* fullLike(param, lr) };
  },
  *step({ grad, options, param, state }) {
    requireDense('Rprop does not support sparse gradients', grad);
    const { etas = [0.5, 1.2], stepSizes = [1e-6, 50] } = options;
    const [smaller, larger] = etas;
    const agreement = yield* torch.mul(grad, tensorIn(state, 'previous'));
    const turned = yield* torch.lt(agreement, 0);
    const kept = yield* torch.where(yield* torch.gt(agreement, 0), larger, 1);
    const factor = yield* torch.where(turned, smaller, kept);
    const [min, max] = stepSizes;
    const scaled = yield* torch.mul(tensorIn(state, 'stepSize'), factor);
    const stepSize = yield* torch.clamp(scaled, { max, min });
    const previous = yield* torch.where(turned, 0, grad);
    const delta = yield* torch.mul(yield* torch.sign(previous), stepSize);
    return { param: yield* moved(param, delta, -1), state: { previous, stepSize } };
  },
});
