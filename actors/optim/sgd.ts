import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program } from '../../src/index.ts';
import { valueError } from '../errors.ts';
import { torch } from '../torch.ts';
import { decayed, moved, plus, requireNotNegative, weighted } from './arithmetic.ts';
import { builtInOptimizer } from './optimizer.ts';
import type { ParameterState, ParameterStep, SteppedParameter } from './optimizer.ts';

/** Options of `SGD`. */
export interface SGDOptions {
  readonly dampening?: number;
  readonly lr: number;
  readonly maximize?: boolean;
  readonly momentum?: number;
  readonly nesterov?: boolean;
  readonly weightDecay?: number;
}

/** @see PyTorch, `torch/optim/sgd.py`, `_single_tensor_sgd`. */
export const SGD = builtInOptimizer<SGDOptions>('SGD', { init, step });

// oxlint-disable-next-line require-yield -- an init as the others are
function* init(_: Tensor, options: SGDOptions): Program<ParameterState> {
  const { dampening = 0, lr, momentum = 0, nesterov = false, weightDecay = 0 } = options;
  requireNotNegative('learning rate', lr);
  requireNotNegative('momentum value', momentum);
  requireNotNegative('weight_decay value', weightDecay);
  if (nesterov && (momentum <= 0 || dampening !== 0)) {
    throw valueError('Nesterov momentum requires a momentum and zero dampening');
  }
  return {};
}

function* step(stepped: ParameterStep<SGDOptions>): Program<SteppedParameter> {
  const { grad, options, param, state } = stepped;
  const { dampening = 0, lr, maximize = false, momentum = 0, nesterov = false } = options;
  const wanted = maximize ? yield* torch.neg(grad) : grad;
  let delta = yield* decayed(wanted, param, options.weightDecay ?? 0);
  if (momentum === 0) return { param: yield* moved(param, delta, -lr), state };
  const { momentumBuffer: before } = state;
  const buffer =
    typeof before === 'object'
      ? yield* weighted([before, momentum], [delta, 1 - dampening])
      : delta;
  delta = nesterov ? yield* plus(delta, buffer, momentum) : buffer;
  return { param: yield* moved(param, delta, -lr), state: { momentumBuffer: buffer } };
}
