import type { Operator, PrimitiveOperator } from './operator.ts';
import { activations } from './operators/activations.ts';
import { adjoints } from './operators/adjoints.ts';
import { aliases } from './operators/aliases.ts';
import { cells } from './operators/cells.ts';
import { combining } from './operators/combining.ts';
import { compositions } from './operators/compositions.ts';
import { devices } from './operators/devices.ts';
import { einsums } from './operators/einsum.ts';
import { elementwise } from './operators/elementwise.ts';
import { embeddingBags } from './operators/embedding-bag.ts';
import { embeddings } from './operators/embedding.ts';
import { functions } from './operators/functions.ts';
import { indexing } from './operators/indexing.ts';
import { joining } from './operators/joining.ts';
import { losses } from './operators/losses.ts';
import { margins } from './operators/margins.ts';
import { matrices } from './operators/matrices.ts';
import { norms } from './operators/norms.ts';
import { ordering } from './operators/ordering.ts';
import { pairs } from './operators/pairs.ts';
import { placing } from './operators/placing.ts';
import { products } from './operators/products.ts';
import { reductions } from './operators/reductions.ts';
import { selections } from './operators/selections.ts';
import { shrinking } from './operators/shrinking.ts';
import { alongDimension } from './operators/softmax.ts';
import { sparseOperators } from './operators/sparse.ts';
import { views } from './operators/views.ts';

const named = {
  ...activations,
  ...adjoints,
  ...aliases,
  ...alongDimension,
  ...cells,
  ...compositions,
  ...devices,
  ...combining,
  ...einsums,
  ...margins,
  ...ordering,
  ...placing,
  ...shrinking,
  ...elementwise,
  ...embeddingBags,
  ...embeddings,
  ...functions,
  ...indexing,
  ...joining,
  ...losses,
  ...matrices,
  ...norms,
  ...pairs,
  ...products,
  ...reductions,
  ...selections,
  ...sparseOperators,
  ...views,
  /** The value without its history. */
  detach: {
    type: 'primitive',
    arity: 1,
    derivatives: [],
    forward: ({ inputs }) => inputs,
    kinds: ['moved'],
    node: 'DetachBackward0',
  },
} satisfies Readonly<Record<string, Operator>>;

/** The names of the operators. */
export type OperatorName = keyof typeof named;

/** The table of operators: a new one is one entry in a file of `operators/`. */
export const operators: ReadonlyMap<string, Operator> = new Map(Object.entries<Operator>(named));

/** The same by the names of their nodes: what backward does for a node. */
export const operatorsByNode: ReadonlyMap<string, PrimitiveOperator> = new Map(
  [...operators.values()]
    .filter((operator) => operator.type === 'primitive')
    .filter(({ derivatives }) => derivatives.length > 0)
    .map((operator) => [operator.node, operator]),
);

/** Whether there is an operator of this name. */
export function isOperatorName(name: string): name is OperatorName {
  return operators.has(name);
}
