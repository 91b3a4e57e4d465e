import { getIn, hasIn, setIn } from '../../src/core/persistent-map.ts';
import type { AutogradContextId, GraphTaskId } from '../engine/ids.ts';
import type { AutogradContainer, AutogradContext } from './container.ts';
import { findContext, putContext } from './container.ts';

/** A pass on a worker: what the messages of a graph task say of where they come from. */
export interface Pass {
  readonly contextId: AutogradContextId;
  readonly graphTask: GraphTaskId;
}

/** The context that a pass works on; a pass keeps one that was released. */
export function contextOf(
  container: AutogradContainer,
  { contextId, graphTask }: Pass,
): AutogradContext | undefined {
  return getIn(container.heldContexts, graphTask) ?? findContext(container, contextId);
}

/** The container with the context that a pass works on as it is now. */
export function putContextOf(
  container: AutogradContainer,
  pass: Pass,
  context: AutogradContext,
): AutogradContainer {
  const { graphTask } = pass;
  if (!hasIn(container.heldContexts, graphTask)) return putContext(container, context);
  return { ...container, heldContexts: setIn(container.heldContexts, graphTask, context) };
}
