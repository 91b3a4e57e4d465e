/**
 * Backward passes on this worker, from their first section to the last of their clean-up.
 *
 * @see PyTorch, `dist_engine.cpp`, `DistEngine::execute`, `executeSendFunctionAsync`,
 * `runEngineAndAccumulateGradients`, `cleanupBackwardPass`.
 */
import { deleteIn, getIn, hasIn } from '../../../src/core/persistent-map.ts';
import type { StartedPass } from '../../autograd/backward.ts';
import {
  cleanupBackwardPass,
  clearOutstandingRpcs,
  eraseInitializedId,
  resetGraphTask,
  spreadFailure,
} from '../../autograd/cleanup.ts';
import { accumulateGrad, addReleasedNodes, errorOnNode } from '../../autograd/gradients.ts';
import { awaitOutstandingRpcs } from '../../autograd/outstanding-rpcs.ts';
import type { LoopStart } from '../../engine/graph-task-context.ts';
import type { GraphTaskMessage } from '../../engine/graph-task-messages.ts';
import type { GraphTaskId } from '../../engine/ids.ts';
import { isOn } from '../../switches/switches.ts';
import type { WorkerContext } from '../context.ts';
import type { Outcome } from '../futures/futures.ts';
import { answer } from '../futures/futures.ts';
import { endBackward, recordNode } from '../profiling/profiled-passes.ts';
import { respond, respondWithError } from '../serving/respond.ts';
import type { LoopEvent, Part, Step, Work } from '../step.ts';
import { andThen, chain, queueWork, stepOf } from '../step.ts';
import { threadOf } from '../threads/thread.ts';
import { runtimeError } from '../user/failure.ts';
import { applyAutograd } from './autograd-effects.ts';
import { surroundingsOf } from './local-engine.ts';
import { passOf, putPass, settlePass } from './pass-end.ts';

/** A pass is ended from outside: it failed elsewhere, or its context is over. It may have ended meanwhile. */
export function giveUpPass(
  context: WorkerContext,
  { graphTask, message }: { readonly graphTask: GraphTaskId; readonly message: string },
): Step {
  const found = getIn(context.passes, graphTask);
  if (found === undefined) return stepOf(context);
  const { pass, thread } = found;
  const text = found.message ?? errorOnNode(context.id, message);
  return chain(
    context,
    (now) => applyAutograd(now, spreadFailure(now.autograd, { message: text, pass })),
    (now) => applyAutograd(now, cleanupBackwardPass(now.autograd, pass)),
    (now) => stepOf({ ...now, passes: deleteIn(now.passes, graphTask) }),
    (now) => tell(now, { message: text, thread }),
  );
}

/** A pass that has been counted and marked, and the thread that wants to know of its end. */
export interface PassOfThread {
  readonly started: StartedPass & { readonly start: LoopStart };
  readonly thread: string;
}

/** The graph task of a pass gets an actor of its own; its first loop starts in a section of its own. */
export function startPassOn(context: WorkerContext, { started, thread }: PassOfThread): Step {
  const { input, pass, start: first } = started;
  const { graphTask } = pass;
  const start = { type: 'loop.started', ...first } as const;
  return chain(
    context,
    (now) => applyAutograd(now, started),
    (now) =>
      stepOf(putPass(now, { pass, thread }), {
        type: 'graph-task.started',
        input: { ...surroundedBy(now, thread), ...input },
      }),
    isOn(context.switches, 'de.launchNotAtomic')
      ? queueWork({ type: 'pass.initialized', graphTask, start })
      : (now) => launchPass(now, { graphTask, start }),
  );
}

/** The hooks and changes in place of the process; what is gone of the graph the context knows. */
function surroundedBy(context: WorkerContext, thread: string) {
  const { anomalyMode, hooks, versions } = surroundingsOf(context);
  return {
    ...(anomalyMode ? { anomalyMode } : {}),
    ...(threadOf(context, thread).session === undefined ? {} : { isProfiled: true as const }),
    ...(isOn(context.switches, 'de.noContinuationThread')
      ? { losesContinuations: true as const }
      : {}),
    ...(hooks === undefined ? {} : { hooks }),
    ...(versions === undefined ? {} : { versions }),
  };
}

/** Forgets gradients of an earlier pass and starts the first loop. */
export function launchPass(
  context: WorkerContext,
  { graphTask, start }: { readonly graphTask: GraphTaskId; readonly start: LoopEvent },
): Step {
  const { pass } = passOf(context, graphTask);
  return andThen(applyAutograd(context, clearOutstandingRpcs(context.autograd, pass)), (now) =>
    stepOf(now, { type: 'graph-task.told', event: start, graphTask }),
  );
}

/** What a graph task says, by kind. */
export type GraphTaskFact<Type extends GraphTaskMessage['type']> = Extract<
  GraphTaskMessage,
  { readonly type: Type }
>;

/** A node ran: the profiler of the thread that began the pass has it. */
export function noteNode(
  context: WorkerContext,
  { graphTask, name }: GraphTaskFact<'node.ran'>,
): Step {
  const pass = getIn(context.passes, graphTask);
  return pass === undefined ? stepOf(context) : recordNode(context, { name, thread: pass.thread });
}

/** The gradient of a leaf is complete. */
export function keepGradient(
  context: WorkerContext,
  fact: GraphTaskFact<'gradient.captured'>,
): Step {
  if (!hasIn(context.passes, fact.graphTask)) return stepOf(context);
  return isOn(context.switches, 'de.completeBeforeAccumulate')
    ? queueWork({ ...fact, type: 'gradient.stored' })(context)
    : storeGradient(context, fact);
}

/** The gradient of a leaf is added up in the context. */
export function storeGradient(
  context: WorkerContext,
  { contextId, grad, graphTask, variable }: Omit<GraphTaskFact<'gradient.captured'>, 'type'>,
): Step {
  const pass = { contextId, graphTask };
  return applyAutograd(context, accumulateGrad(context.autograd, { grad, pass, variable }));
}

/** Saved tensors are gone. */
export function keepReleased(
  context: WorkerContext,
  { contextId, graphTask, nodes }: GraphTaskFact<'nodes.released'>,
): Step {
  const pass = { contextId, graphTask };
  return applyAutograd(context, addReleasedNodes(context.autograd, { nodes, pass }));
}

/** All that this worker has to do is done: what it sent to peers is waited for. */
export function completePass(
  context: WorkerContext,
  { contextId, graphTask }: GraphTaskFact<'graph-task.completed'>,
): Step {
  const pass = { contextId, graphTask };
  return applyAutograd(
    context,
    awaitOutstandingRpcs(context.autograd, { pass, waiter: graphTask }),
  );
}

/** A node raised, or gradients that were sent met an error. */
export function failPass(
  context: WorkerContext,
  { failure, graphTask }: GraphTaskFact<'graph-task.failed'>,
): Step {
  const message = errorOnNode(context.id, failure.message);
  return settlePass(context, { graphTask, message });
}

interface PassName {
  readonly graphTask: GraphTaskId;
}

/** Clean-up: the context has no graph task any more. */
export function resetPass(context: WorkerContext, { graphTask }: PassName): Step {
  if (!hasIn(context.passes, graphTask)) return stepOf(context);
  const { message, pass } = passOf(context, graphTask);
  const spread =
    message === undefined
      ? stepOf(context)
      : applyAutograd(context, spreadFailure(context.autograd, { message, pass }));
  return andThen(
    spread,
    (now) => applyAutograd(now, resetGraphTask(now.autograd, pass)),
    thenSection({ type: 'pass.reset', graphTask }, (now) => clearPass(now, { graphTask })),
  );
}

/** Clean-up: nobody new waits for the gradients that were sent. */
export function clearPass(context: WorkerContext, { graphTask }: PassName): Step {
  if (!hasIn(context.passes, graphTask)) return stepOf(context);
  const { pass } = passOf(context, graphTask);
  return andThen(
    applyAutograd(context, clearOutstandingRpcs(context.autograd, pass)),
    thenSection({ type: 'pass.cleared', graphTask }, (now) => endPass(now, { graphTask })),
  );
}

/** Clean-up: the next gradients begin a new pass. Whoever waits for this one is told. */
export function endPass(context: WorkerContext, { graphTask }: PassName): Step {
  if (!hasIn(context.passes, graphTask)) return stepOf(context);
  const { message, pass, thread } = passOf(context, graphTask);
  const erased = applyAutograd(context, eraseInitializedId(context.autograd, pass));
  return andThen(
    erased,
    (now) => stepOf({ ...now, passes: deleteIn(now.passes, graphTask) }),
    (now) => tell(now, { message, thread }),
  );
}

/** The next section of a clean-up: later, or without a gap. */
function thenSection(work: Work, section: Part): Part {
  return (context) =>
    isOn(context.switches, 'de.cleanupNotAtomic') ? queueWork(work)(context) : section(context);
}

interface EndOfPass {
  readonly message: string | undefined;
  readonly thread: string;
}

/** The thread serves a request that began the pass, or its function called `backward`. */
export function tell(context: WorkerContext, { message, thread }: EndOfPass): Step {
  const served = threadOf(context, thread).request?.type;
  if (served === 'BACKWARD_AUTOGRAD_REQ' || served === 'RREF_BACKWARD_REQ') {
    const type = served === 'RREF_BACKWARD_REQ' ? 'RREF_BACKWARD_RESP' : 'BACKWARD_AUTOGRAD_RESP';
    return message === undefined
      ? respond(context, { body: { type }, thread })
      : respondWithError(context, { message, prefixed: false, thread });
  }
  const outcome: Outcome =
    message === undefined
      ? { type: 'returned', value: undefined }
      : { type: 'threw', error: runtimeError(message) };
  return andThen(endBackward(context, thread), (now) => answer(now, { outcome, thread }));
}
