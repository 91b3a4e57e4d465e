import type { ActorLogic, Snapshot } from 'xstate';
import { enqueueActions, fromTransition, setup } from 'xstate';

import type { GraphTaskMessage } from '../engine/graph-task-messages.ts';
import { graphTaskMachine } from '../engine/graph-task.ts';
import { sendCleanup } from './autograd-effects.ts';
import { takeResponse } from './callbacks.ts';
import type { WorkerContext, WorkerInput } from './context.ts';
import { newWorkerContext } from './context.ts';
import { deleteUser, dropHandles, forgetUser } from './drops.ts';
import { findOwner, findValue } from './fetch.ts';
import type { FunctionOutput } from './functions.ts';
import {
  addFork,
  assignValue,
  createOwner,
  endFunction,
  returnRemoteCall,
  startMain,
} from './functions.ts';
import type { SentGradient } from './gradients.ts';
import { sendGradient } from './gradients.ts';
import type { Message, Request, Response } from './messages.ts';
import type { GraphTaskFact } from './passes.ts';
import {
  clearPass,
  completePass,
  endPass,
  failPass,
  keepGradient,
  keepReleased,
  launchPass,
  resetPass,
} from './passes.ts';
import { perform } from './perform.ts';
import { receiveRequest, takeRequest } from './receive-request.ts';
import type { Refusal } from './receive-response.ts';
import { receiveRefusal, receiveResponse, timeOutCall } from './receive-response.ts';
import { sendAgain } from './retries.ts';
import { runRequest } from './run-request.ts';
import { serveUser } from './serve-user.ts';
import type { FunctionEvent, FunctionInput, TimerEvent, Work, WorkerAnnouncement } from './step.ts';
import type { UserRequest } from './user-request.ts';

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
export type WorkerEvent =
  | Message
  | Work
  | TimerEvent
  | GraphTaskMessage
  | RequestMade
  | Refusal
  | FunctionEnded;

/** The logic of the actor that runs a user function. */
export type FunctionLogic = ActorLogic<Snapshot<FunctionOutput>, FunctionEvent, FunctionInput>;

// No row raises an event without a delay, so one event makes one microstep.
const microstepsMax = 8;

type WorkOf<Type extends Work['type']> = Extract<Work, { readonly type: Type }>;
type TimerOf<Type extends TimerEvent['type']> = Extract<TimerEvent, { readonly type: Type }>;

/**
 * One worker: PyTorch's agent, reference context, autograd container and dist engine. Each row is a critical
 * section: it leaves what follows as a further row, so that any order of sections is a run.
 *
 * User functions and graph tasks are its children; `userFunction` is to be provided.
 *
 * @see PyTorch, `torch/csrc/distributed/rpc`, `torch/csrc/distributed/autograd`.
 */
export const workerMachine = setup({
  types: {
    context: {} as WorkerContext,
    emitted: {} as WorkerAnnouncement,
    events: {} as WorkerEvent,
    input: {} as WorkerInput,
  },
  actors: {
    graphTask: graphTaskMachine,
    // cast -- a stand-in that does nothing, until the logic of user functions is provided
    userFunction: fromTransition((state: object) => state, {}) as unknown as FunctionLogic,
  },
  actions: {
    addFork: enqueueActions(({ context, enqueue }, params: WorkOf<'owner-rref.created'>) => {
      perform(enqueue, addFork(context, params));
    }),
    assignValue: enqueueActions(({ context, enqueue }, params: WorkOf<'owner-fork.added'>) => {
      perform(enqueue, assignValue(context, params));
    }),
    clearPass: enqueueActions(({ context, enqueue }, params: WorkOf<'pass.reset'>) => {
      perform(enqueue, clearPass(context, params));
    }),
    completePass: enqueueActions(
      ({ context, enqueue }, params: GraphTaskFact<'graph-task.completed'>) => {
        perform(enqueue, completePass(context, params));
      },
    ),
    createOwner: enqueueActions(({ context, enqueue }, params: WorkOf<'remote-call.ran'>) => {
      perform(enqueue, createOwner(context, params));
    }),
    deleteUser: enqueueActions(({ context, enqueue }, params: WorkOf<'user-rref.unreferenced'>) => {
      perform(enqueue, deleteUser(context, params));
    }),
    dropHandles: enqueueActions(({ context, enqueue }, params: WorkOf<'handle.dropped'>) => {
      perform(enqueue, dropHandles(context, params));
    }),
    endPass: enqueueActions(({ context, enqueue }, params: WorkOf<'pass.cleared'>) => {
      perform(enqueue, endPass(context, params));
    }),
    failPass: enqueueActions(({ context, enqueue }, params: GraphTaskFact<'graph-task.failed'>) => {
      perform(enqueue, failPass(context, params));
    }),
    findOwner: enqueueActions(({ context, enqueue }, params: WorkOf<'owner-rref.found'>) => {
      perform(enqueue, findOwner(context, params));
    }),
    findValue: enqueueActions(({ context, enqueue }, params: WorkOf<'owner-value.found'>) => {
      perform(enqueue, findValue(context, params));
    }),
    forgetUser: enqueueActions(({ context, enqueue }, params: WorkOf<'user-rref.deleted'>) => {
      perform(enqueue, forgetUser(context, params));
    }),
    keepGradient: enqueueActions(
      ({ context, enqueue }, params: GraphTaskFact<'gradient.captured'>) => {
        perform(enqueue, keepGradient(context, params));
      },
    ),
    keepReleased: enqueueActions(
      ({ context, enqueue }, params: GraphTaskFact<'nodes.released'>) => {
        perform(enqueue, keepReleased(context, params));
      },
    ),
    launchPass: enqueueActions(({ context, enqueue }, params: WorkOf<'pass.initialized'>) => {
      perform(enqueue, launchPass(context, params));
    }),
    receiveRefusal: enqueueActions(({ context, enqueue }, params: Refusal) => {
      perform(enqueue, receiveRefusal(context, params));
    }),
    receiveRequest: enqueueActions(({ context, enqueue }, params: Request) => {
      perform(enqueue, receiveRequest(context, params));
    }),
    receiveResponse: enqueueActions(({ context, enqueue }, params: Response) => {
      perform(enqueue, receiveResponse(context, params));
    }),
    resetPass: enqueueActions(({ context, enqueue }, params: WorkOf<'pass.ended'>) => {
      perform(enqueue, resetPass(context, params));
    }),
    returnRemoteCall: enqueueActions(({ context, enqueue }, params: WorkOf<'owner-value.set'>) => {
      perform(enqueue, returnRemoteCall(context, params));
    }),
    runRequest: enqueueActions(({ context, enqueue }, params: WorkOf<'request.ready'>) => {
      perform(enqueue, runRequest(context, params));
    }),
    sendAgain: enqueueActions(({ context, enqueue }, params: TimerOf<'retry.due'>) => {
      perform(enqueue, sendAgain(context, params));
    }),
    sendCleanup: enqueueActions(({ context, enqueue }, params: WorkOf<'context.erased'>) => {
      perform(enqueue, sendCleanup(context, params));
    }),
    sendGradient: enqueueActions(({ context, enqueue }, params: SentGradient) => {
      perform(enqueue, sendGradient(context, params));
    }),
    serveUser: enqueueActions(({ context, enqueue }, { call, request }: RequestMade) => {
      perform(enqueue, serveUser(context, { request, thread: call }));
    }),
    takeRequest: enqueueActions(({ context, enqueue }, params: WorkOf<'request.taken'>) => {
      perform(enqueue, takeRequest(context, params));
    }),
    takeResponse: enqueueActions(({ context, enqueue }, params: WorkOf<'response.taken'>) => {
      perform(enqueue, takeResponse(context, params));
    }),
    timeOutCall: enqueueActions(({ context, enqueue }, params: TimerOf<'call.timed-out'>) => {
      perform(enqueue, timeOutCall(context, params));
    }),
    endFunction: enqueueActions(({ context, enqueue }, { actorId, output }: FunctionEnded) => {
      perform(enqueue, endFunction(context, { output, thread: actorId }));
    }),
    startMain: enqueueActions(({ context, enqueue }) => {
      perform(enqueue, startMain(context));
    }),
  },
}).createMachine({
  id: 'worker',
  context: ({ input }) => newWorkerContext(input),
  entry: 'startMain',
  on: {
    BACKWARD_AUTOGRAD_REQ: { actions: { type: 'receiveRequest', params: ({ event }) => event } },
    CLEANUP_AUTOGRAD_CONTEXT_REQ: {
      actions: { type: 'receiveRequest', params: ({ event }) => event },
    },
    FORWARD_AUTOGRAD_REQ: { actions: { type: 'receiveRequest', params: ({ event }) => event } },
    PYTHON_CALL: { actions: { type: 'receiveRequest', params: ({ event }) => event } },
    PYTHON_REMOTE_CALL: { actions: { type: 'receiveRequest', params: ({ event }) => event } },
    PYTHON_RREF_FETCH_CALL: { actions: { type: 'receiveRequest', params: ({ event }) => event } },
    RREF_CHILD_ACCEPT: { actions: { type: 'receiveRequest', params: ({ event }) => event } },
    RREF_FORK_REQUEST: { actions: { type: 'receiveRequest', params: ({ event }) => event } },
    RREF_USER_DELETE: { actions: { type: 'receiveRequest', params: ({ event }) => event } },
    BACKWARD_AUTOGRAD_RESP: { actions: { type: 'receiveResponse', params: ({ event }) => event } },
    CLEANUP_AUTOGRAD_CONTEXT_RESP: {
      actions: { type: 'receiveResponse', params: ({ event }) => event },
    },
    EXCEPTION: { actions: { type: 'receiveResponse', params: ({ event }) => event } },
    FORWARD_AUTOGRAD_RESP: { actions: { type: 'receiveResponse', params: ({ event }) => event } },
    PYTHON_RET: { actions: { type: 'receiveResponse', params: ({ event }) => event } },
    PYTHON_RREF_FETCH_RET: { actions: { type: 'receiveResponse', params: ({ event }) => event } },
    REMOTE_RET: { actions: { type: 'receiveResponse', params: ({ event }) => event } },
    RREF_ACK: { actions: { type: 'receiveResponse', params: ({ event }) => event } },
    'orrery.refused': { actions: { type: 'receiveRefusal', params: ({ event }) => event } },
    'call.timed-out': { actions: { type: 'timeOutCall', params: ({ event }) => event } },
    'retry.due': { actions: { type: 'sendAgain', params: ({ event }) => event } },
    'request.taken': { actions: { type: 'takeRequest', params: ({ event }) => event } },
    'request.ready': { actions: { type: 'runRequest', params: ({ event }) => event } },
    'response.taken': { actions: { type: 'takeResponse', params: ({ event }) => event } },
    'remote-call.ran': { actions: { type: 'createOwner', params: ({ event }) => event } },
    'owner-rref.created': { actions: { type: 'addFork', params: ({ event }) => event } },
    'owner-fork.added': { actions: { type: 'assignValue', params: ({ event }) => event } },
    'owner-value.set': { actions: { type: 'returnRemoteCall', params: ({ event }) => event } },
    'owner-rref.found': { actions: { type: 'findOwner', params: ({ event }) => event } },
    'owner-value.found': { actions: { type: 'findValue', params: ({ event }) => event } },
    'handle.dropped': { actions: { type: 'dropHandles', params: ({ event }) => event } },
    'user-rref.unreferenced': { actions: { type: 'deleteUser', params: ({ event }) => event } },
    'user-rref.deleted': { actions: { type: 'forgetUser', params: ({ event }) => event } },
    'context.erased': { actions: { type: 'sendCleanup', params: ({ event }) => event } },
    'pass.initialized': { actions: { type: 'launchPass', params: ({ event }) => event } },
    'pass.ended': { actions: { type: 'resetPass', params: ({ event }) => event } },
    'pass.reset': { actions: { type: 'clearPass', params: ({ event }) => event } },
    'pass.cleared': { actions: { type: 'endPass', params: ({ event }) => event } },
    'gradient.captured': { actions: { type: 'keepGradient', params: ({ event }) => event } },
    'gradient.sent': { actions: { type: 'sendGradient', params: ({ event }) => event } },
    'nodes.released': { actions: { type: 'keepReleased', params: ({ event }) => event } },
    'graph-task.completed': { actions: { type: 'completePass', params: ({ event }) => event } },
    'graph-task.failed': { actions: { type: 'failPass', params: ({ event }) => event } },
    'request.made': { actions: { type: 'serveUser', params: ({ event }) => event } },
    'xstate.done.actor.*': { actions: { type: 'endFunction', params: ({ event }) => event } },
  },
  options: { maxIterations: microstepsMax },
});
