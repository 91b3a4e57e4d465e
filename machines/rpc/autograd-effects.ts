import { unreachable } from '../../src/core/errors.ts';
import type { Done } from '../autograd/container.ts';
import type { AutogradEffect } from '../autograd/effects.ts';
import type { AutogradContextId } from '../engine/ids.ts';
import type { WorkerContext } from './context.ts';
import { settlePass } from './pass-end.ts';
import { sendWithRetries } from './send.ts';
import type { Step } from './step.ts';
import { andThen, queueWork, stepOf } from './step.ts';

/** How often PyTorch sends the end of a context again. */
const cleanupRetriesMax = 20;

/** The worker after an operation on its autograd container, with what the operation asks for. */
export function applyAutograd(context: WorkerContext, done: Done): Step {
  return done.effects.reduce<Step>(
    (step, effect) => andThen(step, (now) => applyEffect(now, effect)),
    stepOf({ ...context, autograd: done.container }),
  );
}

/** Tells a worker that a context is over. */
export function sendCleanup(
  context: WorkerContext,
  { contextId, worker }: { readonly contextId: AutogradContextId; readonly worker: number },
): Step {
  return sendWithRetries(context, {
    body: { type: 'CLEANUP_AUTOGRAD_CONTEXT_REQ', contextId },
    maxRetries: cleanupRetriesMax,
    retryCount: 0,
    to: worker,
  });
}

function applyEffect(context: WorkerContext, effect: AutogradEffect): Step {
  switch (effect.type) {
    case 'cleanup.sent': {
      const { message, to: worker } = effect;
      return queueWork({ type: 'context.erased', contextId: message.contextId, worker })(context);
    }
    case 'graph-task.bereft':
      return stepOf(context, {
        type: 'graph-task.told',
        event: { type: 'context.released' },
        graphTask: effect.graphTask,
      });
    case 'graph-task.poisoned':
      return stepOf(context, {
        type: 'graph-task.told',
        event: { type: 'task.failed', message: effect.message },
        graphTask: effect.graphTask,
      });
    case 'graph-task.dropped':
      return stepOf(context, { type: 'graph-task.stopped', graphTask: effect.graphTask });
    case 'outstanding-rpcs.settled': {
      const { message, waiter } = effect;
      return settlePass(context, { graphTask: waiter, message });
    }
    default:
      return unreachable(effect);
  }
}
