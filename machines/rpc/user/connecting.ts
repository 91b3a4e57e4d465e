/**
 * The first call to a worker connects to it. An early agent held the lock of its tables meanwhile, and the transport
 * may run callbacks that are ready on any thread that calls it, also on the one that holds the lock.
 *
 * @see PyTorch, `tensorpipe_agent.cpp`, `TensorPipeAgent::send`, `connectedPipesMutex_`.
 */
import { emptyMap, hasIn, setIn } from '../../../src/core/persistent-map.ts';
import { isOn } from '../../switches/switches.ts';
import { pipeKey } from '../agent/pipes.ts';
import type { WorkerContext } from '../context.ts';
import { answer } from '../futures/futures.ts';
import type { Part, Step } from '../step.ts';
import { andThen, queueWork, stepOf } from '../step.ts';
import { failureOf } from './failure.ts';
import { idOf } from './process-requests.ts';
import type { Asked, CallRequest } from './user-request.ts';

/** A call that is to be made. */
type AskedCall = Asked<CallRequest>;

/** Makes a call, connected or not. */
type CallMaker = (asked: AskedCall) => Part;

/**
 * Makes a call; where connecting is not safe, it may be made a section later, or when others have connected.
 *
 * @throws {TorchError} if there is no such worker.
 */
export function connectFirst(context: WorkerContext, asked: AskedCall, make: CallMaker): Step {
  const { agent, switches } = context;
  if (!isOn(switches, 'agent.inlineCallbacksUnderLock')) return make(asked)(context);
  const { connecting = { connected: emptyMap<true>(), waiting: [] } } = agent;
  const { connected, holder, waiting } = connecting;
  if (holder !== undefined) {
    return stepOf(withConnecting(context, { ...connecting, waiting: [...waiting, asked] }));
  }
  if (hasIn(connected, pipeKey(idOf(context, asked.request.to)))) return make(asked)(context);
  const locked = withConnecting(context, { ...connecting, holder: asked.thread });
  return queueWork({ type: 'pipe.connected', ...asked })(locked);
}

/** The worker is connected: the call is made, and then those that waited for the lock. */
export function finishConnecting(context: WorkerContext, asked: AskedCall, make: CallMaker): Step {
  const { connecting } = context.agent;
  if (connecting === undefined || connecting.isStuck === true) return stepOf(context);
  const { connected, waiting } = connecting;
  const key = pipeKey(idOf(context, asked.request.to));
  const open = withConnecting(context, { connected: setIn(connected, key, true), waiting: [] });
  return waiting.reduce<Step>(
    (step, next) =>
      andThen(
        step,
        answering(next, (now) => connectFirst(now, next, make)),
      ),
    answering(asked, make(asked))(open),
  );
}

function withConnecting(
  context: WorkerContext,
  connecting: NonNullable<WorkerContext['agent']['connecting']>,
): WorkerContext {
  return { ...context, agent: { ...context.agent, connecting } };
}

/** What a call raises is for the thread that makes it. */
function answering({ thread }: AskedCall, part: Part): Part {
  return (context) => {
    try {
      return part(context);
    } catch (thrown) {
      return answer(context, { outcome: { type: 'threw', error: failureOf(thrown) }, thread });
    }
  };
}
