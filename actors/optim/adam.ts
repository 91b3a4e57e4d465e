import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program } from '../../src/index.ts';
import { torch } from '../torch.ts';
import {
  decayed,
  fullLike,
  moved,
  numberIn,
  requireBetas,
  requireDense,
  requireNotNegative,
  tensorIn,
  weighted,
} from './arithmetic.ts';
import { builtInOptimizer } from './optimizer.ts';
import type { ParameterState, ParameterStep, SteppedParameter } from './optimizer.ts';

/** Options of `Adam`, `AdamW` and `Adamax`. */
export interface AdamOptions {
  /** Not for `Adamax`. */
  readonly amsgrad?: boolean;
  readonly betas?: readonly [number, number];
  readonly eps?: number;
  readonly lr?: number;
  /** `AdamW` has 0.01 unless told, the others 0. */
  readonly weightDecay?: number;
}

const betasDefault = [0.9, 0.999] as const;

/** @see PyTorch, `torch/optim/adam.py`, `_single_tensor_adam`. */
export const Adam = builtInOptimizer<AdamOptions>('Adam', {
  init: (param, options) => init(param, options, ['expAvgSq', 'maxExpAvgSq']),
  step: function* step({ options, ...stepped }) {
    const { weightDecay = 0 } = options;
    requireDense(
      'Adam does not support sparse gradients, please consider SparseAdam instead',
      stepped.grad,
    );
    const grad = yield* decayed(stepped.grad, stepped.param, weightDecay);
    return yield* adamStep({ ...stepped, grad, options });
  },
});

/** @see PyTorch, `torch/optim/adamw.py`, `_single_tensor_adamw`. */
export const AdamW = builtInOptimizer<AdamOptions>('AdamW', {
  init: (param, options) => init(param, options, ['expAvgSq', 'maxExpAvgSq']),
  step: function* step({ options, ...stepped }) {
    const { lr = 1e-3, weightDecay = 1e-2 } = options;
    requireDense('AdamW does not support sparse gradients', stepped.grad);
    const param = yield* torch.applyInPlace('mul', [stepped.param, 1 - lr * weightDecay]);
    return yield* adamStep({ ...stepped, options, param });
  },
});

/** @see PyTorch, `torch/optim/adamax.py`, `_single_tensor_adamax`. */
export const Adamax = builtInOptimizer<AdamOptions>('Adamax', {
  init: (param, options) => init(param, { lr: 2e-3, ...options }, ['expInf']),
  step: function* step({ grad: given, options, param, state }) {
    const { betas = betasDefault, eps = 1e-8, lr = 2e-3, weightDecay = 0 } = options;
    const [beta1, beta2] = betas;
    requireDense('Adamax does not support sparse gradients', given);
    const grad = yield* decayed(given, param, weightDecay);
    const expAvg = yield* weighted([tensorIn(state, 'expAvg'), beta1], [grad, 1 - beta1]);
    const expInf = yield* torch.maximum(
      yield* torch.mul(tensorIn(state, 'expInf'), beta2),
      yield* torch.add(yield* torch.abs(grad), eps),
    );
    const power1 = numberIn(state, 'power1') * beta1;
    const delta = yield* torch.div(expAvg, expInf);
    return {
      param: yield* moved(param, delta, -lr / (1 - power1)),
      state: { ...state, expAvg, expInf, power1 },
    };
  },
});

/** `power1` and `power2` are the factors to the power of the steps so far. */
function* init(
  param: Tensor,
  options: AdamOptions,
  averages: readonly string[],
): Program<ParameterState> {
  const { betas = betasDefault, eps = 1e-8, lr = 1e-3, weightDecay = 0 } = options;
  requireNotNegative('learning rate', lr);
  requireNotNegative('epsilon value', eps);
  requireBetas(betas);
  requireNotNegative('weight_decay value', weightDecay);
  const zeros = yield* fullLike(param, 0);
  const all = ['expAvg', ...averages].map((name) => [name, zeros] as const);
  return { ...Object.fromEntries(all), power1: 1, power2: 1 };
}

function* adamStep(stepped: ParameterStep<AdamOptions>): Program<SteppedParameter> {
  const { grad, options, param, state } = stepped;
  const { amsgrad = false, betas = betasDefault, eps = 1e-8, lr = 1e-3 } = options;
  const [beta1, beta2] = betas;
  const power1 = numberIn(state, 'power1') * beta1;
  const power2 = numberIn(state, 'power2') * beta2;
  const expAvg = yield* weighted([tensorIn(state, 'expAvg'), beta1], [grad, 1 - beta1]);
  const squares = yield* torch.mul(grad, grad);
  const expAvgSq = yield* weighted([tensorIn(state, 'expAvgSq'), beta2], [squares, 1 - beta2]);
  const maxExpAvgSq = amsgrad
    ? yield* torch.maximum(tensorIn(state, 'maxExpAvgSq'), expAvgSq)
    : tensorIn(state, 'maxExpAvgSq');
  const root = yield* torch.sqrt(amsgrad ? maxExpAvgSq : expAvgSq);
  const denominator = yield* torch.add(yield* torch.div(root, Math.sqrt(1 - power2)), eps);
  const delta = yield* torch.div(expAvg, denominator);
  return {
    param: yield* moved(param, delta, -lr / (1 - power1)),
    state: { ...state, expAvg, expAvgSq, maxExpAvgSq, power1, power2 },
  };
}
