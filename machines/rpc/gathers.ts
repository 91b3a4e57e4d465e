/**
 * Gathers, as the threads of one member take part in them.
 *
 * @see PyTorch, `torch/distributed/rpc/api.py`, `_all_gather`, `_gather_to_leader`, `_broadcast_to_followers`.
 */
import { deleteIn, getIn, setIn } from '../../src/core/persistent-map.ts';
import { torchCheck } from '../engine/torch-error.ts';
import type { Broadcast, Gather, Report } from '../group/gather.ts';
import { gatherKey, isComplete, newGather, withBroadcast, withReport } from '../group/gather.ts';
import type { GroupWait } from '../group/group.ts';
import { isOn } from '../switches/switches.ts';
import type { WorkerContext } from './context.ts';
import { nameOfWorker } from './context.ts';
import { peersOf } from './directory.ts';
import { runtimeError } from './failure.ts';
import { answer, giveCopy } from './futures.ts';
import { awaitGroup } from './group-waits.ts';
import type { Step } from './step.ts';
import { andThen, chain, stepOf } from './step.ts';
import { holdIn, releaseIn } from './thread.ts';

/** A gather that this member has begun. */
export interface BegunGather {
  readonly id: string;
  readonly leader: string;
  readonly me: string;
  readonly names: readonly string[];
}

/** Begins a gather: its id is the same for all members that have begun as many among these names. */
export function beginGather(
  context: WorkerContext,
  { names: given, object, thread }: GatherStart,
): Step {
  const { group } = context;
  const names = (given ?? allNames(context)).toSorted();
  const [leader = ''] = names;
  const key = keyOf(context, names);
  const number = getIn(group.sequences, key) ?? 0;
  const sequences = setIn(group.sequences, key, number + 1);
  const id = `${key}${number}`;
  const me = nameOfWorker(context, context.id);
  const counted = { ...context, group: { ...group, sequences } };
  const begun = goesOnWithPart(context) ? counted : putGather(counted, id, gatherOf(counted, id));
  const value: BegunGather = { id, leader, me, names };
  return andThen(
    me === leader ? report(begun, { id, names, object, worker: me }) : stepOf(begun),
    (now) => answer(now, { outcome: { type: 'returned', value }, thread }),
  );
}

interface GatherStart {
  readonly names?: readonly string[] | undefined;
  readonly object: unknown;
  readonly thread: string;
}

/** A member reports to the leader: `_gather_to_leader`. */
export function receiveReport(
  context: WorkerContext,
  { id, names, object, thread, worker }: Report & OfThread,
): Step {
  refuseLate(context, { id, names });
  const known = names.length === 0 ? allNames(context) : names;
  return andThen(report(context, { id, names: known, object, worker }), (now) =>
    isOn(now.switches, 'api.gatherBlocksHandler')
      ? awaitGroup(now, { thread, wait: { type: 'reported', id } })
      : done(now, thread),
  );
}

/** The leader tells what all brought: `_broadcast_to_followers`. */
export function receiveBroadcast(
  context: WorkerContext,
  { id, objects, thread }: Broadcast & OfThread,
): Step {
  refuseLate(context, { id, names: Object.keys(objects) });
  const before = gatherOf(context, id);
  const told = withBroadcast(before, { id, objects });
  return chain(
    holdIn(context, objects),
    (now) => releaseIn(now, before.objects),
    (now) => stepOf(putGather(now, id, told)),
    (now) => done(now, thread),
  );
}

/** The thread of a member waits until all have reported, or its leader says so. */
export function awaitGather(
  context: WorkerContext,
  { id, pops, thread, timeoutMs }: GatherWaiting,
): Step {
  const known = putGather(context, id, gatherOf(context, id));
  return awaitGroup(known, { thread, timeoutMs, wait: { type: 'gathered', id, pops } });
}

interface GatherWaiting extends OfThread {
  readonly id: string;
  readonly pops: boolean;
  readonly timeoutMs: number;
}

/** The thread of a member goes on with what was gathered, and may forget it. */
export function leaveGather(
  context: WorkerContext,
  { id, pops, thread }: OfThread & { readonly id: string; readonly pops: boolean },
): Step {
  const { objects } = gatherOf(context, id);
  const answered = answer(giveCopy(context, { thread, value: objects }), {
    outcome: { type: 'returned', value: objects },
    thread,
  });
  return pops ? andThen(answered, (now) => popGather(now, id)) : answered;
}

/** The members have not all come in time: PyTorch goes on with those that have. */
export function timeOutGather(
  context: WorkerContext,
  { id, pops, thread }: OfThread & { readonly id: string; readonly pops: boolean },
): Step {
  if (goesOnWithPart(context)) return leaveGather(context, { id, pops, thread });
  const { objects } = gatherOf(context, id);
  const come = Object.keys(objects).toSorted();
  const error = runtimeError(
    `Timed out waiting in _all_gather for all members; these have come: [${come.join(', ')}]`,
  );
  return andThen(popGather(context, id), (now) =>
    answer(now, { outcome: { type: 'threw', error }, thread }),
  );
}

/** Whether a member may go on. */
export function isGatherOver({ group }: WorkerContext, wait: GatherWait): boolean {
  const gather = getIn(group.gathers, wait.id);
  if (gather === undefined) return wait.type === 'reported';
  return gather.isProceeding;
}

type GatherWait = Extract<GroupWait, { readonly type: 'gathered' | 'reported' }>;

interface OfThread {
  readonly thread: string;
}

function report(context: WorkerContext, { id, names, object, worker }: Report): Step {
  const reported = withReport(gatherOf(context, id), { id, names, object, worker });
  const isProceeding = reported.isProceeding || isComplete(reported, names);
  return stepOf(putGather(holdIn(context, object), id, { ...reported, isProceeding }));
}

/** A gather that this member has given up, and forgotten, is over for who comes late. */
function refuseLate(
  context: WorkerContext,
  { id, names }: { readonly id: string; readonly names: readonly string[] },
): void {
  const { gathers, sequences } = context.group;
  if (goesOnWithPart(context) || getIn(gathers, id) !== undefined) return;
  const key = keyOf(context, names.length === 0 ? allNames(context) : names);
  const number = Number(id.slice(key.length));
  torchCheck(
    number >= (getIn(sequences, key) ?? 0),
    `The gather ${id} is over: ${nameOfWorker(context, context.id)} has given it up.`,
  );
}

function goesOnWithPart({ switches }: WorkerContext): boolean {
  return isOn(switches, 'api.allGatherIgnoresTimeout');
}

function keyOf({ switches }: WorkerContext, names: readonly string[]): string {
  return gatherKey(names, { isGlued: isOn(switches, 'api.allGatherKeyConcat') });
}

function allNames({ directory, group }: WorkerContext): readonly string[] {
  return group.names ?? peersOf(directory).map(({ name }) => name);
}

function gatherOf({ group }: WorkerContext, id: string): Gather {
  return getIn(group.gathers, id) ?? newGather;
}

function putGather(context: WorkerContext, id: string, gather: Gather): WorkerContext {
  const { group } = context;
  return { ...context, group: { ...group, gathers: setIn(group.gathers, id, gather) } };
}

/** The leader has told everybody, or somebody failed; of a gather that failed, PyTorch forgets nothing. */
export function endGather(
  context: WorkerContext,
  { hasFailed, id, thread }: OfThread & { readonly hasFailed: boolean; readonly id: string },
): Step {
  if (hasFailed && goesOnWithPart(context)) return done(context, thread);
  return andThen(popGather(context, id), (now) => done(now, thread));
}

/** Forgets a gather, and lets go of what it held. */
function popGather(context: WorkerContext, id: string): Step {
  const { group } = context;
  const popped = { ...context, group: { ...group, gathers: deleteIn(group.gathers, id) } };
  return releaseIn(popped, gatherOf(context, id).objects);
}

function done(context: WorkerContext, thread: string): Step {
  return answer(context, { outcome: { type: 'returned', value: undefined }, thread });
}
