/**
 * Differentiable functions of user code.
 *
 * @see PyTorch, `torch/autograd/function.py`.
 */
import type { Tensor } from '../machines/engine/graph.ts';
import { isTensor } from '../machines/engine/tensor.ts';
import type { Program, UserFunction } from '../src/index.ts';
import { named, perform } from '../src/index.ts';
import { noGrad } from './ask.ts';
import { runtimeError } from './errors.ts';

/** What forward of a function of user code keeps for its backward. */
export interface FunctionContext {
  /** `ctx.save_for_backward`. */
  readonly saveForBackward: (...values: readonly unknown[]) => void;
}

/** What backward of a function of user code sees of its forward. */
export interface SavedContext {
  readonly saved: readonly unknown[];
}

/** The parts of a differentiable function. */
export interface FunctionParts {
  /** A registered function: of the context and a gradient for each result, one for each argument. */
  readonly backward: UserFunction;
  readonly forward: (
    ctx: FunctionContext,
    ...args: readonly never[]
  ) => Program<Tensor | readonly Tensor[]>;
}

/**
 * `class name(torch.autograd.Function)`: `apply` runs `forward` unrecorded, and a backward pass calls
 * `backward`, which is to be registered with the cluster.
 */
export function autogradFunction(name: string, { backward: back, forward }: FunctionParts) {
  function* apply(...args: readonly unknown[]): Program<readonly Tensor[]> {
    const kept: unknown[] = [];
    const ctx: FunctionContext = {
      saveForBackward: (...values) => {
        kept.splice(0, kept.length, ...values);
      },
    };
    // cast -- who defines the function says what it takes
    const results = yield* noGrad(() => forward(ctx, ...(args as readonly never[])));
    return yield* perform<readonly Tensor[]>({
      type: 'torch.record-custom',
      fn: yield* named(back),
      inputs: args.map((arg) => (isTensor(arg) ? arg : undefined)),
      kept,
      name,
      outputs: isTensorList(results) ? results : [results],
    });
  }
  return Object.freeze({
    /** The only result, or the first. */
    *apply(...args: readonly unknown[]): Program<Tensor> {
      const [first] = yield* apply(...args);
      if (first === undefined) throw runtimeError(`${name}.forward gave no tensor`);
      return first;
    },
    applyAll: apply,
  });
}

function isTensorList(results: Tensor | readonly Tensor[]): results is readonly Tensor[] {
  return Array.isArray(results);
}
