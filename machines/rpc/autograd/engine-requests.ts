/**
 * The local engine as user code calls it: the thread that asks for a pass runs it, turn by turn.
 *
 * @see PyTorch, `torch/csrc/autograd/python_engine.cpp`; `engine.cpp`, `Engine::execute`.
 */
import { invariant, unreachable } from '../../../src/core/errors.ts';
import { deleteIn, getIn, setIn, valuesOf } from '../../../src/core/persistent-map.ts';
import type { Frame } from '../../engine/frame.ts';
import type { Gradient } from '../../engine/graph.ts';
import type { UserCall } from '../../engine/hooks.ts';
import type { LocalTurn } from '../../engine/local-pass.ts';
import { beginPass, releasedAfter, turnPass } from '../../engine/local-pass.ts';
import { accumulate, accumulateRecorded } from '../../engine/local.ts';
import { torchCheck } from '../../engine/torch-error.ts';
import { isOn } from '../../switches/switches.ts';
import type { WorkerContext } from '../context.ts';
import { answer } from '../futures/futures.ts';
import type { Step } from '../step.ts';
import { andThen, stepOf } from '../step.ts';
import { failureOf } from '../user/failure.ts';
import type { Asked, EngineRequest } from '../user/user-request.ts';
import type { LocalPassOfThread } from './local-engine.ts';
import {
  addHook,
  countVersion,
  engineOf,
  passesOf,
  putEngine,
  removeHook,
  surroundingsOf,
} from './local-engine.ts';

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
      return begin(context, { request, thread });
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

/** Counts what the pass must go through; no node runs yet. */
function begin(context: WorkerContext, { request, thread }: Of<'engine.begin'>): Step {
  const { frame, pass: wanted } = request;
  const outer = passesOf(context, thread);
  // The thread waits for a pass that only it could run.
  if (outer.length > 0 && isOn(context.switches, 'engine.noReentrantLoop')) return stepOf(context);
  const around = surroundingsOf(context);
  const pass = beginPass(wanted, frame === undefined ? around : { ...around, frame });
  const name = `${thread}#${outer.length}`;
  const engine = engineOf(context);
  const passes = setIn(engine.passes, name, { pass, thread });
  const value: EngineTurn = { type: 'turned', pass: name };
  return give(putEngine(context, { ...engine, passes }), { thread, value });
}

function turn(context: WorkerContext, { request, thread }: Of<'engine.turn'>): Step {
  const { answer: given, frame, pass: name } = request;
  const { pass, ...running } = passNamed(context, name);
  const stored = store(context, running);
  const around = surroundingsOf(stored);
  const turned = turnPass(pass, frame === undefined ? around : { ...around, frame }, given);
  if (turned.type === 'ended') {
    const callback = takeCallback(stored, name);
    if (callback !== undefined) {
      return give(callback.context, {
        thread,
        value: { ...frameOf(turned), type: 'asks', call: callback.call, pass: name },
      });
    }
  }
  const after = keepFacts(stored, { name, thread, turned });
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
      return andThen(stepOf(after.context), (now) =>
        give(now, { thread, value: { ...value, ...after.recorded } }),
      );
    default:
      return unreachable(turned);
  }
}

interface Turned {
  readonly name: string;
  readonly thread: string;
  readonly turned: LocalTurn;
}

interface Kept {
  readonly context: WorkerContext;
  readonly recorded: { readonly frame?: Frame };
}

/** Gradients go to `.grad`, and the pass waits for its next turn. */
function keepFacts(context: WorkerContext, { name, thread, turned }: Turned): Kept {
  const { facts } = turned;
  let { pass } = turned;
  let { grads } = context.local;
  let unstored: LocalPassOfThread['unstored'];
  for (const fact of facts) {
    if (fact.type !== 'gradient.captured') continue;
    const { recording } = pass.task;
    if (recording !== undefined) {
      const summed = accumulateRecorded(grads, fact, recording);
      grads = summed.gradients;
      pass = { ...pass, task: { ...pass.task, recording: summed.frame } };
      continue;
    }
    const sums = accumulate(grads, fact);
    if (isOn(context.switches, 'engine.accumulateNoLock')) {
      const { variable } = fact;
      unstored = { sum: getIn(sums, variable) ?? fact.grad, variable };
    } else grads = sums;
  }
  const released = releasedAfter(context.local.released, facts);
  const now = { ...context, local: { ...context.local, grads, released } };
  const engine = engineOf(now);
  const running = { pass, thread, ...(unstored === undefined ? {} : { unstored }) };
  return {
    context: putEngine(now, { ...engine, passes: setIn(engine.passes, name, running) }),
    recorded: frameOf({ pass }),
  };
}

/** Where leaves have no lock, the sum is stored in a section of its own. */
function store(
  context: WorkerContext,
  { unstored }: Omit<LocalPassOfThread, 'pass'>,
): WorkerContext {
  if (unstored === undefined) return context;
  const grads = setIn(context.local.grads, unstored.variable, unstored.sum);
  return { ...context, local: { ...context.local, grads } };
}

function seen(turned: LocalTurn, pass: string): EngineTurn {
  const common = { ...frameOf(turned), pass };
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

function frameOf({ pass }: Pick<LocalTurn, 'pass'>): { readonly frame?: Frame } {
  const { recording } = pass.task;
  return recording === undefined ? {} : { frame: recording };
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
function forget(context: WorkerContext, name: string): WorkerContext {
  const engine = engineOf(context);
  return putEngine(context, {
    ...engine,
    callbacks: engine.callbacks.filter(({ pass }) => pass !== name),
    passes: deleteIn(engine.passes, name),
  });
}

/** Passes that run see the change as those that begin later do. */
function modify(context: WorkerContext, { request, thread }: Of<'engine.modified'>): Step {
  const { context: after, versions } = countVersion(context, request.storage);
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
