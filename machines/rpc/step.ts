/** One step of a worker: what it knows afterwards, and what is to be done, in order, as data. */
import type { NamedPass } from '../autograd/discovery.ts';
import type { Frame } from '../engine/frame.ts';
import type { GraphTaskInput } from '../engine/graph-task-context.ts';
import type { GraphTaskEvent } from '../engine/graph-task-messages.ts';
import type { Gradient } from '../engine/graph.ts';
import type { AutogradContextId, GraphTaskId, TensorId } from '../engine/ids.ts';
import type { HeldEvent } from '../group/group.ts';
import type { StoreAsked } from '../group/store-requests.ts';
import type { ForkId, OwnerKey, RRefId, RRefKey } from '../rref/ids.ts';
import type { Message, RequestBody } from './agent/messages.ts';
import type { PipeReset } from './agent/pipes.ts';
import type { Numbering } from './autograd/begin-pass.ts';
import type { Completing } from './autograd/device-threads.ts';
import type { FunctionCall, PoolTask, WorkerContext } from './context.ts';
import type { FutureCallback } from './futures/futures.ts';
import type { MadeReport } from './group/gathers.ts';
import type { Failure } from './user/failure.ts';
import type { FutureId } from './user/handles.ts';
import type { CallRequest } from './user/user-request.ts';

/** A worker after a critical section. */
export interface Step {
  readonly context: WorkerContext;
  readonly effects: readonly WorkerEffect[];
}

/** What a critical section wants done. */
export type WorkerEffect =
  | {
      readonly type: 'message.sent';
      /** Where it goes, if not to whoever has the id now. */
      readonly address?: string;
      /** How long the thread sleeps before it writes the message. */
      readonly delayMs: number;
      readonly message: Message | PipeReset;
      readonly to: number;
    }
  | { readonly type: 'store.asked'; readonly asked: StoreAsked }
  /** What had to wait comes again. */
  | { readonly type: 'event.resumed'; readonly event: HeldEvent }
  /** A further critical section follows, in any order with all others that wait. */
  | { readonly type: 'work.queued'; readonly work: Work }
  | {
      readonly type: 'timer.set';
      readonly delayMs: number;
      readonly event: TimerEvent;
      readonly id: string;
    }
  | { readonly type: 'timer.cancelled'; readonly id: string }
  | { readonly type: 'function.started'; readonly input: FunctionInput }
  | {
      readonly type: 'function.told';
      /** How long its thread sleeps before that. */
      readonly delayMs: number;
      readonly event: FunctionEvent;
      readonly thread: string;
    }
  /** The actor of a function that has ended is forgotten. */
  | { readonly type: 'function.forgotten'; readonly thread: string }
  | { readonly type: 'graph-task.started'; readonly input: GraphTaskInput }
  | {
      readonly type: 'graph-task.told';
      readonly event: GraphTaskEvent;
      readonly graphTask: GraphTaskId;
    }
  | { readonly type: 'graph-task.stopped'; readonly graphTask: GraphTaskId }
  | { readonly type: 'announced'; readonly announcement: WorkerAnnouncement };

/** What the actor of a user function is started with. */
export interface FunctionInput {
  readonly call: FunctionCall;
  readonly frame: Frame;
  readonly id: string;
}

/** What the actor of a user function is told. */
export type FunctionEvent =
  | { readonly type: 'request.answered'; readonly value: unknown }
  | { readonly type: 'request.failed'; readonly error: Failure };

/** What a timer of the agent says. */
export type TimerEvent =
  | { readonly type: 'call.timed-out'; readonly call: number }
  | { readonly type: 'group.timed-out'; readonly thread: string }
  | { readonly type: 'lease.over'; readonly contextId: AutogradContextId }
  | { readonly type: 'retry.due'; readonly retry: Retry }
  /** The maps that peers have for this worker's devices came, later than requests may. */
  | { readonly type: 'reverse-maps.came' }
  | { readonly type: 'sweep.timed-out'; readonly thread: string }
  | { readonly type: 'thread.woke'; readonly thread: string };

/** A message that is sent again until it comes through. */
export interface Retry {
  /** Whether an attempt before took the contents of the message along. */
  readonly isGutted?: true;
  readonly body: RequestBody;
  readonly maxRetries: number;
  /** Where the owner is asked about a fork: the worker of its parent. */
  readonly parentId?: number;
  /** How often it was sent again so far. */
  readonly retryCount: number;
  readonly to: number;
}

/** What is to run when a future is complete, and what the thread that asked for it gets. */
export interface AddedCallback {
  readonly callback: FutureCallback;
  readonly future: FutureId;
  readonly thread: string;
  readonly value: unknown;
}

/** The critical sections that other ones leave behind, each by what happened before it. */
export type Work =
  | PoolTask
  /** A future was seen incomplete: what is to follow it is put to its callbacks next. */
  | ({ readonly type: 'callback.added' } & AddedCallback)
  /** The last owner of the references in a request knows them: it may run. */
  | { readonly type: 'request.ready'; readonly thread: string }
  /** A request raised an error of the interpreter, whose lock was taken. */
  | { readonly type: 'request.raised'; readonly message: string; readonly thread: string }
  /** The function of a remote call ended; next its OwnerRRef is looked up or made. */
  | { readonly type: 'remote-call.ran'; readonly thread: string }
  | {
      readonly type: 'owner-rref.created';
      readonly owner: OwnerKey;
      readonly thread: string;
    }
  | { readonly type: 'owner-fork.added'; readonly owner: OwnerKey; readonly thread: string }
  | { readonly type: 'owner-value.set'; readonly thread: string }
  /** The leader of a gather has seen who reported; next it notes one more. */
  | ({ readonly type: 'report.made'; readonly thread: string } & MadeReport)
  /** The pool had nothing more to do; next the agent is closed. */
  | { readonly type: 'pool.drained'; readonly thread: string }
  /** What a thread waited for is there. */
  | { readonly type: 'owner-rref.found'; readonly owner: OwnerKey; readonly thread: string }
  | { readonly type: 'owner-value.found'; readonly owner: OwnerKey; readonly thread: string }
  | { readonly type: 'handle.dropped'; readonly count: number; readonly key: RRefKey }
  | { readonly type: 'user-rref.unreferenced'; readonly forkId: ForkId }
  | { readonly type: 'user-rref.deleted'; readonly forkId: ForkId }
  /** The sweep at shutdown deleted all users. */
  | { readonly type: 'sweep.users-deleted'; readonly thread: string }
  /** A context was erased; this worker that it reached is to know. */
  | {
      readonly type: 'context.erased';
      readonly contextId: AutogradContextId;
      readonly worker: number;
    }
  /** A backward pass is counted and marked; its first loop starts next. */
  | {
      readonly type: 'pass.initialized';
      readonly graphTask: GraphTaskId;
      readonly start: LoopEvent;
    }
  /** What a thread asked about a pass is answered, or met an error. */
  | ({
      readonly type: 'discovery.settled';
      readonly message?: string;
      readonly waiter: string;
    } & NamedPass)
  /** A pass is ended from outside. */
  | { readonly type: 'pass.given-up'; readonly graphTask: GraphTaskId; readonly message: string }
  /** A call has looked its worker up in a directory that others may change. */
  | {
      readonly type: 'worker.looked-up';
      readonly request: CallRequest;
      readonly thread: string;
      readonly version: number;
    }
  /** The threads of a local pass on several devices, section by section. */
  | { readonly type: 'engine.counted'; readonly by: string; readonly pass: string }
  | { readonly type: 'engine.device-turned'; readonly device: string; readonly pass: string }
  | { readonly type: 'engine.owned' | 'engine.slept'; readonly pass: string }
  | ({ readonly type: 'engine.completing' } & Completing)
  /** A thread that is to begin a pass has written the depth of a node. */
  | ({ readonly type: 'engine.numbered' } & Numbering)
  /** A call has connected to its worker. */
  | { readonly type: 'pipe.connected'; readonly request: CallRequest; readonly thread: string }
  /** The gradient of a leaf is to be kept. */
  | {
      readonly type: 'gradient.stored';
      readonly contextId: AutogradContextId;
      readonly grad: Gradient;
      readonly graphTask: GraphTaskId;
      readonly variable: TensorId;
    }
  /** The clean-up of a pass, section by section. */
  | { readonly type: 'pass.ended'; readonly graphTask: GraphTaskId }
  | { readonly type: 'pass.reset'; readonly graphTask: GraphTaskId }
  | { readonly type: 'pass.cleared'; readonly graphTask: GraphTaskId };

/** The event that starts a loop of a graph task. */
export type LoopEvent = Extract<GraphTaskEvent, { readonly type: 'loop.started' }>;

/** What a worker announces to the trace and to viewers. */
export type WorkerAnnouncement =
  /** A callback threw, so what should follow it never does. */
  | { readonly type: 'callback.failed'; readonly message: string }
  /** A member left a gather without what all members brought, or with more. */
  | { readonly type: 'gather.torn'; readonly id: string }
  /** What the library wrote to its log. */
  | { readonly type: 'api.logged'; readonly message: string }
  /** A thread of the framework threw, which ends the process, or it used what it had freed. */
  | { readonly type: 'framework.failed'; readonly message: string }
  | { readonly type: 'callback.threw'; readonly call: number; readonly message: string }
  /** An owner has let go of a reference that peers could reach. */
  | { readonly type: 'rref.dropped'; readonly rrefId: RRefId }
  | { readonly type: 'profiler.warned' | 'rref.warned'; readonly message: string }
  /** What a profiler records begins, or ends, now. */
  | { readonly type: 'profiler.began' | 'profiler.ended'; readonly event: string }
  | { readonly type: 'retries.exhausted'; readonly message: string; readonly messageType: string };

/** A step that does this. */
export function stepOf(context: WorkerContext, ...effects: readonly WorkerEffect[]): Step {
  return { context, effects };
}

/** A part of a step. */
export type Part = (context: WorkerContext) => Step;

/** One part after the other in a single step. */
export function chain(context: WorkerContext, ...parts: readonly Part[]): Step {
  let now = stepOf(context);
  for (const part of parts) {
    const next = part(now.context);
    now = { context: next.context, effects: [...now.effects, ...next.effects] };
  }
  return now;
}

/** A part after a step. */
export function andThen(step: Step, ...parts: readonly Part[]): Step {
  const after = chain(step.context, ...parts);
  return { context: after.context, effects: [...step.effects, ...after.effects] };
}

/** Leaves a critical section to be done. */
export function queueWork(work: Work): Part {
  return (context) => stepOf(context, { type: 'work.queued', work });
}
