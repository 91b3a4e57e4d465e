import { invariant } from '../../../src/core/errors.ts';
import { deleteIn, getIn, setIn } from '../../../src/core/persistent-map.ts';
import type { NamedPass } from '../../autograd/discovery.ts';
import type { Pass } from '../../autograd/pass.ts';
import type { AutogradContextId } from '../../engine/ids.ts';
import type { SessionId } from '../../profiler/table.ts';
import type { ForkId, RRefId } from '../../rref/ids.ts';
import { isOn } from '../../switches/switches.ts';
import type { WorkerContext } from '../context.ts';
import type { Step, Retry } from '../step.ts';
import { stepOf } from '../step.ts';
import type { FutureId } from '../user/handles.ts';
import type { MessageType } from './message-types.ts';
import type { CallOffReq, Response } from './messages.ts';

/** A request that was sent, until its callbacks have run and its answer is in. */
export interface Call {
  /** What its receiver is told if it fails without an answer. */
  readonly callOff?: CallOffReq;
  /** The autograd context that it is made in, where its end waits for the call. */
  readonly contextId?: AutogradContextId;
  /** Whether gradients were recorded where the call was made; its response is decoded so. */
  readonly gradMode: boolean;
  readonly hasAnswer: boolean;
  readonly hasTimedOut: boolean;
  readonly id: number;
  /** Whether it still counts as active. */
  readonly isCounted: boolean;
  /** Whether it was made to fail and never sent, so it stands in no table and no count. */
  readonly isInjected: boolean;
  /** Whether its callbacks have run; it stays for a late answer alone. */
  readonly isOver: boolean;
  readonly messageType: MessageType;
  /** How it is recorded, if a profiler is on. */
  readonly profile?: ProfiledCall;
  readonly result?: CallResult;
  readonly continuation: Continuation;
  readonly timeoutMs: number;
  readonly to: number;
}

/** How a profiler records a call. */
export interface ProfiledCall {
  /** Its range. */
  readonly event?: string | undefined;
  /** By what the events of its handler are known; absent where none are asked for. */
  readonly profilingId?: string;
  readonly session: SessionId;
}

/** How a call ended for whoever made it. */
export type CallResult =
  | { readonly type: 'response'; readonly message: Response }
  | { readonly type: 'failed'; readonly message: string };

/** What happens when a call has ended. */
export type Continuation =
  | { readonly type: 'future-completed'; readonly future: FutureId }
  /** A remote call; `observers` are the futures that tell of its end. */
  | {
      readonly type: 'user-rref-confirmed';
      readonly forkId: ForkId;
      readonly observers: readonly FutureId[];
    }
  | {
      readonly type: 'owner-rref-finished';
      readonly observers: readonly FutureId[];
      readonly rrefId: RRefId;
    }
  | { readonly type: 'retry-settled'; readonly retry: Retry }
  | { readonly type: 'gradient-settled'; readonly pass: Pass }
  | { readonly type: 'lease-answered'; readonly contextId: AutogradContextId }
  /** A question of `waiter` about a pass. */
  | ({ readonly type: 'question-answered'; readonly waiter: string } & NamedPass);

/** The id of a call that was never sent. */
export const injectedId = -1;

/** The key of a call in the table of calls. */
export function callKey(id: number): string {
  return `call-${id}`;
}

/** The name of a call's timer. */
export function timeoutId(id: number): string {
  return `timeout-${id}`;
}

/** A call that is under way. */
export function callOf(context: WorkerContext, id: number): Call {
  const found = getIn(context.agent.calls, callKey(id));
  invariant(found !== undefined, 'rpc/no-call', `${context.name} has no call ${id} under way.`);
  return found;
}

/** The worker with the call as it is now. */
export function putCall(context: WorkerContext, call: Call): WorkerContext {
  const { agent } = context;
  return { ...context, agent: { ...agent, calls: setIn(agent.calls, callKey(call.id), call) } };
}

/**
 * The callbacks of the call are through. One that timed out has nothing left to say, so it is forgotten, and the
 * answer that may still come finds no call; PyTorch keeps it until then, which may be for ever.
 *
 * @see PyTorch, `tensorpipe_agent.cpp`, `ClientPipe::pendingResponseMessage_`.
 */
export function closeCall(context: WorkerContext, id: number): Step {
  if (id === injectedId) return stepOf(context);
  const call = callOf(context, id);
  const { agent } = context;
  const calls =
    call.hasTimedOut && !call.hasAnswer && awaitsLateAnswer(context, call)
      ? setIn(agent.calls, callKey(id), { ...call, isOver: true })
      : deleteIn(agent.calls, callKey(id));
  const clientActiveCalls = agent.clientActiveCalls - (call.isCounted ? 1 : 0);
  return stepOf({ ...context, agent: { ...agent, calls, clientActiveCalls } });
}

function awaitsLateAnswer(context: WorkerContext, call: Call): boolean {
  return isOn(context.switches, 'agent.keepsTimedOutCalls') || endsTwice(context, call);
}

/** Whether the answer to a call that timed out ends it once more. */
export function endsTwice({ switches }: WorkerContext, { hasTimedOut }: Call): boolean {
  return hasTimedOut && isOn(switches, 'agent.noCompleteOnce');
}

/** The call counts as active no more, though its callbacks are still to run. */
export function countDown(context: WorkerContext, call: Call): WorkerContext {
  const { agent } = context;
  const clientActiveCalls = agent.clientActiveCalls - 1;
  return putCall(
    { ...context, agent: { ...agent, clientActiveCalls } },
    { ...call, isCounted: false },
  );
}

/** Forgets a call whose callbacks threw: it counts as active for ever. */
export function abandonCall(context: WorkerContext, id: number): Step {
  const { agent } = context;
  return stepOf({ ...context, agent: { ...agent, calls: deleteIn(agent.calls, callKey(id)) } });
}
