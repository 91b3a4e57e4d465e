/**
 * The sweep at shutdown: a thread waits until nothing is pending, deletes all users and all owners that
 * nobody else knows, and waits until peers have deleted the others. It never raises; each wait has a time-out.
 *
 * @see PyTorch, `rref_context.cpp`, `delAllUsersAndUnforkedOwners`, `destroyInstance`, `checkRRefLeaks`.
 */
import { unreachable } from '../../../src/core/errors.ts';
import type { PersistentMap } from '../../../src/core/persistent-map.ts';
import { deleteIn, getIn, keysOf, setIn, sizeOf } from '../../../src/core/persistent-map.ts';
import {
  clearOwners,
  deleteConfirmedUsers,
  deleteLateUsers,
  dropUnforkedOwners,
  lateForks,
  leaksIn,
} from '../../rref/deletion.ts';
import { isOn } from '../../switches/switches.ts';
import type { WorkerContext } from '../context.ts';
import { answer } from '../futures/futures.ts';
import type { Step } from '../step.ts';
import { andThen, queueWork, stepOf } from '../step.ts';
import { runtimeError } from '../user/failure.ts';
import { applyRRefs } from './rref-effects.ts';

/** Where a sweep is: in the first and the last stage it waits. */
export interface Sweep {
  readonly stage: 'deleting' | 'owners' | 'pending';
  readonly timeoutMs: number;
}

/** The sweeps under way, by the threads that wait for their ends. */
export type Sweeps = PersistentMap<Sweep>;

interface SweepOf {
  readonly thread: string;
}

/** Begins a sweep; the thread goes on at its end. */
export function beginSweep(
  context: WorkerContext,
  { thread, timeoutMs }: SweepOf & { readonly timeoutMs: number },
): Step {
  return wait(context, { sweep: { stage: 'pending', timeoutMs }, thread });
}

/** The owners that have no fork are gone; the others wait for their users to be deleted. */
export function sweepOwners(context: WorkerContext, { thread }: SweepOf): Step {
  const sweep = getIn(context.sweeps, thread);
  if (sweep === undefined) return stepOf(context);
  return andThen(applyRRefs(context, dropUnforkedOwners(context.rrefs)), (now) =>
    wait(now, { sweep: { ...sweep, stage: 'owners' }, thread }),
  );
}

/** A wait took too long: the sweep warns and goes on. */
export function timeOutSweep(context: WorkerContext, { thread }: SweepOf): Step {
  const sweep = getIn(context.sweeps, thread);
  if (sweep === undefined || sweep.stage === 'deleting') return stepOf(context);
  return andThen(warn(context, warnings[sweep.stage]), (now) =>
    proceed(now, { hasWaited: false, sweep, thread }),
  );
}

const warnings = {
  owners: 'Timed out waiting for pending OwnerRRefs to be deleted.',
  pending: 'Timed out waiting for pending UserRRefs to be confirmed by owner and parent.',
} as const;

/** Lets sweeps go on whose waits are over after this step. */
export function advanceSweeps(step: Step): Step {
  if (sizeOf(step.context.sweeps) === 0) return step;
  return keysOf(step.context.sweeps).reduce((now, thread) => {
    const sweep = getIn(now.context.sweeps, thread);
    if (sweep === undefined || !isOver(now.context, sweep)) return now;
    const cancelled = { type: 'timer.cancelled', id: timerId(thread) } as const;
    return andThen({ ...now, effects: [...now.effects, cancelled] }, (context) =>
      proceed(context, { hasWaited: true, sweep, thread }),
    );
  }, step);
}

/** Once nothing is under way anywhere: owners are told of the copies that came after the sweep; the thread learns of how many. */
export function sweepLate(context: WorkerContext, { thread }: SweepOf): Step {
  const value = lateForks(context.rrefs).length;
  return andThen(applyRRefs(context, deleteLateUsers(context.rrefs)), (now) =>
    answer(now, { outcome: { type: 'returned', value }, thread }),
  );
}

/** What is left over when a process forgets its references. */
export interface Destruction extends SweepOf {
  readonly ignoreLeak: boolean;
  /** Whether all members have agreed that nothing is under way. */
  readonly isTogether?: boolean | undefined;
}

/** No owner is told of a delete any more, and what is owned is let go: `_destroy_rref_context`. */
export function destroyRRefs(
  context: WorkerContext,
  { ignoreLeak, isTogether = false, thread }: Destruction,
): Step {
  const { rrefs } = context;
  const leaks = leaksIn(rrefs);
  const isAmiss = rrefs.sweptEarly ?? (isTogether && rrefs.sweptInVain !== true);
  const leaking = leaks !== '' && isAmiss ? { hasLeaked: true as const } : {};
  const destroyed = { ...context, rrefs: { ...rrefs, ...leaking, destroyed: true } };
  const done = { type: 'returned', value: undefined } as const;
  if (leaks === '')
    return andThen(clear(destroyed), (now) => answer(now, { outcome: done, thread }));
  const warned = warn(destroyed, `${leakWarning}${leaks}`);
  if (ignoreLeak) {
    return andThen(warned, clear, (now) => answer(now, { outcome: done, thread }));
  }
  const outcome = { type: 'threw', error: runtimeError(leaks) } as const;
  return andThen(warned, (now) => answer(now, { outcome, thread }));
}

const leakWarning =
  'Detected RRef Leaks during shutdown. This usually occurs when the application code still holds ' +
  'references to RRef instances when calling shutdown(). If the program has completed correctly and ' +
  'the process is exiting, it is OK to ignore these leaks. However, if you program will keep running ' +
  'after this, these leaks could result in memory leaks on RRef owners. Please make sure all RRefs are ' +
  'out of scope and Python GC has deleted them before calling shutdown(): \n';

function clear(context: WorkerContext): Step {
  return applyRRefs(context, clearOwners(context.rrefs));
}

interface Waiting extends SweepOf {
  readonly sweep: Sweep;
}

function wait(context: WorkerContext, { sweep, thread }: Waiting): Step {
  const { timeoutMs } = sweep;
  return stepOf(
    { ...context, sweeps: setIn(context.sweeps, thread, sweep) },
    {
      type: 'timer.set',
      delayMs: timeoutMs,
      event: { type: 'sweep.timed-out', thread },
      id: timerId(thread),
    },
  );
}

/** Whether a wait is over, or there is none. */
function isOver({ rrefs, switches }: WorkerContext, { stage }: Sweep): boolean {
  const { owners, pendingChildren, pendingUsers } = rrefs;
  switch (stage) {
    case 'deleting':
      return false;
    case 'owners':
      return sizeOf(owners) === 0 || isOn(switches, 'shutdown.noWaitOwners');
    case 'pending':
      return (
        sizeOf(pendingChildren) + sizeOf(pendingUsers) === 0 ||
        isOn(switches, 'shutdown.noWaitPending')
      );
    default:
      return unreachable(stage);
  }
}

/** After the first wait all users are deleted, and in the next section the owners; after the last it is done. */
function proceed(
  context: WorkerContext,
  { hasWaited, sweep, thread }: Waiting & { readonly hasWaited: boolean },
): Step {
  if (sweep.stage === 'owners') {
    const hasCopies = sizeOf(context.rrefs.forks) > 0;
    const how = hasWaited ? { sweptEarly: true as const } : { sweptInVain: true as const };
    const rrefs = hasCopies ? { ...context.rrefs, ...how } : context.rrefs;
    const ended = { ...context, rrefs, sweeps: deleteIn(context.sweeps, thread) };
    return answer(ended, { outcome: { type: 'returned', value: undefined }, thread });
  }
  const sweeps = setIn(context.sweeps, thread, { ...sweep, stage: 'deleting' } as const);
  return andThen(
    applyRRefs({ ...context, sweeps }, deleteConfirmedUsers(context.rrefs)),
    queueWork({ type: 'sweep.users-deleted', thread }),
  );
}

function warn(context: WorkerContext, message: string): Step {
  return stepOf(context, {
    type: 'announced',
    announcement: { type: 'rref.warned', message },
  });
}

function timerId(thread: string): string {
  return `sweep-${thread}`;
}
