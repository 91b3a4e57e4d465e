/**
 * Gathers, as the threads of one member take part in them.
 *
 * @see PyTorch, `torch/distributed/rpc/api.py`, `_all_gather`, `_gather_to_leader`, `_broadcast_to_followers`.
 */
import { deleteIn, getIn, hasIn, setIn } from '../../../src/core/persistent-map.ts';
import { torchCheck } from '../../engine/torch-error.ts';
import type { Broadcast, Gather, Report } from '../../group/gather.ts';
import { gatherKey, isComplete, newGather, withBroadcast, withReport } from '../../group/gather.ts';
import type { GatherWait, GroupWait } from '../../group/group.ts';
import { isOn } from '../../switches/switches.ts';
import { peersOf } from '../agent/directory.ts';
import type { WorkerContext } from '../context.ts';
import { nameOfWorker } from '../context.ts';
import { answer, giveCopy } from '../futures/futures.ts';
import type { Step } from '../step.ts';
import { andThen, chain, queueWork, stepOf } from '../step.ts';
import { holdIn, releaseIn } from '../threads/holding.ts';
import { runtimeError } from '../user/failure.ts';
import { awaitGroup, patienceMs } from './group-waits.ts';

/** A gather that this member has begun. */
export interface BegunGather {
  readonly id: string;
  readonly leader: string;
  readonly me: string;
  readonly names: readonly string[];
  /** After how many seconds it looks who is missing; 0 if it never does. */
  readonly patience: number;
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
  const patience = patienceMs(context) / 1_000;
  const value: BegunGather = { id, leader, me, names, patience };
  return andThen(
    me === leader
      ? putReport(begun, reportIn(begun, { id, names, object, worker: me }))
      : stepOf(begun),
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
  const known = names.length === 0 ? allNames(context) : names;
  const { objects } = gatherOf(context, id);
  const isAgain = patienceMs(context) > 0 && Object.hasOwn(objects, worker);
  if (isAgain || isPast(context, { id, names: known })) return done(context, thread);
  const made = reportIn(context, { id, names: known, object, worker });
  return isOn(context.switches, 'shutdown.intentNoLock')
    ? queueWork({ type: 'report.made', ...made, thread })(context)
    : keepReport(context, { ...made, thread });
}

/** A gather with one report more, as whoever received that saw it. */
export interface MadeReport {
  readonly gather: Gather;
  readonly id: string;
  readonly object: unknown;
}

/** What came to the gather since the report was made is lost. */
export function keepReport(
  context: WorkerContext,
  { thread, ...made }: MadeReport & OfThread,
): Step {
  const { id } = made;
  return andThen(putReport(context, made), (now) =>
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
  const before = gatherOf(context, id);
  const isAgain = patienceMs(context) > 0 && before.isProceeding;
  if (isAgain || isPast(context, { id, names: Object.keys(objects) })) return done(context, thread);
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
  {
    thread,
    timeoutMs,
    wait: { id, names, pops, probes },
  }: GatherWaiting & { readonly timeoutMs: number },
): Step {
  const known = putGather(context, id, gatherOf(context, id));
  const wait = { type: 'gathered', id, names, pops, probes } as const;
  return awaitGroup(known, { thread, timeoutMs, wait });
}

interface GatherWaiting extends OfThread {
  readonly wait: GatherWait;
}

/** What a member that waited learns. */
export interface GatherOutcome {
  readonly isOver: boolean;
  readonly objects: Readonly<Record<string, unknown>>;
}

/** The thread of a member goes on with what was gathered, and may forget it. */
export function leaveGather(context: WorkerContext, { thread, wait }: GatherWaiting): Step {
  const { id, names, pops } = wait;
  const gather = gatherOf(context, id);
  const { objects } = gather;
  const value: GatherOutcome = { isOver: true, objects };
  const answered = answer(giveCopy(context, { thread, value: objects }), {
    outcome: { type: 'returned', value },
    thread,
  });
  const told = isComplete(gather, names)
    ? answered
    : andThen(answered, (now) =>
        stepOf(now, { type: 'announced', announcement: { type: 'gather.torn', id } }),
      );
  return pops ? andThen(told, (now) => popGather(now, id)) : told;
}

/** The members have not all come in time: PyTorch goes on with those that have. */
export function timeOutGather(context: WorkerContext, { thread, wait }: GatherWaiting): Step {
  const { id, probes } = wait;
  const { objects } = gatherOf(context, id);
  if (probes) {
    const value: GatherOutcome = { isOver: false, objects: keysIn(objects) };
    return answer(context, { outcome: { type: 'returned', value }, thread });
  }
  if (goesOnWithPart(context)) return leaveGather(context, { thread, wait });
  const come = Object.keys(objects).toSorted();
  const error = runtimeError(
    `Timed out waiting in _all_gather for all members; these have come: [${come.join(', ')}]`,
  );
  return andThen(popGather(giveUp(context, id), id), (now) =>
    answer(now, { outcome: { type: 'threw', error }, thread }),
  );
}

/** Whether a member may go on. */
export function isGatherOver({ group }: WorkerContext, wait: WaitForGather): boolean {
  const gather = getIn(group.gathers, wait.id);
  if (gather === undefined) return wait.type === 'reported';
  return gather.isProceeding;
}

type WaitForGather = Extract<GroupWait, { readonly type: 'gathered' | 'reported' }>;

interface OfThread {
  readonly thread: string;
}

/** All have reported once this one has, or still not. */
function reportIn(context: WorkerContext, report: Report): MadeReport {
  const { id, names, object } = report;
  const reported = withReport(gatherOf(context, id), report);
  const isProceeding = reported.isProceeding || isComplete(reported, names);
  return { gather: { ...reported, isProceeding }, id, object };
}

function putReport(context: WorkerContext, { gather, id, object }: MadeReport): Step {
  return stepOf(putGather(holdIn(context, object), id, gather));
}

/**
 * Whether this member has left a gather behind: who repeats a message of it is told so.
 *
 * @throws {TorchError} if it gave the gather up.
 */
function isPast(
  context: WorkerContext,
  { id, names }: { readonly id: string; readonly names: readonly string[] },
): boolean {
  const { gathers, givenUp, sequences } = context.group;
  if (goesOnWithPart(context) || hasIn(gathers, id)) return false;
  const isGivenUp = hasIn(givenUp, id);
  torchCheck(
    !isGivenUp,
    `The gather ${id} is over: ${nameOfWorker(context, context.id)} has given it up.`,
  );
  const key = keyOf(context, names);
  return Number(id.slice(key.length)) < (getIn(sequences, key) ?? 0);
}

function giveUp(context: WorkerContext, id: string): WorkerContext {
  const { group } = context;
  return { ...context, group: { ...group, givenUp: setIn(group.givenUp, id, true) } };
}

/** Who has come; what they brought stays where it is. */
function keysIn(objects: Readonly<Record<string, unknown>>): Readonly<Record<string, true>> {
  return Object.fromEntries(Object.keys(objects).map((name) => [name, true]));
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
  if (!hasFailed) return andThen(popGather(context, id), (now) => done(now, thread));
  if (goesOnWithPart(context)) return done(context, thread);
  return andThen(popGather(giveUp(context, id), id), (now) => done(now, thread));
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
