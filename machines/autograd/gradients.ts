import type { PersistentMap } from '../../src/core/persistent-map.ts';
import { entriesOf, setIn } from '../../src/core/persistent-map.ts';
import { accumulate } from '../engine/accumulate.ts';
import type { Gradient } from '../engine/graph.ts';
import type { TensorId } from '../engine/ids.ts';
import type { AutogradContainer, Done } from './container.ts';
import type { Pass } from './pass.ts';
import { contextOf, putContextOf } from './pass.ts';

/** The gradient of a leaf that a pass has complete. */
export interface CapturedGradient {
  readonly grad: Gradient;
  readonly pass: Pass;
  readonly variable: TensorId;
}

/** Adds a gradient to those of the context; the leaf itself keeps what it has. */
export function accumulateGrad(
  container: AutogradContainer,
  { grad, pass, variable }: CapturedGradient,
): Done {
  const context = contextOf(container, pass);
  if (context === undefined) return { container, effects: [] };
  const accumulatedGrads = accumulate(context.accumulatedGrads, { grad, variable });
  return {
    container: putContextOf(container, pass, { ...context, accumulatedGrads }),
    effects: [],
  };
}

/** Remembers nodes whose saved tensors a pass freed, so that the next pass over them fails. */
export function addReleasedNodes(
  container: AutogradContainer,
  { nodes, pass }: { readonly nodes: PersistentMap<true>; readonly pass: Pass },
): Done {
  const context = contextOf(container, pass);
  if (context === undefined) return { container, effects: [] };
  let { released } = context;
  for (const [node] of entriesOf(nodes)) released = setIn(released, node, true);
  return { container: putContextOf(container, pass, { ...context, released }), effects: [] };
}

/** How a worker passes on the text of an error that a peer is to see. */
export function errorOnNode(workerId: number, message: string): string {
  return `Error on Node ${workerId}: ${message}`;
}
