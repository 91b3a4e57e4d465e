/** What an optimizer is: two functions of one parameter, which workers know by its name. */
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Functions, Program } from '../../src/index.ts';

/** What an optimizer keeps of a parameter between steps. */
export type ParameterState = Readonly<Record<string, Tensor | number>>;

/** One step of one parameter that has a gradient. */
export interface ParameterStep<Options> {
  readonly grad: Tensor;
  readonly options: Options;
  readonly param: Tensor;
  readonly state: ParameterState;
}

/** A parameter after a step. */
export interface SteppedParameter {
  readonly param: Tensor;
  readonly state: ParameterState;
}

/** The parts of an optimizer. */
export interface OptimizerParts<Options> {
  /** What it keeps of a parameter at first; it throws for options that cannot be. */
  readonly init: (param: Tensor, options: Options) => Program<ParameterState>;
  /** Runs without recording. The parameter is to be changed in place. */
  readonly step: (step: ParameterStep<Options>) => Program<SteppedParameter>;
}

/** An optimizer as workers know it. */
export interface OptimizerClass<Options> {
  /** To be registered with the cluster; those of PyTorch are known. */
  readonly functions: Functions;
  /** Whether PyTorch runs it as TorchScript, which reads gradients where they are and takes no lock. */
  readonly isFunctional: boolean;
  readonly name: string;
  /** The type of its options, for the compiler alone. */
  readonly optionsType?: Options;
}

/**
 * An optimizer of one's own, as a subclass of `torch.optim.Optimizer`. Register its `functions` with the
 * cluster: `defineFunctions({ main, ...Mine.functions })`.
 */
export function defineOptimizer<Options>(
  name: string,
  parts: OptimizerParts<Options>,
): OptimizerClass<Options> {
  return optimizerClass(name, parts, false);
}

/** An optimizer of PyTorch, which all workers know. */
export function builtInOptimizer<Options>(
  name: string,
  parts: OptimizerParts<Options>,
): OptimizerClass<Options> {
  return optimizerClass(`torch.optim.${name}`, parts, true);
}

function optimizerClass<Options>(
  name: string,
  { init, step }: OptimizerParts<Options>,
  isFunctional: boolean,
): OptimizerClass<Options> {
  const functions = { [`${name}.init`]: init, [`${name}.step`]: step };
  return Object.freeze({ functions: Object.freeze(functions), isFunctional, name });
}
