/**
 * The profiler as user code writes it: what a thread does while it is on, and what the calls that it makes do
 * elsewhere, by the names that PyTorch gives.
 *
 * @see PyTorch, `torch/autograd/profiler.py`, `torch/distributed/rpc/server_process_global_profiler.py`.
 */
import type { ProfiledEvent } from '../machines/profiler/events.ts';
import type { ProfilingKeyParts } from '../machines/profiler/key.ts';
import { profilingKey } from '../machines/profiler/key.ts';
import type { ProfilerKind } from '../machines/profiler/table.ts';
import type { ProfiledScope } from '../machines/rpc/profiling/profiling.ts';
import { isFutureHandle } from '../machines/rpc/user/handles.ts';
import { handleOf } from '../machines/rpc/user/presenter.ts';
import { perform } from '../src/index.ts';
import type { Program } from '../src/index.ts';
import { ask } from './ask.ts';
import { runtimeError } from './errors.ts';
import type { Future } from './types.ts';

/** What a profiler recorded, and what ran under it gave. */
export interface ProfileResult<Result> {
  /** In the order in which they began; those of peers where their call was answered. */
  readonly events: readonly ProfiledEvent[];
  readonly value: Result;
}

/** Options of a profiler. */
export interface ProfileOptions {
  /** `legacy`, which goes along with calls, unless told; `kineto` records who calls alone, and warns once. */
  readonly kind?: ProfilerKind;
}

/** A scope that is recorded. */
export interface RecordFunction {
  /**
   * The scope ends when the future is complete, and not before: the future that this gives comes out as that one
   * does, afterwards. Raises when it is called a second time.
   */
  callEndCallbacksOnFuture<Value>(future: Future<Value>): Program<Future<Value>>;
}

/** `torch.autograd.profiler`, as far as it speaks of calls. */
export const profiler = Object.freeze({
  buildProfilingKey,
  enterServerProcessGlobalProfile,
  exitServerProcessGlobalProfile,
  profile,
  recordFunction,
});

/**
 * Runs `body` with a profiler on its thread. The events have no times: no program sees the clock. `timedEvents`
 * reads them from the run.
 */
function* profile<Result>(
  body: () => Program<Result>,
  { kind = 'legacy' }: ProfileOptions = {},
): Program<ProfileResult<Result>> {
  yield* ask<undefined>({ type: 'profiler.enable', kind });
  yield* perform<undefined>({ type: 'profiler.note', isOn: true });
  let events: readonly ProfiledEvent[] = [];
  let value: Result;
  try {
    value = yield* body();
  } finally {
    const ops = yield* recorded();
    yield* perform<undefined>({ type: 'profiler.note', isOn: false });
    events = yield* ask<readonly ProfiledEvent[]>({ type: 'profiler.disable', ops });
  }
  return { events, value };
}

/** Runs `body` in a scope of this name; nothing is recorded where no profiler is on. */
function* recordFunction<Result>(
  name: string,
  body: (scope: RecordFunction) => Program<Result>,
): Program<Result> {
  const ops = yield* recorded();
  const scope =
    ops === undefined
      ? undefined
      : yield* ask<ProfiledScope | undefined>({ type: 'profiler.begin', name, ops });
  const handle = createScope(scope);
  try {
    return yield* body(handle);
  } finally {
    if (scope !== undefined && !handle.isHandedOver()) {
      yield* ask<undefined>({ type: 'profiler.end', ops: yield* recorded(), scope });
    }
  }
}

interface Scope extends RecordFunction {
  readonly isHandedOver: () => boolean;
}

function createScope(scope: ProfiledScope | undefined): Scope {
  let isHandedOver = false;
  return {
    *callEndCallbacksOnFuture<Value>(future: Future<Value>): Program<Future<Value>> {
      if (isHandedOver) {
        throw runtimeError('_call_end_callbacks_on_future can only be called once.');
      }
      isHandedOver = true;
      return yield* ask<Future<Value>>({
        type: 'profiler.end-on-future',
        future: handleOf(future, isFutureHandle),
        ops: yield* recorded(),
        scope,
      });
    },
    isHandedOver: () => isHandedOver,
  };
}

/** All requests that this process serves are recorded until the range of this number is left. */
function* enterServerProcessGlobalProfile(): Program<number> {
  return yield* ask<number>({ type: 'profiler.enter-global' });
}

/** The innermost range is over: what each request in it recorded, in the order in which they ended. */
function* exitServerProcessGlobalProfile(
  range: number,
): Program<readonly (readonly ProfiledEvent[])[]> {
  return yield* ask<readonly (readonly ProfiledEvent[])[]>({ type: 'profiler.exit-global', range });
}

/** The name under which a call is recorded. */
function buildProfilingKey(parts: ProfilingKeyParts): string {
  return profilingKey(parts);
}

/** The operators that this function ran since it told last, where a profiler is on. */
function* recorded(): Program<readonly string[] | undefined> {
  return yield* perform<readonly string[] | undefined>({ type: 'profiler.take' });
}
