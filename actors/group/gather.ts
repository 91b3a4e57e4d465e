/**
 * Collectives over remote calls.
 *
 * @see PyTorch, `torch/distributed/rpc/api.py`, `_all_gather`, `_barrier`, `_wait_all_workers`.
 */
import { classNameOf, pythonTypeOf } from '../../machines/engine/python-types.ts';
import type { BegunGather } from '../../machines/rpc/group/gathers.ts';
import type { Program } from '../../src/index.ts';
import { ask } from '../ask.ts';
import { runtimeError, typeError } from '../errors.ts';
import type { Future } from '../types.ts';
import type { MemberCall } from './member-call.ts';
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
  'orrery.rpc.is_there': isThere,
});

/**
 * Gives `given` to all members and gets what they give, `null` for `undefined`; the member whose name comes
 * first leads.
 */
export function* allGather<Value>(
  given: Value,
  { timeout, workerNames }: GatherOptions = {},
): Program<Gathered<Value>> {
  requireNames(workerNames);
  // Who brings what is absent would seem to bring nothing.
  const object = given ?? null;
  const begun = yield* ask<BegunGather>({ type: 'gather.begin', names: workerNames, object });
  const { id, leader, me, patience } = begun;
  const isBounded = timeout !== undefined && timeout !== 0;
  const probes = patience > 0 && !isBounded;
  const part: Part = {
    begun,
    probes,
    signalTimeout: isBounded ? timeout : 0,
    timeout: probes ? patience : timeout,
  };
  const objects = yield* endingOnError(
    id,
    me === leader ? lead<Value>(part) : follow<Value>(part, object),
  );
  if (me === leader) yield* ask<undefined>({ type: 'gather.end', hasFailed: false, id });
  return objects;
}

function requireNames(names: unknown): void {
  if (names === undefined || Array.isArray(names)) return;
  throw typeError(`'${classNameOf(pythonTypeOf(names))}' object is not iterable`);
}

/** How a member takes part in a gather. */
interface Part {
  readonly begun: BegunGather;
  /** Whether messages are repeated, and members looked for that do not come. */
  readonly probes: boolean;
  /** In seconds, of the wait for all; 0 is without end. */
  readonly signalTimeout: number;
  /** In seconds, of each message. */
  readonly timeout: number | undefined;
}

/** A follower reports, once more each time that it has waited for long. */
function* follow<Value>(part: Part, object: unknown): Program<Gathered<Value>> {
  const { begun, timeout } = part;
  const { id, leader: to, me, names } = begun;
  for (let looks = 0; ; looks += 1) {
    yield* insist(part, { args: [id, me, object, names], fn: reportFn, timeout, to });
    const { isOver, objects } = yield* waitForAll<Value>(part, { pops: true });
    if (isOver) return objects;
    if (looks >= looksMax) throw notAll(begun);
  }
}

/** The leader waits for all, looks for those that do not come, and tells all. */
function* lead<Value>(part: Part): Program<Gathered<Value>> {
  const { begun, timeout } = part;
  for (let looks = 0; ; looks += 1) {
    const { isOver, objects } = yield* waitForAll<Value>(part, { pops: false });
    if (isOver) {
      yield* broadcast(part, objects);
      return objects;
    }
    if (looks >= looksMax) throw notAll(begun);
    for (const to of begun.names) {
      if (!Object.hasOwn(objects, to))
        yield* insist(part, { args: [], fn: isThereFn, timeout, to });
    }
  }
}

function* waitForAll<Value>(
  { begun, probes, signalTimeout }: Part,
  { pops }: { readonly pops: boolean },
) {
  const { id, names, patience } = begun;
  const timeoutMs = (probes ? patience : signalTimeout) * 1_000;
  const wait = { type: 'gather.wait', id, names, pops, probes, timeoutMs } as const;
  return yield* ask<{ readonly isOver: boolean; readonly objects: Gathered<Value> }>(wait);
}

/** Makes a call; where messages are repeated, as often as the reference protocol does. */
function* insist({ probes }: Part, call: MemberCall): Program<void> {
  for (let left = probes ? retriesMax : 0; ; left -= 1) {
    try {
      yield* callMember<unknown>(call);
      return;
    } catch (error) {
      if (left === 0 || !isRuntimeError(error) || isRemote(error)) throw error;
    }
  }
}

// Whoever does not answer twice in a row is taken for dead.
const retriesMax = 1;

// A member that is there but never comes is not waited for without end.
const looksMax = 5;

function notAll({ id, names }: BegunGather): Error {
  return runtimeError(
    `The gather ${id} was given up: not all of ${names.join(', ')} came in time.`,
  );
}

/** Whether the other worker raised it, and was reached. */
function isRemote({ message }: Error): boolean {
  return message.includes('On WorkerInfo(');
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
function* endingOnError<Result>(id: string, part: Program<Result>): Program<Result> {
  try {
    return yield* part;
  } catch (error) {
    yield* ask<undefined>({ type: 'gather.end', hasFailed: true, id });
    throw error;
  }
}

/** The leader tells all others, and waits for each. */
function* broadcast(part: Part, objects: Gathered<unknown>): Program<void> {
  const { begun, probes, timeout } = part;
  const { id, me, names } = begun;
  const told: (readonly [call: MemberCall, future: Future<undefined>])[] = [];
  for (const to of names) {
    if (to === me) continue;
    const call: MemberCall = { args: [id, objects], fn: tellFn, timeout, to };
    told.push([call, yield* callMemberAsync<undefined>(call)]);
  }
  const failed: (readonly [name: string, error: Error])[] = [];
  for (const [call, future] of told) {
    try {
      yield* probes ? waitOrRepeat(part, { call, future }) : future.wait();
    } catch (error) {
      if (!isRuntimeError(error)) throw error;
      failed.push([call.to, error]);
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

interface MadeCall {
  readonly call: MemberCall;
  readonly future: Future<undefined>;
}

function* waitOrRepeat(part: Part, { call, future }: MadeCall): Program<void> {
  try {
    yield* future.wait();
  } catch (error) {
    if (!isRuntimeError(error) || isRemote(error)) throw error;
    yield* insist(part, call);
  }
}

const reportFn = 'torch.distributed.rpc.api._gather_to_leader';
const tellFn = 'torch.distributed.rpc.api._broadcast_to_followers';
const isThereFn = 'orrery.rpc.is_there';

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

function isThere(): boolean {
  return true;
}

function* log(message: string): Program<void> {
  yield* ask<undefined>({ type: 'group.log', message });
}

function isRuntimeError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'RuntimeError';
}
