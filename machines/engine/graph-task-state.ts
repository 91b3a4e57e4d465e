import type { PersistentMap } from '../../src/core/persistent-map.ts';
import { emptyMap, getIn, sizeOf } from '../../src/core/persistent-map.ts';
import type { DependencyState, ExecInfo } from './dependencies.ts';
import type { Frame } from './frame.ts';
import type { Gradient } from './graph.ts';
import type { Hooks } from './hooks.ts';
import type { AutogradContextId, AutogradMessageId, AutogradNodeId, TensorId } from './ids.ts';
import type { TorchErrorType } from './torch-error.ts';
import type { Versions } from './versions.ts';

/**
 * One backward pass on one worker, all but its ready queues.
 *
 * @see PyTorch, `torch/csrc/autograd/graph_task.h`.
 */
export interface GraphTask {
  /** The send functions that no gradient has come for, by node. */
  readonly awaited: PersistentMap<AutogradMessageId>;
  /** Whether a gradient that is not a number is an error (`detect_anomaly`). */
  readonly anomalyMode: boolean;
  /** What `grad()` asked for, by its place there. */
  readonly captured: PersistentMap<Gradient>;
  /** Whether the autograd context has been cleaned up under the running pass. */
  readonly contextIsGone: boolean;
  /** How many gradients each node still waits for. */
  readonly dependencies: PersistentMap<number>;
  /** What to do with each node; when empty, everything runs. */
  readonly execInfo: PersistentMap<ExecInfo>;
  /** The first error; PyTorch's `has_error` and the error of its future. */
  readonly failure?: Failure;
  /** What user code is to be called at which node. */
  readonly hooks?: Hooks;
  readonly keepGraph: boolean;
  /** The input buffers of nodes that wait for more. */
  readonly notReady: PersistentMap<readonly Gradient[]>;
  /** Queued and running nodes, and send functions that were not fed. */
  readonly outstandingTasks: number;
  /** Where the pass records what it does, if its gradients are to have gradients (`create_graph`). */
  readonly recording?: Frame;
  /** The nodes of this worker whose saved tensors were gone when the pass began. */
  readonly released: PersistentMap<true>;
  /** The gradients that lie ready in send functions; taken when the function runs. */
  readonly sendGrads: PersistentMap<readonly Gradient[]>;
  /** What was changed in place. */
  readonly versions?: Versions;
}

/** Why a pass failed; `node` names the node that raised it, if one did. */
export interface Failure {
  readonly message: string;
  readonly node?: string;
  readonly type: TorchErrorType;
}

/** What a pass tells those outside. */
export type EngineFact =
  | { readonly type: 'gradient.captured'; readonly grad: Gradient; readonly variable: TensorId }
  | {
      readonly type: 'gradient.sent';
      readonly autogradMessageId: AutogradMessageId;
      readonly contextId: AutogradContextId;
      readonly grads: readonly Gradient[];
      readonly retainGraph: boolean;
      readonly toWorker: string;
    }
  | { readonly type: 'node.released'; readonly node: AutogradNodeId };

/** What a graph task is made of. */
export interface GraphTaskOptions extends DependencyState {
  readonly anomalyMode?: boolean;
  readonly hooks?: Hooks;
  readonly keepGraph: boolean;
  readonly recording?: Frame;
  readonly released?: PersistentMap<true>;
  readonly versions?: Versions;
}

/** A pass that has not begun. */
export function newGraphTask(options: GraphTaskOptions): GraphTask {
  const { anomalyMode = false, hooks, keepGraph, recording, released = emptyMap() } = options;
  const { versions } = options;
  return {
    awaited: options.awaited,
    anomalyMode,
    captured: emptyMap(),
    contextIsGone: false,
    dependencies: options.dependencies,
    execInfo: options.execInfo,
    keepGraph,
    notReady: emptyMap(),
    outstandingTasks: options.outstandingTasks,
    released,
    sendGrads: emptyMap(),
    // What most passes have not is no part of their state.
    ...(hooks === undefined ? {} : { hooks }),
    ...(recording === undefined ? {} : { recording }),
    ...(versions === undefined ? {} : { versions }),
  };
}

/** Whether the pass does anything with a node: run it, or take its gradient. */
export function shouldExecute({ execInfo }: GraphTask, node: AutogradNodeId): boolean {
  if (sizeOf(execInfo) === 0) return true;
  const info = getIn(execInfo, node);
  return info !== undefined && (info.needed || info.captures.length > 0);
}

/** The pass with this error, unless it had one before: the first wins. */
export function failed(task: GraphTask, failure: Failure): GraphTask {
  return task.failure === undefined ? { ...task, failure } : task;
}
