/**
 * The sending side of the agent: every request gets an id, an entry in the table of calls and a timer.
 *
 * @see PyTorch, `tensorpipe_agent.cpp`, `TensorPipeAgent::send`; `rpc_agent.cpp`, `RpcAgent::sendWithRetries`.
 */
import { getIn, setIn } from '../../../src/core/persistent-map.ts';
import type { DeviceMap } from '../../devices/maps.ts';
import type { Tensor } from '../../engine/graph.ts';
import { TorchError } from '../../engine/torch-error.ts';
import type { ForkData } from '../../rref/pickling.ts';
import { isOn } from '../../switches/switches.ts';
import { contextOfCall } from '../autograd/ended-contexts.ts';
import type { WorkerContext } from '../context.ts';
import type { Left } from '../devices/transfers.ts';
import { leave } from '../devices/transfers.ts';
import type { Retry, Step } from '../step.ts';
import { stepOf } from '../step.ts';
import type { FutureId } from '../user/handles.ts';
import { callOffFor } from './call-off.ts';
import type { Call, Continuation, ProfiledCall } from './call.ts';
import { injectedId, putCall } from './call.ts';
import { failCall } from './end-call.ts';
import { messageCodes } from './message-types.ts';
import type { RequestBody } from './messages.ts';
import { brokenText, isListening, pipeKey, pipeTo } from './pipes.ts';
import { timeOutOf } from './time-out.ts';
import { UnsentError } from './unsent.ts';

/** What a request is made of. */
export interface Sending {
  readonly body: RequestBody;
  /** Whether gradients are recorded where it is made; they are unless told. */
  readonly gradMode?: boolean;
  readonly tensors?: readonly Tensor[];
  /** The map of this message alone. */
  readonly deviceMap?: DeviceMap | undefined;
  /** The thread whose streams the tensors are read on. */
  readonly thread?: string;
  readonly continuation: Continuation;
  /** The copies of references that stand in it. */
  readonly forks?: readonly ForkData[];
  /** How a profiler records it. */
  readonly profile?: ProfiledCall | undefined;
  /** Whether it arrives without its contents. */
  readonly isGutted?: true;
  /** 0 is without end; the default of the agent unless given. */
  readonly timeoutMs?: number | undefined;
  readonly to: number;
}

/**
 * Sends a request as it is, unless the backend is told to let it fail: then whoever made it is told as soon
 * as this critical section is through, and nothing of it is counted.
 *
 * @see PyTorch, `faulty_tensorpipe_agent.cpp`, `FaultyTensorPipeAgent::send`.
 */
export function send(context: WorkerContext, sending: Sending): Step {
  const { agent } = context;
  const { backend, failedSends } = agent;
  const { body } = sending;
  if (!isSendable(context, body)) {
    const message =
      `Node ${context.id}tried to send() a message of type ${messageCodes[body.type]} but RPC is no longer ` +
      'running on this node.';
    return failUnsent(context, { message, sending });
  }
  if (backend.fails[body.type] !== true) return sendOut(context, sending);
  const payload = JSON.stringify(body);
  const failed = getIn(failedSends, payload) ?? 0;
  if (failed >= backend.numFailSends) return sendOut(context, sending);
  const message = `RPCErr:2:Send attempt failed intentionally for ${payload}`;
  const counted = { ...agent, failedSends: setIn(failedSends, payload, failed + 1) };
  return failUnsent({ ...context, agent: counted }, { message, sending });
}

/** Whether the agent runs, also the one that messages of the reference protocol go through. */
export function isSendable(context: WorkerContext, { type }: RequestBody): boolean {
  const isOrphan = context.group.isRRefAgentGone && controlTypes.has(type);
  return isListening(context) && !isOrphan;
}

const controlTypes: ReadonlySet<string> = new Set([
  'RREF_CHILD_ACCEPT',
  'RREF_FORK_REQUEST',
  'RREF_USER_DELETE',
]);

interface Unsent {
  readonly message: string;
  readonly sending: Sending;
}

/** Nothing is sent: whoever made the request is told as soon as this critical section is through. */
function failUnsent(context: WorkerContext, { message, sending }: Unsent): Step {
  const { agent } = context;
  const call = { ...newCall(context, sending), id: injectedId, isInjected: true } as const;
  const injected = [...agent.injected, { ...call, result: { type: 'failed', message } as const }];
  return stepOf({ ...context, agent: { ...agent, injected } });
}

function newCall(context: WorkerContext, sending: Sending): Call {
  const { agent } = context;
  const { body, continuation, gradMode = true, profile, timeoutMs, to } = sending;
  const callOff = callOffFor(context, sending);
  const contextId = contextOfCall(context, body);
  return {
    ...(callOff === undefined ? {} : { callOff }),
    ...(contextId === undefined ? {} : { contextId }),
    continuation,
    gradMode,
    hasAnswer: false,
    hasTimedOut: false,
    id: agent.nextMessageId,
    isCounted: true,
    isInjected: false,
    isOver: false,
    messageType: body.type,
    ...(profile === undefined ? {} : { profile }),
    timeoutMs: timeoutMs ?? agent.defaultTimeoutMs,
    to,
  };
}

function sendOut(before: WorkerContext, sending: Sending): Step {
  const { agent } = before;
  const { body, to } = sending;
  const pipe = pipeTo(before, to);
  const call = newCall(before, sending);
  const { id } = call;
  const { context, tensors } = leaveOrFail(before, sending);
  const counted = {
    ...context,
    agent: {
      ...agent,
      clientActiveCalls: agent.clientActiveCalls + 1,
      nextMessageId: id + 1,
      ...(context.group.isStatic ? {} : { pipes: setIn(agent.pipes, pipeKey(to), pipe) }),
    },
  };
  const { isGutted } = sending;
  const message = {
    // cast -- nobody looks into a message without contents
    ...(isGutted === true ? ({ isGutted, type: body.type } as unknown as RequestBody) : body),
    from: context.id,
    id,
    ...(context.lives > 1 ? { fromLife: context.lives } : {}),
    ...(context.group.names === undefined ? {} : { replyTo: context.name }),
    ...(pipe.life > 1 ? { toLife: pipe.life } : {}),
    tensors,
  };
  const sent = putCall(counted, call);
  const error = brokenText(pipe);
  if (error !== undefined) return failCall(sent, { error, id });
  return stepOf(sent, ...timeOutOf(counted, call), {
    type: 'message.sent',
    delayMs: agent.backend.delaysMs[body.type] ?? 0,
    message,
    to,
  });
}

/**
 * The tensors as they travel. Where one cannot, the call is not made; what a switch has done for it before, its
 * entry in the table or its part in the count, stays.
 */
function leaveOrFail(context: WorkerContext, sending: Sending): Left {
  const { deviceMap, tensors = [], thread, to } = sending;
  try {
    return leave(context, { deviceMap, kind: 'Request', tensors, thread, to });
  } catch (thrown) {
    if (!(thrown instanceof TorchError)) throw thrown;
    const left = countUnsent(registerUnsent(context, sending));
    throw left === context ? thrown : new UnsentError(thrown, left.agent);
  }
}

/** A call that was registered before its tensors were looked at stays in the table. */
function registerUnsent(context: WorkerContext, sending: Sending): WorkerContext {
  if (!isOn(context.switches, 'agent.registerBeforeCount')) return context;
  const continuation = { type: 'future-completed', future: nobodysFuture } as const;
  const { profile: _, ...call } = newCall(context, sending);
  const registered = putCall(context, { ...call, continuation, timeoutMs: 0 });
  return { ...registered, agent: { ...registered.agent, nextMessageId: call.id + 1 } };
}

/** A call that was counted before its tensors were looked at counts as active for ever. */
function countUnsent(context: WorkerContext): WorkerContext {
  const { agent, switches } = context;
  if (!isOn(switches, 'agent.countBeforeWriteNoGuard')) return context;
  return { ...context, agent: { ...agent, clientActiveCalls: agent.clientActiveCalls + 1 } };
}

// A call that was not made completes nothing.
const nobodysFuture: FutureId = 'future--1';

/** Sends a message that is sent again when it fails. */
export function sendWithRetries(context: WorkerContext, retry: Retry): Step {
  const { body, isGutted, to } = retry;
  const continuation = { type: 'retry-settled', retry } as const;
  return send(context, { body, continuation, ...(isGutted === true ? { isGutted } : {}), to });
}
