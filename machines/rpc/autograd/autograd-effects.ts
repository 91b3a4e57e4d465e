import { unreachable } from '../../../src/core/errors.ts';
import { deleteIn } from '../../../src/core/persistent-map.ts';
import type { Done } from '../../autograd/container.ts';
import type { AutogradEffect } from '../../autograd/effects.ts';
import type { AutogradContextId, GraphTaskId } from '../../engine/ids.ts';
import { isOn } from '../../switches/switches.ts';
import { send, sendWithRetries } from '../agent/send.ts';
import type { WorkerContext } from '../context.ts';
import type { Step } from '../step.ts';
import { andThen, queueWork, stepOf } from '../step.ts';
import { settlePass } from './pass-end.ts';

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
  return sendWithRetries(countUntold(context, -1), {
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
      return andThen(
        stepOf(countUntold(context, 1)),
        queueWork({ type: 'context.erased', contextId: message.contextId, worker }),
      );
    }
    case 'discover.sent': {
      const { autogradMessageId, contextId, passId, to, waiter } = effect;
      return send(context, {
        body: { type: 'SMART_DISCOVER_REQ', autogradMessageId, contextId, passId },
        continuation: { type: 'question-answered', contextId, passId, waiter },
        to,
      });
    }
    case 'abort.sent': {
      const { contextId, message, passId, to } = effect;
      return sendWithRetries(context, {
        body: { type: 'SMART_ABORT_REQ', contextId, message, passId },
        maxRetries: cleanupRetriesMax,
        retryCount: 0,
        to,
      });
    }
    case 'discovery.settled':
      return queueWork(effect)(context);
    case 'pass.ended': {
      const { graphTask, message } = effect;
      return queueWork({ type: 'pass.given-up', graphTask, message })(context);
    }
    case 'graph-task.bereft':
      return andThen(freeContext(context, effect.graphTask), (now) =>
        loseContext(now, effect.graphTask),
      );
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

/** A pass holds the context that it works on, unless that is freed under it: what it does next is fatal. */
function freeContext(context: WorkerContext, graphTask: GraphTaskId): Step {
  if (!isOn(context.switches, 'da.contextNotRefcounted')) return stepOf(context);
  const heldContexts = deleteIn(context.autograd.heldContexts, graphTask);
  const message = 'A backward pass used its autograd context after that was freed.';
  return stepOf(
    { ...context, autograd: { ...context.autograd, heldContexts } },
    { type: 'announced', announcement: { type: 'framework.failed', message } },
  );
}

/** In PyTorch a pass outlives its context, also one that waits for gradients that cannot come any more. */
function loseContext(context: WorkerContext, graphTask: GraphTaskId): Step {
  if (context.autograd.mode === 'fast' && isOn(context.switches, 'de.passOutlivesContext')) {
    return stepOf(context, {
      type: 'graph-task.told',
      event: { type: 'context.released' },
      graphTask,
    });
  }
  const message = 'The autograd context was released while its backward pass ran';
  return queueWork({ type: 'pass.given-up', graphTask, message })(context);
}

/** Whoever is still to be told of the end of a context keeps a process that can shut down from it. */
function countUntold(context: WorkerContext, change: number): WorkerContext {
  if (context.store === undefined) return context;
  const { untold = 0, ...group } = context.group;
  const now = untold + change;
  return { ...context, group: now === 0 ? group : { ...group, untold: now } };
}
