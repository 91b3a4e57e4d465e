/**
 * Calls under a profiler: each is recorded where it is made, and goes out in an envelope that asks for what its
 * handler records.
 *
 * @see PyTorch, `torch/distributed/rpc/api.py`, `_invoke_rpc`, `_enable_rpc_profiler`;
 * `torch/csrc/distributed/autograd/utils.cpp`, `sendMessageWithAutograd`, `getMessageWithProfiling`;
 * `torch/csrc/distributed/rpc/utils.cpp`, `processRemoteProfiledEvents`.
 */
import { setIn } from '../../../src/core/persistent-map.ts';
import { TorchError, torchCheck } from '../../engine/torch-error.ts';
import { asRemote } from '../../profiler/events.ts';
import type { ExecMode } from '../../profiler/key.ts';
import { profilingKey, toHereKey } from '../../profiler/key.ts';
import {
  addRemoteEvents,
  endRange,
  eraseKey,
  keyOf,
  saveKey,
  sessionOf,
} from '../../profiler/table.ts';
import type { SessionId } from '../../profiler/table.ts';
import type { RRefKey } from '../../rref/ids.ts';
import { isOn } from '../../switches/switches.ts';
import type { Call, CallResult, ProfiledCall } from '../agent/call.ts';
import type { ForwardAutogradReq, FunctionCallBody, RequestBody } from '../agent/messages.ts';
import { afterRaising } from '../agent/unsent.ts';
import type { WorkerContext } from '../context.ts';
import { nameOfWorker } from '../context.ts';
import { answer } from '../futures/futures.ts';
import { isScriptThread } from '../serving/script-modules.ts';
import type { Step } from '../step.ts';
import { andThen, stepOf } from '../step.ts';
import { putThread, threadOf } from '../threads/thread.ts';
import { failureOf } from '../user/failure.ts';
import type { Asked, CallRequest } from '../user/user-request.ts';
import { begin, endedMark, recordOps, tableOf, withTable } from './profiling.ts';

/** A call that is recorded, until it is sent. */
export interface RecordedCall extends ProfiledCall {
  readonly key: string;
  readonly thread: string;
}

/** A call of user code and where it goes. */
export interface AskedCall extends Asked<CallRequest> {
  readonly to: number;
}

/**
 * Makes a call under its name, if the thread has a profiler that goes along with calls. What is raised before
 * the call is sent leaves its name with the thread, as in PyTorch: the next call is refused.
 */
export function recordingCall(
  context: WorkerContext,
  { request, thread, to }: AskedCall,
  go: (context: WorkerContext, recorded?: RecordedCall) => Step,
): Step {
  const { profilingKey: pending, session } = threadOf(context, thread);
  const kind = session && sessionOf(tableOf(context), session)?.kind;
  if (session === undefined || kind === undefined) return go(context);
  const noted = recordOps(context, { ops: request.ops, thread });
  if (kind === 'kineto') return warnOnce(noted, go);
  torchCheck(
    pending === undefined,
    'Cannot call RemoteProfilerManager::setCurrentKey when current key is already set.',
  );
  const key = keyFor(context, { request, thread, to });
  const keyed = putThread(noted, { ...threadOf(noted, thread), profilingKey: key });
  const begun = begin(keyed, { isScope: false, name: key, session, thread });
  const recorded = { event: begun.event, key, session, thread };
  try {
    return andThen(begun.step, (now) => go(now, recorded));
  } catch (thrown) {
    if (!(thrown instanceof TorchError)) throw thrown;
    return andThen(
      begun.step,
      (now) => endCallRange(afterRaising(now, thrown), recorded),
      (now) => answer(now, { outcome: { type: 'threw', error: failureOf(thrown) }, thread }),
    );
  }
}

function keyFor(context: WorkerContext, { request, thread, to }: AskedCall): string {
  return profilingKey({
    callee: nameOfWorker(context, to),
    caller: context.name,
    fn: functionName(request),
    mode: modeOf(context, { request, thread }),
  });
}

/** As PyTorch names functions: operators by their schema, scripts by their module. */
function functionName({ callee }: CallRequest): string {
  if (callee.type === 'operator') return `aten::${callee.op}`;
  return callee.type === 'script' ? `__torch__.${callee.fn}` : callee.fn;
}

/** @see PyTorch, `torch/csrc/distributed/rpc/torchscript_functions.cpp`, `rpcTorchscript`. */
function modeOf(context: WorkerContext, { request, thread }: Asked<CallRequest>): ExecMode {
  if (request.type === 'rpc.remote') return 'remote';
  if (isScriptThread(context, thread)) return 'async_jit';
  return request.type === 'rpc.sync' ? 'sync' : 'async';
}

/** @see PyTorch, `utils.cpp`, `sendMessageWithAutograd`, the case of Kineto. */
function warnOnce(context: WorkerContext, go: (context: WorkerContext) => Step): Step {
  const table = tableOf(context);
  if (table.hasWarned) return go(context);
  const message =
    'Profiling a distributed call with the Kineto profiler will profile the caller, but not the worker.';
  return andThen(
    stepOf(withTable(context, { ...table, hasWarned: true }), {
      type: 'announced',
      announcement: { type: 'profiler.warned', message },
    }),
    go,
  );
}

/** The range of a call ends. */
export function endCallRange(context: WorkerContext, { event, session }: ProfiledCall): Step {
  if (event === undefined) return stepOf(context);
  const table = endRange(tableOf(context), { event, session });
  return stepOf(withTable(context, table), endedMark(event));
}

/** A request in its envelope, and how its answer will be known. */
export interface Enveloped {
  readonly body: RequestBody;
  readonly context: WorkerContext;
  readonly profile: ProfiledCall;
}

/** Puts a call into the envelope of profiling: its name is kept, and its thread is free for the next. */
export function envelop(
  context: WorkerContext,
  {
    body,
    recorded,
  }: { readonly body: FunctionCallBody | ForwardAutogradReq; readonly recorded: RecordedCall },
): Enveloped {
  const { event, key, session, thread: name } = recorded;
  const { id, table } = saveKey(tableOf(context), { key, worker: context.name });
  const { profilingKey: _, ...thread } = threadOf(context, name);
  return {
    body: { type: 'RUN_WITH_PROFILING_REQ', inner: body, profilingId: id },
    context: putThread(withTable(context, table), thread),
    profile: { event, profilingId: id, session },
  };
}

/** The creation of a reference is recorded: its future can be asked for. */
export function noteCreation(
  context: WorkerContext,
  { key, recorded }: { readonly key: RRefKey; readonly recorded: RecordedCall | undefined },
): WorkerContext {
  if (recorded === undefined) return context;
  const table = tableOf(context);
  return withTable(context, { ...table, creations: setIn(table.creations, key, true) });
}

/** A fetch is recorded where it is made, and asks for nothing. */
export function recordFetch(
  context: WorkerContext,
  { ops, ownerId, thread }: FetchRecording,
): { readonly profile?: ProfiledCall; readonly step: Step } {
  const { session } = threadOf(context, thread);
  if (session === undefined) return { step: stepOf(context) };
  const noted = recordOps(context, { ops, thread });
  const name = toHereKey({ callee: nameOfWorker(context, ownerId), caller: context.name });
  const { event, step } = begin(noted, { isScope: false, name, session, thread });
  return { profile: { event, session }, step };
}

/** A fetch that is about to be sent. */
export interface FetchRecording {
  readonly ops: readonly string[] | undefined;
  readonly ownerId: number;
  readonly thread: string;
}

/** A call that has ended, without its envelope. */
export interface OpenedCall {
  readonly result: CallResult;
  readonly step: Step;
}

/**
 * The answer of a call is taken out of its envelope: what its handler recorded is added to what was recorded
 * here, under the name of the call. An error brings nothing, and its name may stay behind.
 */
export function openEnvelope(
  context: WorkerContext,
  { call, result }: { readonly call: Call; readonly result: CallResult },
): OpenedCall {
  const { profile } = call;
  if (profile === undefined) return { result, step: stepOf(context) };
  const { profilingId, session } = profile;
  if (result.type === 'failed' || result.message.type !== 'RUN_WITH_PROFILING_RESP') {
    const kept = isOn(context.switches, 'profiler.keyOutlivesError') || profilingId === undefined;
    const table = tableOf(context);
    const after = kept ? context : withTable(context, eraseKey(table, profilingId));
    return { result, step: endCallRange(after, profile) };
  }
  const { events, inner, profilingId: id, type: _, ...frame } = result.message;
  const table = tableOf(context);
  const remote = asRemote(events, keyOf(table, id));
  const added = addRemoteEvents(eraseKey(table, id), { events: remote, session });
  return {
    result: { type: 'response', message: { ...inner, ...frame } },
    step: endCallRange(withTable(context, added), profile),
  };
}

/** The profiler of the thread, for whoever runs on its behalf later. */
export function sessionFor(context: WorkerContext, thread: string): SessionId | undefined {
  return threadOf(context, thread).session;
}
