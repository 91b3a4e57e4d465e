/**
 * What user code asks of the profiler.
 *
 * @see PyTorch, `torch/autograd/profiler_legacy.py`, `profile`; `torch/autograd/profiler.py`, `record_function`;
 * `torch/distributed/rpc/server_process_global_profiler.py`.
 */
import { unreachable } from '../../../src/core/errors.ts';
import { hasIn } from '../../../src/core/persistent-map.ts';
import { torchCheck } from '../../engine/torch-error.ts';
import { enterRange, exitRange } from '../../profiler/global.ts';
import { closeSession, openSession } from '../../profiler/table.ts';
import type { WorkerContext } from '../context.ts';
import { addCallbackTo } from '../futures/future-requests.ts';
import { answer, makeFutureFor } from '../futures/futures.ts';
import { creationFuture } from '../serving/creations.ts';
import type { Step } from '../step.ts';
import { andThen, stepOf } from '../step.ts';
import { threadOf } from '../threads/thread.ts';
import type { Asked, ProfilerRequest } from '../user/user-request.ts';
import { endCallRange } from './profiled-calls.ts';
import { begin, putSession, recordOps, tableOf, withTable } from './profiling.ts';

/** Serves a request about the profiler. */
export function serveProfiler(
  context: WorkerContext,
  { request, thread }: Asked<ProfilerRequest>,
): Step {
  switch (request.type) {
    case 'profiler.begin':
      return beginScope(context, { request, thread });
    case 'profiler.creation-future':
      torchCheck(
        hasIn(tableOf(context).creations, request.rref.key),
        'Profiling future has not been set!',
      );
      return creationFuture(context, { rref: request.rref, thread });
    case 'profiler.disable':
      return disable(context, { request, thread });
    case 'profiler.enable':
      return enable(context, { request, thread });
    case 'profiler.end':
      return endScope(context, { request, thread });
    case 'profiler.end-on-future':
      return endOnFuture(context, { request, thread });
    case 'profiler.enter-global': {
      const { id, table } = enterRange(tableOf(context));
      return give(withTable(context, table), { thread, value: id });
    }
    case 'profiler.exit-global': {
      const { results, table } = exitRange(tableOf(context), request.range);
      return give(withTable(context, table), { thread, value: results });
    }
    default:
      return unreachable(request);
  }
}

type AskedFor<Type extends ProfilerRequest['type']> = Asked<
  Extract<ProfilerRequest, { readonly type: Type }>
>;

/** @see PyTorch, `profiler_legacy.cpp`, `enableProfilerLegacy`. */
function enable(context: WorkerContext, { request, thread }: AskedFor<'profiler.enable'>): Step {
  const { session: before } = threadOf(context, thread);
  torchCheck(before === undefined, 'Profiler is already enabled on this thread');
  const { id: session, table } = openSession(tableOf(context), request.kind);
  const enabled = putSession(withTable(context, table), { session, thread });
  return give(enabled, { thread, value: undefined });
}

function disable(context: WorkerContext, { request, thread }: AskedFor<'profiler.disable'>): Step {
  const { session } = threadOf(context, thread);
  torchCheck(session !== undefined, "Can't disable profiler when it's not running");
  const noted = recordOps(context, { ops: request.ops, thread });
  const { events, table } = closeSession(tableOf(noted), session);
  const disabled = putSession(withTable(noted, table), { thread });
  return give(disabled, { thread, value: events });
}

function beginScope(context: WorkerContext, { request, thread }: AskedFor<'profiler.begin'>): Step {
  const { session } = threadOf(context, thread);
  if (session === undefined) return give(context, { thread, value: undefined });
  const noted = recordOps(context, { ops: request.ops, thread });
  const { event, step } = begin(noted, { isScope: true, name: request.name, session, thread });
  const value = event === undefined ? undefined : { event, session };
  return andThen(step, (now) => give(now, { thread, value }));
}

function endScope(context: WorkerContext, { request, thread }: AskedFor<'profiler.end'>): Step {
  const noted = recordOps(context, { ops: request.ops, thread });
  return andThen(endCallRange(noted, request.scope), (now) =>
    give(now, { thread, value: undefined }),
  );
}

/** The scope ends when the future is complete; who waits for the future that this gives waits for both. */
function endOnFuture(
  context: WorkerContext,
  { request, thread }: AskedFor<'profiler.end-on-future'>,
): Step {
  const noted = recordOps(context, { ops: request.ops, thread });
  const { context: made, id: child } = makeFutureFor(noted, thread);
  const { scope } = request;
  const callback = {
    type: 'range-ended',
    child,
    ...(scope === undefined ? {} : { scope }),
  } as const;
  return andThen(stepOf(made), (now) =>
    addCallbackTo(now, {
      callback,
      future: request.future.id,
      thread,
      value: { type: 'future', id: child },
    }),
  );
}

function give(
  context: WorkerContext,
  { thread, value }: { readonly thread: string; readonly value: unknown },
): Step {
  return answer(context, { outcome: { type: 'returned', value }, thread });
}
