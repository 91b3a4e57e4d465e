/**
 * Requests whose handlers are recorded: because who asks wants it, or because the process records all that it
 * serves.
 *
 * @see PyTorch, `request_callback_no_python.cpp`, `processRunWithProfilingReq`, `processMessage`.
 */
import { torchCheck } from '../../engine/torch-error.ts';
import { pushResult } from '../../profiler/global.ts';
import { closeSession, openSession } from '../../profiler/table.ts';
import type { PlainResponseBody, ResponseBody } from '../agent/messages.ts';
import type { WorkerContext } from '../context.ts';
import { putThread, threadOf } from '../threads/thread.ts';
import { putSession, tableOf, withTable } from './profiling.ts';

/** A thread of the pool takes a request: it is recorded if all of them are. */
export function recordGlobally(context: WorkerContext, name: string): WorkerContext {
  const ranges = context.profiling?.globals.map(({ id }) => id) ?? [];
  if (ranges.length === 0) return context;
  const { id: session, table } = openSession(tableOf(context), 'legacy');
  return putThread(withTable(context, table), { ...threadOf(context, name), ranges, session });
}

/**
 * A request is about to run: it is recorded if who asks wants it.
 *
 * @throws {TorchError} if the process records all requests: a thread has one profiler.
 */
export function recordRequest(context: WorkerContext, name: string): WorkerContext {
  const { request, session: before } = threadOf(context, name);
  if (request?.type !== 'RUN_WITH_PROFILING_REQ') return context;
  torchCheck(before === undefined, 'Profiler is already enabled on this thread');
  const { id: session, table } = openSession(tableOf(context), 'legacy');
  return putSession(withTable(context, table), { session, thread: name });
}

/** A request that is about to be answered. */
export interface AnsweredRequest {
  readonly body: PlainResponseBody;
  readonly thread: string;
}

/** The handler is through: what it recorded goes along with its answer, but not with an error. */
export function endRecording(
  context: WorkerContext,
  { body, thread: name }: AnsweredRequest,
): { readonly body: ResponseBody; readonly context: WorkerContext } {
  const { ranges, session, ...thread } = threadOf(context, name);
  if (session === undefined) return { body, context };
  const { events, table } = closeSession(tableOf(context), session);
  const bare = putThread(withTable(context, table), thread);
  if (ranges !== undefined) {
    return { body, context: withTable(bare, pushResult(table, { events, ranges })) };
  }
  const { request } = thread;
  if (request?.type !== 'RUN_WITH_PROFILING_REQ' || body.type === 'EXCEPTION') {
    return { body, context: bare };
  }
  const { profilingId } = request;
  return {
    body: { type: 'RUN_WITH_PROFILING_RESP', events, inner: body, profilingId },
    context: bare,
  };
}
