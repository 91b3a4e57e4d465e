/**
 * User code asks its worker for something. What PyTorch raises is thrown in user code; a mistake in how
 * handles are used ends the run.
 */
import { SimulationError, invariant } from '../../../src/core/errors.ts';
import { getIn } from '../../../src/core/persistent-map.ts';
import { TorchError } from '../../engine/torch-error.ts';
import { requireAgent } from '../agent/require-agent.ts';
import { afterRaising } from '../agent/unsent.ts';
import { serveAutograd } from '../autograd/autograd-requests.ts';
import { serveEngine } from '../autograd/engine-requests.ts';
import type { WorkerContext } from '../context.ts';
import { serveCuda } from '../devices/cuda-requests.ts';
import { serveFuture } from '../futures/future-requests.ts';
import { answer } from '../futures/futures.ts';
import { isGroupRequest, serveGroup } from '../group/group-requests.ts';
import { serveProfiler } from '../profiling/profiler-requests.ts';
import { serveRRef } from '../references/rref-requests.ts';
import type { Step, WorkerEffect } from '../step.ts';
import { andThen, stepOf } from '../step.ts';
import { waitInterpreted } from '../threads/interpreter.ts';
import { serveLock } from '../threads/locks.ts';
import { putThread, threadOf } from '../threads/thread.ts';
import { yieldPool } from '../threads/waiting-thread.ts';
import { serveCall } from './call-requests.ts';
import { failureOf } from './failure.ts';
import { serveGlobals } from './global-requests.ts';
import { rrefsIn } from './handles.ts';
import { serveProcess } from './process-requests.ts';
import type {
  Asked,
  CudaRequest,
  EngineRequest,
  ProfilerRequest,
  UserRequest,
} from './user-request.ts';

/** Serves a request of user code. */
export function serveUser(context: WorkerContext, asked: Asked<UserRequest>): Step {
  const { thread } = asked;
  requireHeld(context, asked);
  try {
    requireAgent(context, asked.request);
    return holdInterpreter(sleepAfterWrites(serve(context, asked), thread), thread);
  } catch (thrown) {
    if (!(thrown instanceof TorchError)) throw thrown;
    return answer(afterRaising(context, thrown), {
      outcome: { type: 'threw', error: failureOf(thrown) },
      thread,
    });
  }
}

function serve(context: WorkerContext, { request, thread }: Asked<UserRequest>): Step {
  if (isGroupRequest(request)) return serveGroup(context, { request, thread });
  if (isEngineRequest(request)) return serveEngine(context, { request, thread });
  switch (request.type) {
    case 'rpc.async':
    case 'rpc.remote':
    case 'rpc.sync':
      return serveCall(context, { request, thread });
    case 'rpc.debug-info':
    case 'rpc.get-timeout':
    case 'rpc.profile-gil':
    case 'rpc.set-timeout':
    case 'rpc.worker-info':
    case 'rpc.worker-infos':
    case 'time.sleep':
      return serveProcess(context, { request, thread });
    case 'future.add-done-callback':
    case 'future.collect':
    case 'future.create':
    case 'future.done':
    case 'future.set-exception':
    case 'future.set-result':
    case 'future.then':
    case 'future.value':
    case 'future.wait':
    case 'wait-all.begin':
    case 'wait-all.end':
      return serveFuture(context, { request, thread });
    case 'rref.backward':
    case 'rref.confirmed-by-owner':
    case 'rref.create':
    case 'rref.destroy-context':
    case 'rref.drop':
    case 'rref.pickle-apart':
    case 'rref.get-future':
    case 'rref.get-type':
    case 'rref.local-value':
    case 'rref.set-local-value':
    case 'rref.sweep':
    case 'rref.sweep-late':
    case 'rref.to-here':
      return serveRRef(context, { request, thread });
    case 'autograd.backward':
    case 'autograd.functions':
    case 'autograd.get-gradients':
    case 'autograd.new-context':
    case 'autograd.release-context':
    case 'autograd.retrieve-context':
    case 'torch.grad':
    case 'torch.set-grad':
    case 'torch.set-grads':
      return serveAutograd(context, { request, thread });
    case 'globals.entries':
    case 'globals.get':
    case 'globals.remove':
    case 'globals.set':
      return serveGlobals(context, { request, thread });
    case 'lock.acquire':
    case 'lock.release':
      return serveLock(context, { request, thread });
    default:
      // The rest by its type, whose own switch is complete.
      return serveTools(context, { request, thread });
  }
}

/** What is not of the protocol: devices and the profiler. */
function serveTools(
  context: WorkerContext,
  { request, thread }: Asked<CudaRequest | ProfilerRequest>,
): Step {
  switch (request.type) {
    case 'cuda.current-stream':
    case 'cuda.device-count':
    case 'cuda.launch':
    case 'cuda.make-stream':
    case 'cuda.record-event':
    case 'cuda.set-stream':
    case 'cuda.synchronize':
    case 'cuda.synchronize-event':
    case 'cuda.wait-event':
      return serveCuda(context, { request, thread });
    case 'profiler.begin':
    case 'profiler.creation-future':
    case 'profiler.disable':
    case 'profiler.enable':
    case 'profiler.end':
    case 'profiler.end-on-future':
    case 'profiler.enter-global':
    case 'profiler.exit-global':
      return serveProfiler(context, { request, thread });
    default:
      // A function may yield what no helper made.
      return refuse(request, thread);
  }
}

function isEngineRequest(request: UserRequest): request is EngineRequest {
  return request.type.startsWith('engine.');
}

/** A thread that has no answer waits for one. */
function holdInterpreter(step: Step, thread: string): Step {
  const goesOn = step.effects.some(
    (effect) => effect.type === 'function.told' && effect.thread === thread,
  );
  if (goesOn) return step;
  const waiting = { ...step, context: waitInterpreted(step.context, thread) };
  return andThen(waiting, (now) => yieldPool(now, thread));
}

/** A thread sleeps before it writes a message that is to be late: what it is told meanwhile waits. */
function sleepAfterWrites(step: Step, name: string): Step {
  const delayMs = step.effects.reduce(
    (sum, effect) => (effect.type === 'message.sent' ? sum + effect.delayMs : sum),
    0,
  );
  if (delayMs === 0) return step;
  const isAnswer = (effect: WorkerEffect): boolean =>
    effect.type === 'function.told' && effect.thread === name;
  const [answered] = step.effects.filter(isAnswer);
  const sleep = answered?.type === 'function.told' ? { answer: answered.event } : {};
  const thread = { ...threadOf(step.context, name), sleep };
  return {
    context: putThread(step.context, thread),
    effects: [
      ...step.effects.filter((effect) => !isAnswer(effect)),
      {
        type: 'timer.set',
        delayMs,
        event: { type: 'thread.woke', thread: name },
        id: `sleep-${name}`,
      },
    ],
  };
}

/** The thread has written its message, and goes on if it knows with what. */
export function wakeThread(
  context: WorkerContext,
  { thread: name }: { readonly thread: string },
): Step {
  const { sleep, ...thread } = threadOf(context, name);
  const awake = putThread(context, thread);
  const event = sleep?.answer;
  return event === undefined
    ? stepOf(awake)
    : stepOf(awake, { type: 'function.told', delayMs: 0, event, thread: name });
}

/** A function may use what it made or received, until it drops it. */
function requireHeld(context: WorkerContext, { request, thread }: Asked<UserRequest>): void {
  const { handles } = threadOf(context, thread);
  for (const key of rrefsIn(request)) {
    invariant(
      getIn(handles, key) !== undefined,
      'rpc/dropped-handle',
      `"${request.type}" on ${context.name} uses the remote reference ${key}, which its function does ` +
        'not hold: it was dropped, or belongs to a function that has ended. A reference lives as long as ' +
        'the function that made or received it; return it, or keep it in the globals.',
    );
  }
}

function refuse(request: never, thread: string): never {
  throw new SimulationError(
    'rpc/unknown-request',
    `Thread "${thread}" made the request ${JSON.stringify(request)}, which no worker serves. ` +
      'Use the functions of orrery/rpc.',
  );
}
