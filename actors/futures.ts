/**
 * Several futures at once.
 *
 * @see PyTorch, `torch/futures/__init__.py`, `collect_all`, `wait_all`; `torch/distributed/rpc/api.py`,
 * `_wait_all`.
 */
import { reprOf } from '../machines/rpc/signatures/python-repr.ts';
import type { FutureHandle } from '../machines/rpc/user/handles.ts';
import { isFutureHandle } from '../machines/rpc/user/handles.ts';
import { plain } from '../machines/rpc/user/presenter.ts';
import type { Program } from '../src/index.ts';
import { ask } from './ask.ts';
import { incompatible } from './bound.ts';
import type { Future } from './types.ts';

/** Options of a future. */
export interface FutureOptions {
  /** The CUDA devices that its value may lie on; none unless given. */
  readonly devices?: readonly (number | string)[];
}

/** A future that user code completes. */
export function* createFuture<Value>({ devices }: FutureOptions = {}): Program<Future<Value>> {
  return yield* ask<Future<Value>>({ type: 'future.create', devices });
}

/** A future of all of these: complete when all are, failed as soon as one fails. */
export function* collectAll<Value>(
  futures: readonly Future<Value>[],
): Program<Future<readonly Future<Value>[]>> {
  return yield* ask<Future<readonly Future<Value>[]>>({
    type: 'future.collect',
    futures: handlesBehind(futures),
  });
}

/** The values of all of these; the first error of any is raised at once. */
export function* waitAll<Value>(futures: readonly Future<Value>[]): Program<readonly Value[]> {
  const all = yield* collectAll(futures);
  const values: Value[] = [];
  for (const future of yield* all.wait()) values.push(yield* future.wait());
  return values;
}

/** `with rpc._wait_all()`: all calls that `body` makes by `rpc.async` are waited for at its end. */
export function* waitingForAll<Result>(body: () => Program<Result>): Program<Result> {
  yield* ask<undefined>({ type: 'wait-all.begin' });
  try {
    return yield* body();
  } finally {
    yield* waitAll(yield* ask<readonly Future<unknown>[]>({ type: 'wait-all.end' }));
  }
}

/** @throws `TypeError` unless all are futures. @see PyTorch, `torch/csrc/jit/python/init.cpp`. */
function handlesBehind(futures: unknown): readonly FutureHandle[] {
  const given: unknown = plain(futures);
  if (Array.isArray(given) && given.every(isFuture)) return given;
  const signature = '(arg0: List[torch._C.Future]) -> torch._C.Future';
  throw incompatible('_collect_all', signature, reprOf(given));
}

function isFuture(value: unknown): value is FutureHandle {
  return typeof value === 'object' && value !== null && isFutureHandle(value);
}
