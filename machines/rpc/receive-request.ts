/**
 * The receiving side of the agent, up to the point where a request may run: it is read, a thread of the
 * pool decodes it, and the owners of the references in its arguments get to know them.
 *
 * @see PyTorch, `tensorpipe_agent.cpp`, `respond`; `request_callback_no_python.cpp`, `processMessage`.
 */
import { getIn, setIn } from '../../src/core/persistent-map.ts';
import { torchCheck } from '../engine/torch-error.ts';
import { awaitConfirmation } from '../rref/users.ts';
import { isOn } from '../switches/switches.ts';
import type { WorkerContext } from './context.ts';
import { innerOf } from './inner-request.ts';
import { awaitInterpreter, isInterpreterTaken } from './interpreter.ts';
import type { Request } from './messages.ts';
import { unpickle } from './pickling.ts';
import { submit } from './pool.ts';
import { recordGlobally } from './profiled-requests.ts';
import { answerRaised } from './request-errors.ts';
import { applyRRefs } from './rref-effects.ts';
import { runRequest } from './run-request.ts';
import type { Step } from './step.ts';
import { andThen, stepOf } from './step.ts';
import { leavePoolOf } from './thread-end.ts';
import { giveHandles, newThread, putThread, threadOf } from './thread.ts';

/** A request was read: it is counted and waits for a thread of the pool; one that came before is ignored. */
export function receiveRequest(context: WorkerContext, request: Request): Step {
  const { isFirst, name, served } = nameOf(context, request);
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
  const taken = recordGlobally(putThread(context, thread), name);
  if (isPython(thread.request) && isInterpreterTaken(taken, name)) {
    return awaitInterpreter(taken, { type: 'request.taken', thread: name });
  }
  try {
    const decoded = decode(taken, name);
    if (threadOf(decoded.context, name).unconfirmed > 0) {
      return andThen(decoded, (now) => leavePoolOf(now, name));
    }
    return andThen(decoded, (now) => runRequest(now, { thread: name }));
  } catch (thrown) {
    return answerRaised(taken, { thread: name, thrown });
  }
}

/** Only calls of functions hold pickles; the arguments of others are plain. */
function decode(context: WorkerContext, name: string): Step {
  const { request } = threadOf(context, name);
  torchCheck(request?.isGutted !== true, 'Unexpected end of pickler archive.');
  const body = request && innerOf(request);
  if (body === undefined || !('pickle' in body)) return stepOf(context);
  // The function comes first in the pickle: where it is missing, the rest is not looked at.
  if (context.missing.includes(body.pickle.fn)) return stepOf(context);
  const { keys, pending, step, value } = unpickle(context, body.pickle.args);
  const held = giveHandles(step.context, { keys, thread: name });
  const thread = threadOf(held, name);
  const waiting = putThread(held, { ...thread, args: value, unconfirmed: pending.length });
  return pending.reduce<Step>(
    (now, { forkId }) =>
      andThen(now, (after) =>
        applyRRefs(after, awaitConfirmation(after.rrefs, { forkId, waiter: name })),
      ),
    { context: waiting, effects: step.effects },
  );
}

/** Unpickling is up to the interpreter; scripts and the messages of the protocol need none. */
function isPython(request: Request | undefined): boolean {
  return request !== undefined && innerOf(request).type.startsWith('PYTHON_');
}

/** A request is named by who made it, so that the order in which requests come leaves no trace in names. */
function nameOf(context: WorkerContext, { from, fromLife = 1, id }: Request) {
  const plain = `call-${from}-${id}${fromLife === 1 ? '' : `-life-${fromLife}`}`;
  const count = getIn(context.served, plain) ?? 0;
  return {
    isFirst: count === 0,
    name: count === 0 ? plain : `${plain}~${count}`,
    served: setIn(context.served, plain, count + 1),
  };
}
