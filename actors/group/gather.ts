/**
 * Collectives over remote calls.
 *
 * @see PyTorch, `torch/distributed/rpc/api.py`, `_all_gather`, `_barrier`, `_wait_all_workers`.
 */
import type { BegunGather } from '../../machines/rpc/gathers.ts';
import type { Program } from '../../src/index.ts';
import { ask, gradMode } from '../ask.ts';
import { runtimeError } from '../errors.ts';
import type { Future } from '../types.ts';

/** What each member brought, by its name. */
export type Gathered<Value> = Readonly<Record<string, Value>>;

/** Who takes part in a gather, and how long it may take. */
export interface GatherOptions {
  /** In seconds; 0 is without end, absent the default of calls for each message, and no end for the whole. */
  readonly timeout?: number;
  /** The names of the members; all workers of the group unless given. */
  readonly workerNames?: readonly string[];
}

/** The functions that members call on one another. */
export const gatherFunctions = Object.freeze({
  'torch.distributed.rpc.api._broadcast_to_followers': broadcastToFollowers,
  'torch.distributed.rpc.api._gather_to_leader': gatherToLeader,
});

/** Gives `object` to all members and gets what they give; the member whose name comes first leads. */
export function* allGather<Value>(
  object: Value,
  { timeout, workerNames }: GatherOptions = {},
): Program<Gathered<Value>> {
  const begun = yield* ask<BegunGather>({ type: 'gather.begin', names: workerNames, object });
  const { id, leader, me, names } = begun;
  const isLeader = me === leader;
  if (!isLeader) {
    const args = [id, me, object, names];
    yield* ask<undefined>({
      type: 'rpc.sync',
      ...(yield* callOf('gather', { args, timeout, to: leader })),
    });
  }
  const timeoutMs = (timeout ?? 0) * 1_000;
  const wait = { type: 'gather.wait', id, pops: !isLeader, timeoutMs } as const;
  const objects = yield* ask<Gathered<Value>>(wait);
  if (!isLeader) return objects;
  try {
    yield* broadcast({ begun, objects, timeout });
  } catch (error) {
    yield* ask<undefined>({ type: 'gather.end', hasFailed: true, id });
    throw error;
  }
  yield* ask<undefined>({ type: 'gather.end', hasFailed: false, id });
  return objects;
}

/** Waits until all these workers have come here; an error is logged. */
export function* barrier(workerNames: readonly string[]): Program<void> {
  try {
    yield* allGather(null, { workerNames });
  } catch (error) {
    if (!isRuntimeError(error)) throw error;
    yield* log(`Failed to complete barrier, got error ${error.message}`);
  }
}

/** Waits until all workers have come here. */
export function* waitAllWorkers({
  timeout = 0,
}: Pick<GatherOptions, 'timeout'> = {}): Program<void> {
  try {
    yield* allGather(null, { timeout });
  } catch (error) {
    if (isRuntimeError(error)) {
      yield* log(`Failed to respond to 'Shutdown Proceed' in time, got error ${error.message}`);
    }
    throw error;
  }
}

interface Telling {
  readonly begun: BegunGather;
  readonly objects: Gathered<unknown>;
  readonly timeout: number | undefined;
}

/** The leader tells all others, and waits for each. */
function* broadcast({ begun, objects, timeout }: Telling): Program<void> {
  const { id, me, names } = begun;
  const told: (readonly [name: string, future: Future<undefined>])[] = [];
  for (const to of names) {
    if (to === me) continue;
    const call = yield* callOf('broadcast', { args: [id, objects], timeout, to });
    told.push([to, yield* ask<Future<undefined>>({ type: 'rpc.async', ...call })]);
  }
  const failed: (readonly [name: string, error: Error])[] = [];
  for (const [name, future] of told) {
    try {
      yield* future.wait();
    } catch (error) {
      if (!isRuntimeError(error)) throw error;
      failed.push([name, error]);
    }
  }
  const [first] = failed;
  if (first === undefined) return;
  const seconds = timeout ?? (yield* ask<number>({ type: 'rpc.get-timeout' }));
  const followers = failed.map(([name]) => `'${name}'`).join(', ');
  throw runtimeError(
    `Followers [${followers}] timed out in _all_gather after ${seconds.toFixed(2)} seconds. The first ` +
      `exception is ${first[1].message}`,
  );
}

interface MemberCall {
  readonly args: readonly unknown[];
  readonly timeout: number | undefined;
  readonly to: string;
}

const calleeNames = {
  broadcast: 'torch.distributed.rpc.api._broadcast_to_followers',
  gather: 'torch.distributed.rpc.api._gather_to_leader',
} as const;

function* callOf(callee: keyof typeof calleeNames, { args, timeout, to }: MemberCall) {
  const fn = calleeNames[callee];
  return {
    args,
    callee: { type: 'function', fn, isAsync: false } as const,
    gradMode: yield* gradMode(),
    timeout,
    to,
  };
}

function* gatherToLeader(...[id, worker, object, names]: ReportArguments): Program<void> {
  yield* ask<undefined>({ type: 'gather.report', id, names, object, worker });
}

type ReportArguments = readonly [
  id: string,
  worker: string,
  object: unknown,
  names: readonly string[],
];

function* broadcastToFollowers(id: string, objects: Gathered<unknown>): Program<void> {
  yield* ask<undefined>({ type: 'gather.broadcast', id, objects });
}

function* log(message: string): Program<void> {
  yield* ask<undefined>({ type: 'group.log', message });
}

function isRuntimeError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'RuntimeError';
}
