import { getIn, hasIn, setIn, valuesOf } from '../../src/core/persistent-map.ts';
import { computeDependencies } from '../engine/dependencies.ts';
import { newFrame } from '../engine/frame.ts';
import type { GraphTaskInput, LoopStart } from '../engine/graph-task-context.ts';
import type { Gradient, GraphRootNode, Tensor } from '../engine/graph.ts';
import type { AutogradContextId, AutogradMessageId, GraphTaskId } from '../engine/ids.ts';
import { graphTaskId, threadId } from '../engine/ids.ts';
import { graphRoot } from '../engine/node.ts';
import type { Roots } from '../engine/roots.ts';
import { validateRoots } from '../engine/roots.ts';
import { torchCheck } from '../engine/torch-error.ts';
import type { AutogradContainer, AutogradContext, Done } from './container.ts';
import { putContext, retrieveContext } from './container.ts';
import { keyOf, peerName } from './ids.ts';
import type { Pass } from './pass.ts';

/** A pass that has begun: a child with this input is to be spawned and sent `start`. */
export interface StartedPass extends Done {
  readonly input: GraphTaskInput;
  readonly pass: Pass;
  readonly start: LoopStart;
}

/** What `backward` is called with. */
export interface Backward {
  readonly contextId: AutogradContextId;
  readonly retainGraph: boolean;
  readonly roots: readonly Tensor[];
}

/**
 * Begins the pass of `backward` on the worker that calls it. `clearOutstandingRpcs` follows as a critical
 * section of its own, then the child is started.
 *
 * @throws {TorchError} if there is no such context, a root is wrong, or a pass of the context runs.
 * @see PyTorch, `dist_engine.cpp`, `DistEngine::execute`.
 */
export function startPass(container: AutogradContainer, backward: Backward): StartedPass {
  const { contextId, retainGraph, roots } = backward;
  const context = retrieveContext(container, contextId);
  const validated = validateRoots(roots);
  torchCheck(
    !hasIn(container.initializedContextIds, keyOf(contextId)),
    'initializedContextIds_.find(autogradContext->contextId()) == initializedContextIds_.end() ' +
      'INTERNAL ASSERT FAILED',
  );
  return initialize(container, { context, keepGraph: retainGraph, roots: validated });
}

/** Gradients that came back for the tensors of a message. */
export interface ArrivedGradients {
  readonly autogradMessageId: AutogradMessageId;
  readonly contextId: AutogradContextId;
  readonly grads: readonly Gradient[];
  readonly retainGraph: boolean;
}

/** What gradients that came do. */
export type Reception =
  /** They begin a pass; its end answers the message. */
  | (StartedPass & { readonly type: 'first' })
  /** They join the pass that runs; the message is answered at once. */
  | (Done & { readonly type: 'later'; readonly pass: Pass; readonly start: LoopStart });

/**
 * Takes gradients that arrived at their send function. If they begin a pass, `clearOutstandingRpcs` follows
 * as a critical section of its own; `start` is for the child in either case.
 *
 * @throws {TorchError} if there is no such context or send function, or the pass is just being cleaned up.
 * @see PyTorch, `dist_engine.cpp`, `DistEngine::executeSendFunctionAsync`.
 */
export function receiveGradients(
  container: AutogradContainer,
  { autogradMessageId, contextId, grads, retainGraph }: ArrivedGradients,
): Reception {
  const context = retrieveContext(container, contextId);
  const node = getIn(context.sendFunctions, keyOf(autogradMessageId));
  torchCheck(
    node !== undefined,
    `Could not find send function for autograd message id: ${autogradMessageId}`,
  );
  const start = { increment: false, inputs: grads, node };
  if (!hasIn(container.initializedContextIds, keyOf(contextId))) {
    const roots = { edges: [], grads: [] };
    const begun = initialize(container, { context, keepGraph: retainGraph, roots });
    return { ...begun, start, type: 'first' };
  }
  const { graphTask } = context;
  torchCheck(graphTask !== undefined, 'graphTask_ INTERNAL ASSERT FAILED');
  return { container, effects: [], pass: { contextId, graphTask }, start, type: 'later' };
}

interface Initialization {
  readonly context: AutogradContext;
  readonly keepGraph: boolean;
  readonly roots: Roots;
}

/** Under the lock of the engine: counts dependencies, and marks context and engine. */
function initialize(
  container: AutogradContainer,
  { context, keepGraph, roots }: Initialization,
): StartedPass {
  const { contextId, released } = context;
  torchCheck(
    context.graphTask === undefined,
    'Cannot set GraphTask multiple times for the same autograd context',
  );
  const graphTask = graphTaskId(`graph-task-${container.nextGraphTaskNr}`);
  const root = rootOf(graphTask, roots);
  const state = computeDependencies({
    graphRoot: root,
    sendFunctions: valuesOf(context.sendFunctions),
  });
  const marked = putContext(container, { ...context, graphTask });
  return {
    container: {
      ...marked,
      initializedContextIds: setIn(marked.initializedContextIds, keyOf(contextId), true),
      nextGraphTaskNr: container.nextGraphTaskNr + 1,
    },
    effects: [],
    input: {
      ...state,
      contextId,
      id: graphTask,
      keepGraph,
      released,
      workerId: peerName(container.workerId),
    },
    pass: { contextId, graphTask },
    start: { increment: true, inputs: [], node: root },
  };
}

/** The root is alone in its queue, so it needs no number among the nodes of the thread. */
function rootOf(graphTask: GraphTaskId, { edges, grads }: Roots): GraphRootNode {
  return graphRoot({ edges, frame: newFrame(threadId(graphTask)), grads }).node;
}
