import { deleteIn, getIn, hasIn, setIn } from '../../src/core/persistent-map.ts';
import { computeDependencies } from '../engine/dependencies.ts';
import { newFrame } from '../engine/frame.ts';
import type { GraphTaskInput, LoopStart } from '../engine/graph-task-context.ts';
import type { Gradient, GraphRootNode, Tensor } from '../engine/graph.ts';
import type { AutogradContextId, AutogradMessageId, GraphTaskId, PassId } from '../engine/ids.ts';
import { graphTaskId, passId as passIdOf, threadId } from '../engine/ids.ts';
import { graphRoot } from '../engine/node.ts';
import type { Roots } from '../engine/roots.ts';
import { validateRoots } from '../engine/roots.ts';
import { torchCheck } from '../engine/torch-error.ts';
import type { AutogradContainer, AutogradContext, Done, SmartPass } from './container.ts';
import { findContext, putContext, retrieveContext } from './container.ts';
import type { FailedPass, NamedPass } from './discovery.ts';
import { forgetPass, inquire, newDiscovery } from './discovery.ts';
import type { Waiter } from './effects.ts';
import { countOf, idOf, keyOf, makerOf, peerName } from './ids.ts';
import { usedFrom } from './lineage.ts';
import type { Pass } from './pass.ts';
import { contextOf } from './pass.ts';
import { checkNotOver, passesOf, sendsOf, withRunning } from './smart-passes.ts';

/** A pass that has begun: a child with this input is to be spawned and sent `start`. */
export interface StartedPass extends Done {
  readonly input: GraphTaskInput;
  readonly pass: Pass;
  readonly start: LoopStart;
}

/** What `backward` is called with. */
export interface Backward {
  readonly contextId: AutogradContextId;
  /** Whether the pass has a name in FAST mode too, so that what comes late of it is none of another. */
  readonly isNamed?: boolean;
  readonly retainGraph: boolean;
  readonly roots: readonly Tensor[];
}

/** The roots of a pass, checked, on a context without one. */
interface CheckedBackward {
  readonly context: AutogradContext;
  readonly roots: Roots;
}

/**
 * Begins the pass of `backward` on the worker that calls it. `clearOutstandingRpcs` follows as a critical
 * section of its own, then the child is started.
 *
 * @throws {TorchError} if there is no such context, a root is wrong, or a pass of the context runs.
 * @see PyTorch, `dist_engine.cpp`, `DistEngine::execute`.
 */
export function startPass(container: AutogradContainer, backward: Backward): StartedPass {
  const { context, roots } = checkBackward(container, backward);
  const root = rootOf(container, roots);
  const smart = newSmartPass(container, backward, root);
  return initialize(container, { context, keepGraph: backward.retainGraph, root, smart });
}

/** The name of a pass that begins, and what it needs; PyTorch's have none. */
function newSmartPass(
  container: AutogradContainer,
  { isNamed = false }: Backward,
  root: GraphRootNode,
): SmartPass | undefined {
  const passId = nextPass(container);
  if (container.mode !== 'fast') return { passId, used: usedFrom([root]) };
  return isNamed ? { passId, usesAll: true } : undefined;
}

/** A discovery that has begun. */
export interface StartedDiscovery extends Done {
  readonly passId: PassId;
}

/**
 * Begins to ask for what a pass needs; `waiter` hears of it, and `startDiscovered` follows. The context has a
 * pass from now on.
 *
 * @throws {TorchError} as `startPass`.
 */
export function startDiscovery(
  container: AutogradContainer,
  { waiter, ...backward }: Backward & { readonly waiter: Waiter },
): StartedDiscovery {
  const { context, roots } = checkBackward(container, backward);
  const passId = nextPass(container);
  const start = { keepGraph: backward.retainGraph, roots };
  const marked: AutogradContainer = {
    ...container,
    initializedContextIds: setIn(container.initializedContextIds, keyOf(context.contextId), true),
    nextGraphTaskNr: container.nextGraphTaskNr + 1,
  };
  const discovery = { ...newDiscovery, start };
  const starts = [rootOf(container, roots)];
  return { ...inquire(marked, { context, discovery, passId, starts, waiter }), passId };
}

/**
 * Begins a pass whose messages are found.
 *
 * @throws {TorchError} if the context was released meanwhile.
 */
export function startDiscovered(container: AutogradContainer, pass: NamedPass): StartedPass {
  const context = retrieveContext(container, pass.contextId);
  const start = getIn(passesOf(context).discoveries, keyOf(pass.passId))?.start;
  torchCheck(start !== undefined, `Backward pass ${pass.passId} was not begun on this worker`);
  const { keepGraph, roots } = start;
  const root = rootOf(container, roots);
  return initialize(container, { context, keepGraph, root, smart: { passId: pass.passId } });
}

/** A discovery failed: the context has no pass any more, and whoever was asked is to forget it. */
export function failDiscovery(container: AutogradContainer, pass: FailedPass): Done {
  const key = keyOf(pass.contextId);
  const initializedContextIds = deleteIn(container.initializedContextIds, key);
  return forgetPass({ ...container, initializedContextIds }, pass);
}

function checkBackward(
  container: AutogradContainer,
  { contextId, roots }: Backward,
): CheckedBackward {
  const context = retrieveContext(container, contextId);
  const validated = validateRoots(roots);
  torchCheck(
    !hasIn(container.initializedContextIds, keyOf(contextId)),
    'initializedContextIds_.find(autogradContext->contextId()) == initializedContextIds_.end() ' +
      'INTERNAL ASSERT FAILED',
  );
  return { context, roots: validated };
}

/** Gradients that came back for the tensors of a message. */
export interface ArrivedGradients {
  readonly autogradMessageId: AutogradMessageId;
  readonly contextId: AutogradContextId;
  readonly grads: readonly Gradient[];
  /** What names the pass, in SMART mode. */
  readonly pass?: SmartPass | undefined;
  readonly retainGraph: boolean;
}

/** What gradients that came do. */
export type Reception =
  /** They begin a pass; its end answers the message. */
  | (StartedPass & { readonly type: 'first' })
  /** They join the pass that runs; the message is answered at once. */
  | (Done & { readonly type: 'later'; readonly pass: Pass; readonly start: LoopStart });

/**
 * The pass that runs on a context although whoever began it has begun the one of these gradients since: it
 * failed there, and is to be ended here before they are taken.
 */
export function supersededBy(
  container: AutogradContainer,
  { contextId, pass }: Pick<ArrivedGradients, 'contextId' | 'pass'>,
): Pass | undefined {
  const context = findContext(container, contextId);
  const graphTask = context?.graphTask;
  const running = context && passesOf(context).running;
  if (pass === undefined || running === undefined || graphTask === undefined) return undefined;
  const isLater =
    makerOf(pass.passId) === makerOf(running.passId) &&
    countOf(pass.passId) > countOf(running.passId);
  return isLater ? { contextId, graphTask } : undefined;
}

/** What the messages of a pass say of it, where passes have names. */
export function smartPassOf(container: AutogradContainer, pass: Pass): SmartPass | undefined {
  return contextOf(container, pass)?.smart?.running;
}

/**
 * Takes gradients that arrived at their send function. If they begin a pass, `clearOutstandingRpcs` follows
 * as a critical section of its own; `start` is for the child in either case.
 *
 * @throws {TorchError} if there is no such context or send function, or the pass is just being cleaned up;
 * in SMART mode also if it is over, or does not need this send function.
 * @see PyTorch, `dist_engine.cpp`, `DistEngine::executeSendFunctionAsync`.
 */
export function receiveGradients(
  container: AutogradContainer,
  { autogradMessageId, contextId, grads, pass: smart, retainGraph }: ArrivedGradients,
): Reception {
  const context = retrieveContext(container, contextId);
  const node = getIn(context.sendFunctions, keyOf(autogradMessageId));
  torchCheck(
    node !== undefined,
    `Could not find send function for autograd message id: ${autogradMessageId}`,
  );
  if (smart !== undefined) checkNotOver(context, smart.passId);
  const start = { increment: false, inputs: grads, node };
  if (!hasIn(container.initializedContextIds, keyOf(contextId))) {
    const root = rootOf(container, { edges: [], grads: [] });
    const begun = initialize(container, { context, keepGraph: retainGraph, root, smart });
    return { ...begun, start, type: 'first' };
  }
  torchCheck(
    smart?.passId === passesOf(context).running?.passId,
    `Another backward pass runs on autograd context ${contextId}`,
  );
  const { graphTask } = context;
  torchCheck(graphTask !== undefined, 'graphTask_ INTERNAL ASSERT FAILED');
  return { container, effects: [], pass: { contextId, graphTask }, start, type: 'later' };
}

interface Initialization {
  readonly context: AutogradContext;
  readonly keepGraph: boolean;
  readonly root: GraphRootNode;
  readonly smart: SmartPass | undefined;
}

/** Under the lock of the engine: counts dependencies, and marks context and engine. */
function initialize(
  container: AutogradContainer,
  { context, keepGraph, root, smart }: Initialization,
): StartedPass {
  const { contextId, released } = context;
  torchCheck(
    context.graphTask === undefined,
    'Cannot set GraphTask multiple times for the same autograd context',
  );
  const graphTask = nextGraphTask(container);
  const state = computeDependencies({
    graphRoot: root,
    sendFunctions: sendsOf(context, smart),
  });
  const running = smart === undefined ? context : withRunning(context, smart);
  const marked = putContext(container, { ...running, graphTask });
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

function nextGraphTask({ nextGraphTaskNr }: AutogradContainer): GraphTaskId {
  return graphTaskId(`graph-task-${nextGraphTaskNr}`);
}

/** A pass is named as its graph task is counted. */
function nextPass({ nextGraphTaskNr, workerId }: AutogradContainer): PassId {
  return passIdOf(idOf(workerId, nextGraphTaskNr));
}

/** The root is alone in its queue, so it needs no number among the nodes of the thread. */
function rootOf(container: AutogradContainer, { edges, grads }: Roots): GraphRootNode {
  const frame = newFrame(threadId(nextGraphTask(container)));
  return graphRoot({ edges, frame, grads }).node;
}
