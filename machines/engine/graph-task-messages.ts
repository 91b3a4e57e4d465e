import type { PersistentMap } from '../../src/core/persistent-map.ts';
import type { DeviceMap } from '../devices/maps.ts';
import type { Failure } from './graph-task-state.ts';
import type { AutogradNode, Gradient } from './graph.ts';
import type { UserCall } from './hooks.ts';
import type {
  AutogradContextId,
  AutogradMessageId,
  AutogradNodeId,
  GraphTaskId,
  LoopId,
  TensorId,
} from './ids.ts';
import type { Versions } from './versions.ts';

/** What a worker tells a graph task, and a graph task itself. */
export type GraphTaskEvent =
  /**
   * A thread begins to drain a ready queue of its own that holds `node`. For a send function `inputs`
   * are the gradients that came for it. `increment` is false where the node was counted before.
   */
  | {
      readonly type: 'loop.started';
      readonly increment: boolean;
      readonly inputs: readonly Gradient[];
      readonly node: AutogradNode;
    }
  /** From itself: the loop may evaluate its next node. */
  | { readonly type: 'loop.turned'; readonly loop: LoopId }
  /** A function that was asked for has ended. */
  | {
      readonly type: 'function.answered';
      readonly answer: unknown;
      /** The text of what it raised. */
      readonly error?: string;
      readonly loop: LoopId;
    }
  /** From itself: the queue of a loop is empty. */
  | { readonly type: 'loop.drained' }
  /** A gradient that was sent to another worker met an error there, or on its way. */
  | { readonly type: 'task.failed'; readonly message: string }
  /** The autograd context was cleaned up. */
  | { readonly type: 'context.released' }
  /** Tensors of the process were changed in place. */
  | { readonly type: 'tensors.modified'; readonly versions: Versions };

/** What a graph task tells its worker; every message says of which pass it speaks. */
export type GraphTaskMessage = GraphTaskReport & {
  readonly contextId: AutogradContextId;
  readonly graphTask: GraphTaskId;
};

/** The part of a message that differs from kind to kind. */
export type GraphTaskReport =
  /** The gradient of a leaf is complete: it belongs into the context. */
  | { readonly type: 'gradient.captured'; readonly grad: Gradient; readonly variable: TensorId }
  /** A recv function ran: its gradients go to `toWorker`. */
  | {
      readonly type: 'gradient.sent';
      readonly autogradMessageId: AutogradMessageId;
      readonly deviceMap?: DeviceMap;
      readonly grads: readonly Gradient[];
      readonly retainGraph: boolean;
      readonly toWorker: string;
    }
  /** A node calls user code, and its loop waits. */
  | { readonly type: 'function.asked'; readonly call: UserCall; readonly loop: LoopId }
  /** A node ran, and a profiler wants to know of it. */
  | { readonly type: 'node.ran'; readonly name: string }
  /** These nodes can no longer be gone through. */
  | { readonly type: 'nodes.released'; readonly nodes: PersistentMap<true> }
  | { readonly type: 'graph-task.completed' }
  | { readonly type: 'graph-task.failed'; readonly failure: Failure };

/** What a graph task announces to the trace and to viewers. */
export type GraphTaskAnnouncement =
  | {
      readonly type: 'node.evaluated';
      readonly isExecuted: boolean;
      readonly loop: LoopId;
      readonly name: string;
      readonly node: AutogradNodeId;
      readonly outstandingTasks: number;
      /** How many nodes wait in each loop that runs, in the order of their names. */
      readonly queueLengths: readonly number[];
    }
  | { readonly type: 'gradient.captured'; readonly variable: TensorId };
