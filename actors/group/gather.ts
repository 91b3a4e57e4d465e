/**
 * Collectives over remote calls.
 *
 * @see PyTorch, `torch/distributed/rpc/api.py`, `_all_gather`, `_barrier`, `_wait_all_workers`.
 */
import type { BegunGather } from '../../machines/rpc/gathers.ts';
import type { Program } from '../../src/index.ts';
import { ask } from '../ask.ts';
import { runtimeError } from '../errors.ts';
import type { Future } from '../types.ts';
import { callMember, callMemberAsync } from './member-call.ts';

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
    yield* endingOnError(id, callMember<undefined>({ args, fn: reportFn, timeout, to: leader }));
  }
  const timeoutMs = (timeout ?? 0) * 1_000;
  const wait = { type: 'gather.wait', id, pops: !isLeader, timeoutMs } as const;
  const objects = yield* ask<Gathered<Value>>(wait);
  if (!isLeader) return objects;
  yield* endingOnError(id, broadcast({ begun, objects, timeout }));
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

/** A member whose part of a gather fails takes no part in it any more. */
function* endingOnError(id: string, part: Program<void>): Program<void> {
  try {
    yield* part;
  } catch (error) {
    yield* ask<undefined>({ type: 'gather.end', hasFailed: true, id });
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
    const call = { args: [id, objects], fn: tellFn, timeout, to };
    told.push([to, yield* callMemberAsync<undefined>(call)]);
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

const reportFn = 'torch.distributed.rpc.api._gather_to_leader';
const tellFn = 'torch.distributed.rpc.api._broadcast_to_followers';

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
