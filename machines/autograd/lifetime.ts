import { deleteIn, setIn } from '../../src/core/persistent-map.ts';
import type { PersistentMap } from '../../src/core/persistent-map.ts';
import type { Gradient } from '../engine/graph.ts';
import type { AutogradContextId } from '../engine/ids.ts';
import { autogradContextId } from '../engine/ids.ts';
import { torchCheck } from '../engine/torch-error.ts';
import type { AutogradContainer, AutogradContext, Done } from './container.ts';
import { emptyContext, findContext, putContext, retrieveContext } from './container.ts';
import { waitersIn } from './discovery.ts';
import type { AutogradEffect } from './effects.ts';
import { idOf, keyOf } from './ids.ts';

/** A new context. */
export interface MadeContext extends Done {
  readonly contextId: AutogradContextId;
}

/**
 * Makes a context for a thread that is in none.
 *
 * @param current the context that the thread is in.
 * @throws {TorchError} if it is in one.
 */
export function newContext(container: AutogradContainer, current?: AutogradContextId): MadeContext {
  torchCheck(current === undefined, 'Already have an autograd context id for this thread.');
  const { nextContextNr, workerId } = container;
  const contextId = autogradContextId(idOf(workerId, nextContextNr));
  const made = putContext(container, emptyContext(contextId));
  return {
    container: { ...made, nextContextNr: nextContextNr + 1 },
    contextId,
    effects: [],
  };
}

/** Makes sure that there is a context for a message that arrived, also where it was cleaned up before. */
export function getOrCreateContext(container: AutogradContainer, id: AutogradContextId): Done {
  return {
    container:
      findContext(container, id) === undefined
        ? putContext(container, emptyContext(id))
        : container,
    effects: [],
  };
}

/**
 * Erases the context, and then tells each worker that it is known to have reached. A pass that runs keeps
 * the context for itself.
 *
 * @throws {TorchError} if there is no such context.
 * @see PyTorch, `container.cpp`, `releaseContext`, `eraseContextIdAndReset`.
 */
export function releaseContext(container: AutogradContainer, id: AutogradContextId): Done {
  return erase(container, retrieveContext(container, id));
}

/** As `releaseContext`, but a context that is gone is ignored: the answer to a clean-up message. */
export function releaseContextIfPresent(container: AutogradContainer, id: AutogradContextId): Done {
  const context = findContext(container, id);
  return context === undefined ? { container, effects: [] } : erase(container, context);
}

/** Erases the context of a worker that has it no more; each other one that it reached finds that out by itself. */
export function forgetContext(container: AutogradContainer, id: AutogradContextId): Done {
  const context = findContext(container, id);
  return context === undefined
    ? { container, effects: [] }
    : erase(container, { ...context, knownWorkerIds: [] });
}

/**
 * The gradients of this worker's leaves in the context, by leaf.
 *
 * @throws {TorchError} if there is no such context.
 */
export function getGradients(
  container: AutogradContainer,
  id: AutogradContextId,
): PersistentMap<Gradient> {
  return retrieveContext(container, id).accumulatedGrads;
}

function erase(container: AutogradContainer, context: AutogradContext): Done {
  const { contextId, graphTask, knownWorkerIds } = context;
  const contexts = deleteIn(container.contexts, keyOf(contextId));
  const heldContexts =
    graphTask === undefined
      ? container.heldContexts
      : setIn(container.heldContexts, graphTask, context);
  const bereft: readonly AutogradEffect[] =
    graphTask === undefined ? [] : [{ graphTask, type: 'graph-task.bereft' }];
  const message = { contextId, type: 'CLEANUP_AUTOGRAD_CONTEXT_REQ' } as const;
  // A discovery ends with its context; a pass that runs ends itself.
  const initializedContextIds =
    graphTask === undefined && context.smart !== undefined
      ? deleteIn(container.initializedContextIds, keyOf(contextId))
      : container.initializedContextIds;
  return {
    container: { ...container, contexts, heldContexts, initializedContextIds },
    effects: [
      ...bereft,
      ...waitersIn(context),
      ...knownWorkerIds.map((to) => ({ message, to, type: 'cleanup.sent' }) as const),
    ],
  };
}
