/** What many of PyTorch's tests call. */
import { globals, pythonError, rpc, torch, valueError } from '../../actors/index.ts';
import type { DebugInfo, Future, Operand } from '../../actors/index.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import type { Program } from '../../src/index.ts';

/** A tensor of ones. */
export function* ones(n = 2): Program<Tensor> {
  return yield* torch.tensor(Array<number>(n).fill(1));
}

export function* myAdd(left: Operand, right: Operand): Program<Tensor> {
  return yield* torch.add(left, right);
}

export function raiseValue(): never {
  throw valueError('Expected error');
}

export function raiseRuntime(): never {
  throw pythonError('RuntimeError', 'Expected error');
}

/** What a program raises, as its class and its text; `undefined` if it raises nothing. */
export function* raised(program: Program<unknown>): Program<readonly [string, string] | undefined> {
  try {
    yield* program;
  } catch (error) {
    if (error instanceof Error) return [error.name, error.message];
  }
  return undefined;
}

/** What waiting for a future raises. */
export function* raisedBy(future: Future<unknown>): Program<readonly [string, string] | undefined> {
  return yield* raised(future.wait());
}

export const addAsync = rpc.asyncExecution(function* addAsync(
  to: string,
  left: Tensor,
  right: Operand,
): Program<Future<Tensor>> {
  return yield* rpc.async(to, myAdd, [left, right]);
});

export function* mySleep(seconds: number): Program<number> {
  yield* rpc.sleep(seconds);
  return seconds;
}

export function* debugInfo(): Program<DebugInfo> {
  return yield* rpc.getDebugInfo();
}

/** Waits until a worker has so many owners and forks. */
export function* untilOwnersAndForks(owners: number, forks: number, rank: number): Program<void> {
  for (let polls = 0; polls < 40; polls += 1) {
    const info = yield* rpc.sync(rank, debugInfo, [], { timeout: 5 });
    if (info.num_owner_rrefs === String(owners) && info.num_forks === String(forks)) return;
    yield* rpc.sleep(0.5);
  }
  throw valueError(`Timed out waiting 20 sec for ${owners} owners and ${forks} forks on rank`);
}

/** Waits until no control message is under way and no user is pending here. */
export function* untilFlushed(): Program<void> {
  for (let polls = 0; polls < 40; polls += 1) {
    const info = yield* rpc.getDebugInfo();
    if (info.num_pending_futures === '0' && info.num_pending_users === '0') return;
    yield* rpc.sleep(0.5);
  }
  throw valueError('Timed out waiting to flush pending futures and users');
}

/** One more has come to a barrier on the worker that keeps it: all go on when the last one has come. */
export const arrive = rpc.asyncExecution(function* arrive(
  name: string,
  size: number,
): Program<Future<number>> {
  const future = yield* rpc.future<number>();
  yield* globals.locked('barrier', function* count() {
    const before = (yield* globals.get<readonly Future<number>[]>(name)) ?? [];
    const come = [...before, future];
    yield* globals.set(name, come);
    if (come.length < size) return;
    yield* globals.remove(name);
    for (const each of come) yield* each.setResult(size);
  });
  return future;
});

/** PyTorch's `dist.barrier()`, on the first worker; each has a name of its own, and four come. */
export function* barrier(name: string): Program<void> {
  yield* rpc.sync('worker0', arrive, [name, 4], { timeout: 0 });
}
