import { deleteIn } from '../../src/core/persistent-map.ts';
import type { AutogradContainer, Done } from './container.ts';
import { keyOf } from './ids.ts';
import type { Pass } from './pass.ts';
import { contextOf, putContextOf } from './pass.ts';

/** A pass is over, first step of its clean-up: the context has no graph task any more. */
export function resetGraphTask(container: AutogradContainer, pass: Pass): Done {
  const effects = [{ graphTask: pass.graphTask, type: 'graph-task.dropped' }] as const;
  const context = contextOf(container, pass);
  if (context?.graphTask !== pass.graphTask) return { container, effects };
  const { graphTask: _, ...rest } = context;
  return { container: putContextOf(container, pass, rest), effects };
}

/** The gradients sent so far are waited for by nobody new: at the start of a pass, and in its clean-up. */
export function clearOutstandingRpcs(container: AutogradContainer, pass: Pass): Done {
  const context = contextOf(container, pass);
  if (context === undefined) return { container, effects: [] };
  return {
    container: putContextOf(container, pass, { ...context, outstandingRpcs: [] }),
    effects: [],
  };
}

/** A pass is over, last step of its clean-up: the next gradients begin a new one. */
export function eraseInitializedId(container: AutogradContainer, pass: Pass): Done {
  const key = keyOf(pass.contextId);
  return {
    container: {
      ...container,
      heldContexts: deleteIn(container.heldContexts, pass.graphTask),
      initializedContextIds: deleteIn(container.initializedContextIds, key),
    },
    effects: [],
  };
}

/** A pass is over: the three steps of its clean-up, where nothing may come between them. */
export function cleanupBackwardPass(container: AutogradContainer, pass: Pass): Done {
  const reset = resetGraphTask(container, pass);
  const cleared = clearOutstandingRpcs(reset.container, pass);
  const erased = eraseInitializedId(cleared.container, pass);
  return { container: erased.container, effects: reset.effects };
}
