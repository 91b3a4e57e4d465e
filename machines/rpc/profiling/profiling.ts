/**
 * What a worker records while a profiler is on. The table of profilers is there from the first one on, so a
 * process that records nothing is what it is without.
 */
import { deleteIn } from '../../../src/core/persistent-map.ts';
import type { Frame } from '../../engine/frame.ts';
import type { ProfilerTable, SessionId } from '../../profiler/table.ts';
import { beginRange, newProfilerTable, recordOperators } from '../../profiler/table.ts';
import type { RRefKey } from '../../rref/ids.ts';
import type { WorkerContext } from '../context.ts';
import type { Step, WorkerEffect } from '../step.ts';
import { stepOf } from '../step.ts';
import { putThread, threadOf } from '../threads/thread.ts';

/** The profilers of the process. */
export function tableOf({ profiling }: WorkerContext): ProfilerTable {
  return profiling ?? newProfilerTable;
}

/** The worker with its profilers as they are now. */
export function withTable(context: WorkerContext, profiling: ProfilerTable): WorkerContext {
  return { ...context, profiling };
}

/** A scope that user code is in. */
export interface ProfiledScope {
  readonly event: string;
  readonly session: SessionId;
}

/** A range to record. */
export interface NewRange {
  readonly isScope: boolean;
  readonly name: string;
  readonly session: SessionId;
  readonly thread: string;
}

/** A range that has begun; without an event if its profiler is off by now. */
export interface BegunRange {
  readonly event?: string;
  readonly step: Step;
}

/** A range begins; the trace has the moment. */
export function begin(context: WorkerContext, range: NewRange): BegunRange {
  const { event, table } = beginRange(tableOf(context), { ...range, ...whereabouts(context) });
  const after = withTable(context, table);
  if (event === undefined) return { step: stepOf(after) };
  return { event, step: stepOf(after, mark('profiler.began', event)) };
}

/** Says that a range has ended. */
export function endedMark(event: string): WorkerEffect {
  return mark('profiler.ended', event);
}

/** Operators that a thread has run, if it has a profiler. */
export function recordOps(
  context: WorkerContext,
  { ops, thread }: { readonly ops: readonly string[] | undefined; readonly thread: string },
): WorkerContext {
  const { session } = threadOf(context, thread);
  if (session === undefined || ops === undefined || ops.length === 0) return context;
  return withTable(
    context,
    recordOperators(tableOf(context), { ops, session, thread, ...whereabouts(context) }),
  );
}

/** The frame with which the function of a thread starts: it notes its operators where a profiler is on. */
export function frameFor(context: WorkerContext, thread: string): Frame {
  const { frame, session } = threadOf(context, thread);
  return session === undefined ? frame : { ...frame, ops: [] };
}

/** The function of a thread has ended: what it ran last is recorded, and its frame is as any other. */
export function takeOps(
  context: WorkerContext,
  { frame, thread }: { readonly frame: Frame; readonly thread: string },
): { readonly context: WorkerContext; readonly frame: Frame } {
  const { ops, ...rest } = frame;
  return ops === undefined
    ? { context, frame }
    : { context: recordOps(context, { ops, thread }), frame: rest };
}

/** The thread has this profiler, or none. */
export function putSession(
  context: WorkerContext,
  { session, thread: name }: { readonly session?: SessionId; readonly thread: string },
): WorkerContext {
  const { session: _, ...thread } = threadOf(context, name);
  return putThread(context, session === undefined ? thread : { ...thread, session });
}

/** Nobody can ask for the creation of the reference any more. */
export function forgetCreation(context: WorkerContext, key: RRefKey): WorkerContext {
  const { profiling } = context;
  if (profiling === undefined) return context;
  return withTable(context, { ...profiling, creations: deleteIn(profiling.creations, key) });
}

function mark(type: 'profiler.began' | 'profiler.ended', event: string): WorkerEffect {
  return { type: 'announced', announcement: { type, event } };
}

function whereabouts({ id, name }: WorkerContext) {
  return { nodeId: id, worker: name };
}
