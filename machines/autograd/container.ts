/**
 * What one worker knows of distributed autograd: PyTorch's container of contexts and the ids that its
 * engine has initialised. Every operation is `(container, args) => { container, effects, ... }` and is one
 * critical section of PyTorch.
 *
 * @see PyTorch, `torch/csrc/distributed/autograd/context/container.h`, `context.h`; `engine/dist_engine.h`.
 */
import type { PersistentMap } from '../../src/core/persistent-map.ts';
import { emptyMap, getIn, setIn } from '../../src/core/persistent-map.ts';
import type {
  Gradient,
  Lineage,
  RecvRpcBackwardNode,
  SendRpcBackwardNode,
} from '../engine/graph.ts';
import type { AutogradContextId, GraphTaskId, PassId } from '../engine/ids.ts';
import type { Roots } from '../engine/roots.ts';
import { torchCheck } from '../engine/torch-error.ts';
import type { AutogradEffect, Waiter } from './effects.ts';
import { checkWorkerId, keyOf } from './ids.ts';

/** A gradient that was sent to a peer. `rpc` is the worker's name for the call. */
export interface OutstandingRpc {
  readonly rpc: string;
  readonly state:
    | { readonly type: 'pending' }
    | { readonly type: 'completed' }
    | { readonly type: 'failed'; readonly message: string };
}

/** Who waits for gradients that were sent, taken off the list of the context. */
export interface RpcWait {
  readonly rpcs: readonly OutstandingRpc[];
  readonly waiter: Waiter;
}

/** One distributed autograd context on one worker. */
export interface AutogradContext {
  readonly accumulatedGrads: PersistentMap<Gradient>;
  readonly contextId: AutogradContextId;
  /** The pass that runs. */
  readonly graphTask?: GraphTaskId;
  /** The workers that got a message of this context from here, ascending. */
  readonly knownWorkerIds: readonly number[];
  /** In the order in which they were added. */
  readonly outstandingRpcs: readonly OutstandingRpc[];
  /** By `keyOf` the message, so in the order of message ids. */
  readonly recvFunctions: PersistentMap<RecvRpcBackwardNode>;
  /** The nodes whose saved tensors are gone. */
  readonly released: PersistentMap<true>;
  readonly rpcWaits: readonly RpcWait[];
  /** By `keyOf` the message, so in the order of message ids. */
  readonly sendFunctions: PersistentMap<SendRpcBackwardNode>;
  /** What is known of passes by their names, where they have some. */
  readonly smart?: SmartPasses;
}

/** What a worker knows of the passes of a context, where they have names. */
export interface SmartPasses {
  /** What discovery has found, by pass. */
  readonly discoveries: PersistentMap<Discovery>;
  /** By the worker of its root the number of the last pass that ran here or is over: none before it is taken up. */
  readonly lastNrs: PersistentMap<number>;
  readonly running?: SmartPass;
}

/** What the messages of a pass say of it. */
export interface SmartPass {
  readonly passId: PassId;
  /** The messages whose gradients it needs; absent where each worker has discovered its own, or it needs all. */
  readonly used?: Lineage;
  /** Whether it takes all messages of the context for granted, as passes of FAST mode do. */
  readonly usesAll?: true;
}

/** What a worker has learned of a pass before it runs. */
export interface Discovery {
  /** The messages received here whose senders were asked. */
  readonly asked: PersistentMap<true>;
  /** The messages sent from here that take part. */
  readonly marks: PersistentMap<true>;
  /** By waiter, how many of its questions are open. */
  readonly open: PersistentMap<number>;
  /** Where the pass is to start, on the worker of its root. */
  readonly start?: { readonly keepGraph: boolean; readonly roots: Roots };
}

/**
 * How a backward pass knows which messages it needs: FAST takes all for granted, as PyTorch does; SMART has
 * messages tell what they depend on, or asks before the pass.
 */
export type BackwardMode = 'fast' | 'smart' | 'smart-discovery';

/** The modes by their names. */
export const backwardModes: readonly BackwardMode[] = ['fast', 'smart', 'smart-discovery'];

/** The contexts of one worker. */
export interface AutogradContainer {
  /** By `keyOf` the context id. */
  readonly contexts: PersistentMap<AutogradContext>;
  /** Released contexts that a pass still holds, by graph task. */
  readonly heldContexts: PersistentMap<AutogradContext>;
  /** The engine's: by `keyOf` the id of a context with a pass. */
  readonly initializedContextIds: PersistentMap<true>;
  readonly mode: BackwardMode;
  readonly nextContextNr: number;
  readonly nextGraphTaskNr: number;
  readonly nextMessageNr: number;
  readonly workerId: number;
}

/** What every operation gives. */
export interface Done {
  readonly container: AutogradContainer;
  readonly effects: readonly AutogradEffect[];
}

/**
 * The container of a worker that has just begun.
 *
 * @throws {TorchError} if its id does not fit into 16 bits.
 */
export function newContainer(workerId: number, mode: BackwardMode = 'fast'): AutogradContainer {
  checkWorkerId(workerId);
  return {
    contexts: emptyMap(),
    heldContexts: emptyMap(),
    initializedContextIds: emptyMap(),
    mode,
    nextContextNr: 0,
    nextGraphTaskNr: 0,
    nextMessageNr: 0,
    workerId,
  };
}

// The counter of ids has 48 bits, of which the upper 16 count lives here.
const idsOfLife = 4_294_967_296;

/**
 * The container of a process that lived so often before: it gives out no id of those lives. In PyTorch a process
 * that starts again begins at zero, and its peers take its contexts and messages for those that they know.
 *
 * @see PyTorch, `container.cpp`, `DistAutogradContainer::init`.
 */
export function numberedFrom(container: AutogradContainer, lives: number): AutogradContainer {
  const first = lives * idsOfLife;
  return first === 0 ? container : { ...container, nextContextNr: first, nextMessageNr: first };
}

/**
 * The context.
 *
 * @throws {TorchError} if there is none.
 */
export function retrieveContext(
  container: AutogradContainer,
  id: AutogradContextId,
): AutogradContext {
  const found = findContext(container, id);
  torchCheck(found !== undefined, `Could not find autograd context with id: ${id}`);
  return found;
}

/**
 * The context that a thread is in.
 *
 * @throws {TorchError} if it is in none, or that is gone.
 */
export function currentContext(
  container: AutogradContainer,
  id: AutogradContextId | undefined,
): AutogradContext {
  torchCheck(
    id !== undefined,
    "Current thread doesn't have a valid autograd context. Please wrap your code using: " +
      '`with torch.distributed.autograd.context() as context_id` to generate a valid context',
  );
  const found = findContext(container, id);
  torchCheck(
    found !== undefined,
    "Couldn't find autograd context data for current autograd context id",
  );
  return found;
}

/** The context, if there is one. */
export function findContext(
  { contexts }: AutogradContainer,
  id: AutogradContextId,
): AutogradContext | undefined {
  return getIn(contexts, keyOf(id));
}

/** The container with this context as it is now. */
export function putContext(
  container: AutogradContainer,
  context: AutogradContext,
): AutogradContainer {
  const contexts = setIn(container.contexts, keyOf(context.contextId), context);
  return { ...container, contexts };
}

/** A context in which nothing was recorded. */
export function emptyContext(contextId: AutogradContextId): AutogradContext {
  return {
    accumulatedGrads: emptyMap(),
    contextId,
    knownWorkerIds: [],
    outstandingRpcs: [],
    recvFunctions: emptyMap(),
    released: emptyMap(),
    rpcWaits: [],
    sendFunctions: emptyMap(),
  };
}
