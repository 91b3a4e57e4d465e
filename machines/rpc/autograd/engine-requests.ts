/**
 * The local engine as user code calls it: the thread that asks for a pass runs it, turn by turn.
 *
 * @see PyTorch, `torch/csrc/autograd/python_engine.cpp`; `engine.cpp`, `Engine::execute`.
 */
import { invariant, unreachable } from '../../../src/core/errors.ts';
import { deleteIn, getIn, valuesOf } from '../../../src/core/persistent-map.ts';
import type { Frame } from '../../engine/frame.ts';
import type { Gradient } from '../../engine/graph.ts';
import type { UserCall } from '../../engine/hooks.ts';
import type { LocalTurn } from '../../engine/local-pass.ts';
import { turnPass } from '../../engine/local-pass.ts';
import { lengthOf } from '../../engine/ready-queue.ts';
import { torchCheck } from '../../engine/torch-error.ts';
import { isOn } from '../../switches/switches.ts';
import type { WorkerContext } from '../context.ts';
import { answer } from '../futures/futures.ts';
import type { Step } from '../step.ts';
import { andThen, queueWork, stepOf } from '../step.ts';
import { failureOf } from '../user/failure.ts';
import type { Asked, EngineRequest } from '../user/user-request.ts';
import { beginLocalPass } from './begin-pass.ts';
import {
  change,
  leaveWakeUps,
  ownerOfPass,
  sleepOwner,
  spread,
  wakeUpsLeft,
} from './device-threads.ts';
import type { LocalPassOfThread } from './local-engine.ts';
import {
  addHook,
  countVersion,
  engineOf,
  passesOf,
  putEngine,
  putLocalPass,
  removeHook,
  surroundingsOf,
} from './local-engine.ts';
import { keepFacts, recordedIn, storeSum } from './pass-facts.ts';

/** What a turn of a pass came to, for the thread that runs it. */
export type EngineTurn = {
  /** Where recording stands, if the pass records. */
  readonly frame?: Frame;
  readonly pass: string;
} & (
  | { readonly type: 'asks'; readonly call: UserCall }
  | { readonly type: 'turned' }
  | { readonly type: 'ended'; readonly grads: readonly Gradient[] }
);

/** Serves a request about the local engine. */
export function serveEngine(
  context: WorkerContext,
  { request, thread }: Asked<EngineRequest>,
): Step {
  switch (request.type) {
    case 'engine.begin':
      return beginLocalPass(context, { request, thread });
    case 'engine.turn':
      return turn(context, { request, thread });
    case 'engine.abandon':
      return give(forget(context, request.pass), { thread, value: undefined });
    case 'engine.add-hook': {
      const { context: after, handle } = addHook(context, request);
      return give(after, { thread, value: handle });
    }
    case 'engine.retains-grad': {
      const hooks = getIn(engineOf(context).hooks, request.node) ?? [];
      const value = hooks.some(
        (hook) => hook.type === 'retain-grad' && hook.inputNr === request.inputNr,
      );
      return give(context, { thread, value });
    }
    case 'engine.remove-hook':
      return give(removeHook(context, request.handle), { thread, value: undefined });
    case 'engine.queue-callback':
      return give(queueCallback(context, { call: request.call, thread }), {
        thread,
        value: undefined,
      });
    case 'engine.modified':
      return modify(context, { request, thread });
    case 'engine.set-anomaly-mode': {
      const engine = engineOf(context);
      const after = putEngine(context, { ...engine, anomalyMode: request.isOn });
      return give(after, { thread, value: engine.anomalyMode });
    }
    default:
      return unreachable(request);
  }
}

type Of<Type extends EngineRequest['type']> = Asked<
  Extract<EngineRequest, { readonly type: Type }>
>;

function turn(context: WorkerContext, { request, thread }: Of<'engine.turn'>): Step {
  const { answer: given, frame, pass: name } = request;
  const running = passNamed(context, name);
  const parked = parkOwner(context, { name, running, thread });
  if (parked !== undefined) return parked;
  const { pass } = running;
  const stored = storeSum(context, running);
  const around = surroundingsOf(stored);
  const turned = turnPass(pass, frame === undefined ? around : { ...around, frame }, given);
  if (turned.type === 'ended') {
    const callback = takeCallback(stored, name);
    if (callback !== undefined) {
      return give(callback.context, {
        thread,
        value: { ...recordedIn(turned), type: 'asks', call: callback.call, pass: name },
      });
    }
  }
  const after = keepFacts(stored, { name, running, turned });
  const value = seen(turned, name);
  switch (turned.type) {
    case 'failed':
      return answer(forget(after.context, name), {
        outcome: { type: 'threw', error: failureOf(turned.error) },
        thread,
      });
    case 'ended':
      return give(forget(after.context, name), { thread, value });
    case 'asks':
    case 'evaluated':
      return andThen(countTurn(after.context, { name, running, turned }), (now) =>
        give(now, { thread, value: { ...value, ...after.recorded } }),
      );
    default:
      return unreachable(turned);
  }
}

interface OwnedPass {
  readonly name: string;
  readonly running: LocalPassOfThread;
}

/** What the owner of a pass does where it has no node to run: others may have, or need it. */
function parkOwner(
  context: WorkerContext,
  { name, running, thread }: OwnedPass & { readonly thread: string },
): Step | undefined {
  const { parallel, pass } = running;
  if (parallel === undefined || pass.running !== undefined) return undefined;
  const { asking, failure, isCompleted } = parallel;
  if (failure !== undefined) {
    const outcome = { type: 'threw', error: failure } as const;
    return answer(forget(context, name), { outcome, thread });
  }
  const [first, ...rest] = asking;
  if (first !== undefined) {
    const value: EngineTurn = {
      ...recordedIn({ pass }),
      type: 'asks',
      call: first.call,
      pass: name,
    };
    const taken = {
      ...running,
      parallel: { ...parallel, asking: rest },
      pass: { ...pass, running: first.running },
    };
    return give(putLocalPass(context, name, taken), { thread, value });
  }
  return isCompleted || lengthOf(pass.queue) > 0 ? undefined : sleepOwner(context, name);
}

/** What became ready on the owner's thread goes where it belongs, and the owner looks whether anything is left. */
function countTurn(
  context: WorkerContext,
  { name, running, turned }: OwnedPass & { readonly turned: LocalTurn },
): Step {
  if (running.parallel === undefined || turned.type !== 'evaluated') return stepOf(context);
  const isPopped = running.pass.running === undefined;
  const ready = lengthOf(turned.pass.queue) - lengthOf(running.pass.queue) - (isPopped ? 0 : 1);
  const counted = change(context, name, (parallel) => ({
    ...parallel,
    outstanding: parallel.outstanding + ready,
  }));
  return andThen(
    spread(counted, name),
    queueWork({ type: 'engine.counted', by: ownerOfPass, pass: name }),
  );
}

function seen(turned: LocalTurn, pass: string): EngineTurn {
  const common = { ...recordedIn(turned), pass };
  switch (turned.type) {
    case 'asks':
      return { ...common, type: 'asks', call: turned.call };
    case 'ended':
      return { ...common, type: 'ended', grads: turned.grads };
    case 'evaluated':
    case 'failed':
      return { ...common, type: 'turned' };
    default:
      return unreachable(turned);
  }
}

/** The next function that is to be called at the end of a pass: its own, or those of all passes. */
function takeCallback(context: WorkerContext, pass: string) {
  const engine = engineOf(context);
  const sharesCallbacks = isOn(context.switches, 'engine.globalCallbacks');
  const place = engine.callbacks.findIndex((each) => sharesCallbacks || each.pass === pass);
  const found = engine.callbacks[place];
  if (found === undefined) return undefined;
  const callbacks = engine.callbacks.toSpliced(place, 1);
  return { call: found.call, context: putEngine(context, { ...engine, callbacks }) };
}

/** @see PyTorch, `engine.cpp`, `Engine::queue_callback`. */
function queueCallback(
  context: WorkerContext,
  { call, thread }: { readonly call: UserCall; readonly thread: string },
): WorkerContext {
  const pass = passesOf(context, thread).at(-1);
  torchCheck(pass !== undefined, 'Final callbacks can only be installed during backward pass.');
  const engine = engineOf(context);
  return putEngine(context, { ...engine, callbacks: [...engine.callbacks, { call, pass }] });
}

/** The pass is over, and what was to be called at its end is not, if it failed. */
function forget(before: WorkerContext, name: string): WorkerContext {
  const found = getIn(engineOf(before).passes, name);
  const context = found === undefined ? before : leaveWakeUps(before, wakeUpsLeft(found));
  const engine = engineOf(context);
  return putEngine(context, {
    ...engine,
    callbacks: engine.callbacks.filter(({ pass }) => pass !== name),
    passes: deleteIn(engine.passes, name),
  });
}

/** Passes that run see the change as those that begin later do. */
function modify(context: WorkerContext, { request, thread }: Of<'engine.modified'>): Step {
  const { context: after, versions } = countVersion(context, {
    ...request.storage,
    by: request.by,
  });
  const told = [...valuesOf(after.passes)].map(
    ({ pass: { graphTask } }) =>
      ({
        type: 'graph-task.told',
        event: { type: 'tensors.modified', versions },
        graphTask,
      }) as const,
  );
  return andThen(stepOf(after, ...told), (now) => give(now, { thread, value: undefined }));
}

function passNamed(context: WorkerContext, name: string): LocalPassOfThread {
  const found = getIn(engineOf(context).passes, name);
  invariant(found !== undefined, 'rpc/no-pass', `${context.name} has no local pass "${name}".`);
  return found;
}

function give(
  context: WorkerContext,
  { thread, value }: { readonly thread: string; readonly value: unknown },
): Step {
  return answer(context, { outcome: { type: 'returned', value }, thread });
}
