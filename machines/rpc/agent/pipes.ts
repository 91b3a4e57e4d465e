/**
 * Pipes: one for each worker that requests go to, made at the first send and never taken away. A process that
 * starts again after a crash is another one to its peers: whatever comes over a pipe to the one before is
 * reset, and the answers that the one before waited for are dropped.
 *
 * @see PyTorch, `tensorpipe_agent.cpp`, `connectedPipes_`, `handleClientError`.
 */
import { deleteIn, getIn, setIn, valuesOf } from '../../../src/core/persistent-map.ts';
import { isOn } from '../../switches/switches.ts';
import type { WorkerContext } from '../context.ts';
import type { Step } from '../step.ts';
import { andThen, stepOf } from '../step.ts';
import { callKey } from './call.ts';
import { failCall } from './end-call.ts';
import type { Message, Request } from './messages.ts';
import { sendBack } from './reply.ts';

/** The way to one worker. */
export interface Pipe {
  /** Why nothing goes through it any more. */
  readonly error?: string;
  /** Which start of the process it leads to; the first is 1. */
  readonly life: number;
}

/** A process says that it is not the one which a request was meant for. */
export interface PipeReset {
  readonly type: 'pipe.reset';
  readonly from: number;
  /** The request. */
  readonly id?: number;
  /** Whether it is that process, but nobody listens there. */
  readonly isRefusal?: true;
  readonly life: number;
}

/** The pipe to a worker, as it is before anything went wrong. */
export function pipeTo({ agent }: WorkerContext, to: number): Pipe {
  return getIn(agent.pipes, pipeKey(to)) ?? { life: 1 };
}

/** The error that a send meets at once. */
export function brokenText({ error }: Pipe): string | undefined {
  return error === undefined ? undefined : 'EPIPE: broken pipe';
}

/** Whether a message was meant for this start of the process. */
export function isMine({ lives }: WorkerContext, { toLife = 1 }: Message): boolean {
  return toLife === lives;
}

/** Answers a request that was meant for the process before. */
export function resetPipe(context: WorkerContext, request: Request): Step {
  const { id: from, lives: life } = context;
  const message = { type: 'pipe.reset', from, id: request.id, life } as const;
  return stepOf(context, sendBack(request, message));
}

/** Whether somebody listens here. */
export function isListening({ group }: WorkerContext): boolean {
  return group.phase === 'running';
}

/** Answers a request where nobody listens. */
export function refuseRequest(context: WorkerContext, request: Request): Step {
  const { id: from, lives: life } = context;
  const message = { type: 'pipe.reset', from, id: request.id, isRefusal: true, life } as const;
  return stepOf(context, sendBack(request, message));
}

/** The peer has started again, or nobody listens there: all that waited for it fails. */
export function receiveReset(context: WorkerContext, reset: PipeReset): Step {
  const { from, id, isRefusal, life } = reset;
  const call = id === undefined ? undefined : getIn(context.agent.calls, callKey(id));
  const isKnown = id !== undefined && (call === undefined || call.hasAnswer);
  const reported = isKnown ? reportTwice(context, id) : stepOf(context);
  return andThen(reported, (now) => {
    if (isRefusal === true && pipeTo(now, from).life === life) {
      return failPipe(now, { error: 'ECONNREFUSED: connection refused', life, to: from });
    }
    if (pipeTo(now, from).life >= life) return stepOf(now);
    return failPipe(now, { error: 'ECONNRESET: connection reset by peer', life, to: from });
  });
}

/**
 * The write of a request failed after its pipe had, by which all calls of the pipe ended. Each of the two callbacks
 * once took it for granted that it was the first.
 *
 * @see PyTorch, `tensorpipe_agent.cpp`, the write callback of `TensorPipeAgent::send`.
 */
export function reportTwice(context: WorkerContext, id: number): Step {
  if (!isOn(context.switches, 'agent.errorFlushOnce')) return stepOf(context);
  const message = `Found no pending response of message ${id}: its pipe had failed before its write did.`;
  return stepOf(context, {
    type: 'announced',
    announcement: { type: 'framework.failed', message },
  });
}

/** A pipe that failed, and the start of the process that a new one would lead to. */
export interface FailedPipe {
  readonly error: string;
  readonly life: number;
  readonly to: number;
}

/** All calls of a pipe fail; it stays broken unless the agent connects anew. */
export function failPipe(context: WorkerContext, { error, life, to }: FailedPipe): Step {
  const { agent } = context;
  const broken = {
    ...context,
    agent: {
      ...agent,
      pipes: setIn(agent.pipes, pipeKey(to), failedPipe(context, { error, life })),
    },
  };
  return valuesOf(agent.calls)
    .filter((call) => call.to === to && call.result === undefined)
    .toSorted((a, b) => a.id - b.id)
    .reduce<Step>(
      (step, { id }) => andThen(step, (now) => failCall(now, { error, id })),
      stepOf(broken),
    );
}

/** A pipe that failed stays broken, or is made anew at the next send. */
function failedPipe({ switches }: WorkerContext, { error, life }: Required<Pipe>): Pipe {
  return isOn(switches, 'agent.noReconnect') ? { error, life } : { life };
}

/** The pipe to one that has left: what was made once stays, broken, or is forgotten. */
export function leavePipe(context: WorkerContext, id: number): WorkerContext {
  const { agent } = context;
  const known = getIn(agent.pipes, pipeKey(id));
  if (known === undefined) return context;
  const pipe = failedPipe(context, { error: 'eof', life: known.life });
  const pipes =
    pipe.error === undefined
      ? deleteIn(agent.pipes, pipeKey(id))
      : setIn(agent.pipes, pipeKey(id), pipe);
  return { ...context, agent: { ...agent, pipes } };
}

/** The key of a pipe in the table of pipes. */
export function pipeKey(to: number): string {
  return `to${to}`;
}
