/**
 * Autograd contexts that are over. PyTorch forgets them, so whatever comes late for one makes it anew and nobody
 * ends it again. Without the switches a worker remembers each end that it heard of, and who made a context ends
 * it only when its own calls in it are over.
 *
 * @see PyTorch, `container.cpp`, `getOrCreateContext`, `releaseContext`.
 */
import { getIn, hasIn, keysOf, setIn, sizeOf, valuesOf } from '../../../src/core/persistent-map.ts';
import type { PersistentMap } from '../../../src/core/persistent-map.ts';
import { findContext } from '../../autograd/container.ts';
import { keyOf } from '../../autograd/ids.ts';
import type { AutogradContextId } from '../../engine/ids.ts';
import { isOn } from '../../switches/switches.ts';
import { autogradPartOf } from '../agent/inner-request.ts';
import type { RequestBody } from '../agent/messages.ts';
import type { WorkerContext } from '../context.ts';
import type { Part, Step } from '../step.ts';
import { andThen } from '../step.ts';

/** The contexts whose end waits for calls, by the threads that end them. */
export type Releases = PersistentMap<AutogradContextId>;

/** The context is over here, whether or not anything of it has come. */
export function rememberEnd(context: WorkerContext, id: AutogradContextId): WorkerContext {
  if (isOn(context.switches, 'da.cleanupUnknownIsNoop')) return context;
  return { ...context, endedContexts: setIn(context.endedContexts, keyOf(id), true) };
}

/** Whether what comes for the context comes too late. */
export function hasEnded({ endedContexts }: WorkerContext, id: AutogradContextId): boolean {
  return hasIn(endedContexts, keyOf(id));
}

/** Whether an answer comes for a context that is over, where that does not bring it back. */
export function isAnswerLate(context: WorkerContext, id: AutogradContextId): boolean {
  const isKnown = findContext(context.autograd, id) !== undefined;
  return !isKnown && !isOn(context.switches, 'da.createOnResponse');
}

/** The context in which a call is made, where its end waits for that. */
export function contextOfCall(
  context: WorkerContext,
  body: RequestBody,
): AutogradContextId | undefined {
  return waitsForCalls(context) ? autogradPartOf(body)?.contextId : undefined;
}

/** Whether calls in the context are under way that its end waits for. */
export function hasOpenCalls(context: WorkerContext, id: AutogradContextId): boolean {
  return (
    waitsForCalls(context) &&
    valuesOf(context.agent.calls).some(({ contextId, isOver }) => contextId === id && !isOver)
  );
}

/** Ends the contexts whose calls are over after this step. */
export function advanceReleases(
  step: Step,
  end: (release: { readonly contextId: AutogradContextId; readonly thread: string }) => Part,
): Step {
  if (sizeOf(step.context.releases) === 0) return step;
  return keysOf(step.context.releases).reduce((now, thread) => {
    const contextId = getIn(now.context.releases, thread);
    if (contextId === undefined || hasOpenCalls(now.context, contextId)) return now;
    return andThen(now, end({ contextId, thread }));
  }, step);
}

function waitsForCalls({ switches }: WorkerContext): boolean {
  return !isOn(switches, 'da.releaseIgnoresOpenCalls');
}
