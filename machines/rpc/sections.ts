/**
 * What a worker does, event by event. Each is a critical section of PyTorch: it leaves what follows as further
 * work, so that any order of sections is a run.
 */
import type { GraphTaskMessage } from '../engine/graph-task-messages.ts';
import type { StoreAnswered } from '../group/store-requests.ts';
import { closeDrained } from './agent/agent-life.ts';
import { takeResponse } from './agent/callbacks.ts';
import { isRequestType, isResponseType, isMessageType } from './agent/message-types.ts';
import type { Message, Request } from './agent/messages.ts';
import type { PipeReset } from './agent/pipes.ts';
import { isListening, isMine, receiveReset, refuseRequest, resetPipe } from './agent/pipes.ts';
import { receiveRequest, takeRequest } from './agent/receive-request.ts';
import type { Refusal } from './agent/receive-response.ts';
import { receiveRefusal, receiveResponse } from './agent/receive-response.ts';
import { sendAgain } from './agent/retries.ts';
import { timeOutCall } from './agent/time-out.ts';
import { sendCleanup } from './autograd/autograd-effects.ts';
import { startAskedFunction } from './autograd/backward-functions.ts';
import { numberNode } from './autograd/begin-pass.ts';
import {
  completeLocalPass,
  fallAsleep,
  ownPass,
  readCount,
  turnDevice,
} from './autograd/device-threads.ts';
import { settleDiscovery } from './autograd/discovery.ts';
import { sendGradient } from './autograd/gradients.ts';
import { askMaker } from './autograd/leases.ts';
import {
  clearPass,
  completePass,
  endPass,
  failPass,
  giveUpPass,
  keepGradient,
  keepReleased,
  noteNode,
  launchPass,
  resetPass,
  storeGradient,
} from './autograd/passes.ts';
import type { WorkerContext } from './context.ts';
import { installReverseMaps } from './devices/devices.ts';
import { appendCallback } from './futures/future-requests.ts';
import { keepReport } from './group/gathers.ts';
import { receiveStoreAnswer, timeOutWait } from './group/store-calls.ts';
import { deleteUser, dropHandles, forgetUser } from './references/drops.ts';
import { findOwner, findValue } from './references/fetch.ts';
import { sweepOwners, timeOutSweep } from './references/sweep.ts';
import type { FunctionOutput } from './serving/functions.ts';
import { endFunction } from './serving/functions.ts';
import { addFork, assignValue, createOwner, returnRemoteCall } from './serving/remote-calls.ts';
import { clearError } from './serving/request-errors.ts';
import { runRequest } from './serving/run-request.ts';
import type { Step, TimerEvent, Work } from './step.ts';
import { stepOf } from './step.ts';
import { resumeFunction } from './threads/waiting-thread.ts';
import { callConnected, useLookup } from './user/call-requests.ts';
import { serveUser, wakeThread } from './user/serve-user.ts';
import type { UserRequest } from './user/user-request.ts';

/** What the actor of a user function tells its worker. */
export interface RequestMade {
  readonly type: 'request.made';
  /** The thread whose function it runs. */
  readonly call: string;
  readonly request: UserRequest;
}

/** The actor of a user function has ended. */
export interface FunctionEnded {
  readonly type: `xstate.done.actor.${string}`;
  readonly actorId: string;
  readonly output: FunctionOutput;
}

/** All that a worker takes. */
export type WorkerEvent = Message | FunctionEnded | SectionEvent;

/** What has a section of its own. */
type SectionEvent =
  | Work
  | TimerEvent
  | GraphTaskMessage
  | RequestMade
  | Refusal
  | PipeReset
  | StoreAnswered;

type Sections = {
  readonly [Type in SectionEvent['type']]: (
    context: WorkerContext,
    event: Extract<SectionEvent, { readonly type: Type }>,
  ) => Step;
};

const sections: Sections = {
  'call.timed-out': timeOutCall,
  'callback.added': appendCallback,
  'context.erased': sendCleanup,
  'discovery.settled': settleDiscovery,
  'engine.completing': completeLocalPass,
  'engine.counted': readCount,
  'engine.device-turned': turnDevice,
  'engine.numbered': numberNode,
  'engine.owned': ownPass,
  'engine.slept': fallAsleep,
  'function.asked': startAskedFunction,
  'function.resumed': resumeFunction,
  'gradient.captured': keepGradient,
  'gradient.sent': sendGradient,
  'gradient.stored': storeGradient,
  'graph-task.completed': completePass,
  'graph-task.failed': failPass,
  'handle.dropped': dropHandles,
  'group.timed-out': timeOutWait,
  'lease.over': askMaker,
  'node.ran': noteNode,
  'nodes.released': keepReleased,
  'orrery.refused': receiveRefusal,
  'owner-fork.added': assignValue,
  'owner-rref.created': addFork,
  'owner-rref.found': findOwner,
  'owner-value.found': findValue,
  'owner-value.set': returnRemoteCall,
  'pass.cleared': endPass,
  'pass.ended': resetPass,
  'pass.given-up': giveUpPass,
  'pass.initialized': launchPass,
  'pass.reset': clearPass,
  'pipe.connected': callConnected,
  'pipe.reset': receiveReset,
  'pool.drained': closeDrained,
  'remote-call.ran': createOwner,
  'report.made': keepReport,
  'request.made': (context, { call, request }) => serveUser(context, { request, thread: call }),
  'request.raised': clearError,
  'request.ready': runRequest,
  'request.taken': takeRequest,
  'response.taken': takeResponse,
  'retry.due': sendAgain,
  'store.answered': receiveStoreAnswer,
  'thread.woke': wakeThread,
  'reverse-maps.came': installReverseMaps,
  'sweep.timed-out': timeOutSweep,
  'sweep.users-deleted': sweepOwners,
  'user-rref.deleted': forgetUser,
  'user-rref.unreferenced': deleteUser,
  'worker.looked-up': useLookup,
};

/** What the worker does at an event; nothing at one that it does not know. */
export function runSection(context: WorkerContext, event: WorkerEvent): Step {
  if (isMessage(event)) {
    if (!isRequest(event)) {
      return isMine(context, event) ? receiveResponse(context, event) : stepOf(context);
    }
    if (!isMine(context, event)) return resetPipe(context, event);
    return isListening(context) ? receiveRequest(context, event) : refuseRequest(context, event);
  }
  if (isEnd(event)) return endFunction(context, { output: event.output, thread: event.actorId });
  const section: Section | undefined = Object.hasOwn(sections, event.type)
    ? sections[event.type]
    : undefined;
  // cast -- each section takes the event whose type it stands under
  return section === undefined ? stepOf(context) : section(context, event as never);
}

type Section = (context: WorkerContext, event: never) => Step;

function isMessage(event: WorkerEvent): event is Message {
  return isMessageType(event.type) && (isRequestType(event.type) || isResponseType(event.type));
}

function isRequest(message: Message): message is Request {
  return isRequestType(message.type);
}

function isEnd(event: Exclude<WorkerEvent, Message>): event is FunctionEnded {
  return event.type.startsWith('xstate.done.actor.');
}
