import { sizeOf } from '../../src/core/persistent-map.ts';
import type { AutogradContainer } from './container.ts';

/** What `_get_debug_info` says of autograd. */
export interface AutogradDebugInfo {
  readonly num_autograd_contexts: number;
  readonly num_current_backward_passes: number;
}

/** How many contexts and passes there are. */
export function debugInfo(container: AutogradContainer): AutogradDebugInfo {
  return {
    num_autograd_contexts: sizeOf(container.contexts),
    num_current_backward_passes: sizeOf(container.initializedContextIds),
  };
}

/** Whether nothing is left: no context, none held by a pass, no initialised id. */
export function isQuiet(container: AutogradContainer): boolean {
  const { contexts, heldContexts, initializedContextIds } = container;
  return [contexts, heldContexts, initializedContextIds].every((map) => sizeOf(map) === 0);
}
