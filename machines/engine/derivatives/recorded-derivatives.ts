import { arithmetic } from './arithmetic.ts';
import { functions } from './functions.ts';
import { matrices } from './matrices.ts';
import type { RecordedDerivative } from './recorded-derivative.ts';
import { reductions } from './reductions.ts';
import { shapes } from './shapes.ts';

/**
 * The derivatives of operators written with operators, by the names of their nodes; what a backward pass
 * with `create_graph` records. One entry an input, or one for all where the operator takes a list.
 *
 * @see PyTorch, `tools/autograd/derivatives.yaml`.
 */
export const recordedDerivatives: ReadonlyMap<string, readonly RecordedDerivative[]> = new Map(
  Object.entries({ ...arithmetic, ...functions, ...matrices, ...reductions, ...shapes }),
);
