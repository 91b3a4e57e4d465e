/**
 * The receiving side of the agent, up to the point where a request may run: it is read, a thread of the
 * pool decodes it, and the owners of the references in its arguments get to know them.
 *
 * @see PyTorch, `tensorpipe_agent.cpp`, `respond`; `request_callback_no_python.cpp`, `processMessage`.
 */
import { torchCheck } from '../../engine/torch-error.ts';
import type { ForkData } from '../../rref/pickling.ts';
import { awaitConfirmation } from '../../rref/users.ts';
import { isOn } from '../../switches/switches.ts';
import { answerLease } from '../autograd/leases.ts';
import type { WorkerContext } from '../context.ts';
import { guardRequest } from '../devices/thread-streams.ts';
import { recordGlobally } from '../profiling/profiled-requests.ts';
import { forksIn } from '../references/pickle.ts';
import { unpickle } from '../references/pickling.ts';
import { applyRRefs } from '../references/rref-effects.ts';
import { declineForks } from '../references/unclaimed-forks.ts';
import { answerRaised } from '../serving/request-errors.ts';
import { runRequest } from '../serving/run-request.ts';
import type { Step } from '../step.ts';
import { andThen, stepOf } from '../step.ts';
import { giveHandles } from '../threads/holding.ts';
import { awaitInterpreter, isInterpreterTaken } from '../threads/interpreter.ts';
import { leavePoolOf } from '../threads/request-end.ts';
import { newThread, putThread, threadOf } from '../threads/thread.ts';
import { innerOf } from './inner-request.ts';
import type { Request } from './messages.ts';
import { submit } from './pool.ts';
import { nameRequest } from './request-names.ts';
import { serveCallOff } from './serve-call-off.ts';

/** A request was read: it is counted and waits for a thread of the pool; one that came before is ignored. */
export function receiveRequest(context: WorkerContext, request: Request): Step {
  if (request.type === 'CALL_OFF_REQ') return serveCallOff(context, request);
  if (request.type === 'LEASE_AUTOGRAD_CONTEXT_REQ') return answerLease(context, request);
  const { isFirst, name, served } = nameRequest(context, request);
  if (!isFirst && !isOn(context.switches, 'agent.servesTwice')) return stepOf(context);
  const { agent } = context;
  const counted = {
    ...context,
    agent: { ...agent, serverActiveCalls: agent.serverActiveCalls + 1 },
    served,
  };
  const thread = { ...newThread(counted, name), request };
  return submit(putThread(counted, thread), { type: 'request.taken', thread: name });
}

/** A thread of the pool takes the request: it runs at once, or when all its references are confirmed. */
export function takeRequest(
  context: WorkerContext,
  { thread: name }: { readonly thread: string },
): Step {
  const thread = { ...threadOf(context, name), isOnPool: true };
  const taken = recordGlobally(guardRequest(putThread(context, thread), name), name);
  if (isPython(thread.request) && isInterpreterTaken(taken, name)) {
    return awaitInterpreter(taken, { type: 'request.taken', thread: name });
  }
  try {
    const decoded = decode(taken, name);
    const isConfirmed = threadOf(decoded.context, name).unconfirmed === 0;
    if (!isConfirmed && waitsForOwners(decoded.context)) {
      return andThen(decoded, (now) => leavePoolOf(now, name));
    }
    return andThen(decoded, (now) => runRequest(now, { thread: name }));
  } catch (thrown) {
    return andThen(declineForks(taken, forksOfRequest(thread.request)), (now) =>
      answerRaised(now, { thread: name, thrown }),
    );
  }
}

/** Only calls of functions hold pickles; the arguments of others are plain. */
function decode(context: WorkerContext, name: string): Step {
  const { request } = threadOf(context, name);
  torchCheck(request?.isGutted !== true, 'Unexpected end of pickler archive.');
  const body = request && innerOf(request);
  if (body === undefined || !('pickle' in body)) return stepOf(context);
  // The function comes first in the pickle: where it is missing, the rest is not looked at.
  if (context.missing.includes(body.pickle.fn)) {
    return declineForks(context, forksOfRequest(request));
  }
  const { keys, pending, step, value } = unpickle(context, body.pickle.args);
  const held = giveHandles(step.context, { keys, thread: name });
  const thread = threadOf(held, name);
  const waiting = putThread(held, { ...thread, args: value, unconfirmed: pending.length });
  if (!waitsForOwners(waiting)) return { context: waiting, effects: step.effects };
  return pending.reduce<Step>(
    (now, { forkId }) =>
      andThen(now, (after) =>
        applyRRefs(after, awaitConfirmation(after.rrefs, { forkId, waiter: name })),
      ),
    { context: waiting, effects: step.effects },
  );
}

/** The copies of references in a request. */
function forksOfRequest(request: Request | undefined): readonly ForkData[] {
  const body = request && innerOf(request);
  return body !== undefined && 'pickle' in body ? forksIn(body.pickle.args) : [];
}

/** Early versions ran functions at once, whether or not the owners knew the references in their arguments. */
function waitsForOwners({ switches }: WorkerContext): boolean {
  return !isOn(switches, 'rref.runUdfUnconfirmed');
}

/** Unpickling is up to the interpreter; scripts and the messages of the protocol need none. */
function isPython(request: Request | undefined): boolean {
  return request !== undefined && innerOf(request).type.startsWith('PYTHON_');
}
