import { deleteIn } from '../../src/core/persistent-map.ts';
import type { AutogradContainer, Done } from './container.ts';
import { abortsOf } from './discovery.ts';
import { keyOf, makerOf } from './ids.ts';
import type { Pass } from './pass.ts';
import { contextOf, putContextOf } from './pass.ts';
import { passesOf, withPassOver } from './smart-passes.ts';

/** A pass is over, first step of its clean-up: the context has no graph task any more. */
export function resetGraphTask(container: AutogradContainer, pass: Pass): Done {
  const effects = [{ graphTask: pass.graphTask, type: 'graph-task.dropped' }] as const;
  const context = contextOf(container, pass);
  if (context?.graphTask !== pass.graphTask) return { container, effects };
  const { graphTask: _, ...rest } = context;
  const { running } = passesOf(context);
  // Where names only stand beside PyTorch's marks, they change when those do.
  const isOverLater = running === undefined || running.usesAll === true;
  const after = isOverLater ? rest : withPassOver(rest, running.passId);
  return { container: putContextOf(container, pass, after), effects };
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
  const context = contextOf(container, pass);
  const running = context === undefined ? undefined : passesOf(context).running;
  const after =
    context !== undefined && running?.usesAll === true
      ? putContextOf(container, pass, withPassOver(context, running.passId))
      : container;
  return {
    container: {
      ...after,
      heldContexts: deleteIn(after.heldContexts, pass.graphTask),
      initializedContextIds: deleteIn(after.initializedContextIds, key),
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

/** A pass failed: in SMART mode the other workers that take part in it, as far as this one knows them, are told. */
export function spreadFailure(
  container: AutogradContainer,
  { message, pass }: { readonly message: string; readonly pass: Pass },
): Done {
  const context = contextOf(container, pass);
  if (context?.graphTask !== pass.graphTask) return { container, effects: [] };
  const { running } = passesOf(context);
  if (running === undefined) return { container, effects: [] };
  const isMine = makerOf(running.passId) === container.workerId;
  // Whoever knows by its own discovery tells on; the worker of the root knows the whole lineage.
  const told =
    isMine || running.used === undefined ? abortsOf(context, { ...running, message }) : [];
  return { container, effects: told };
}
