/**
 * The profilers of a process: what each has recorded, and the names of calls that are under way with one. A
 * profiler is that of the threads which it was given to; what it recorded is theirs together.
 *
 * @see PyTorch, `torch/csrc/autograd/profiler_legacy.cpp`, `ProfilerLegacyThreadLocalState`;
 * `remote_profiler_manager.h`.
 */
import type { PersistentMap } from '../../src/core/persistent-map.ts';
import { deleteIn, emptyMap, getIn, hasIn, setIn } from '../../src/core/persistent-map.ts';
import { torchCheck } from '../engine/torch-error.ts';
import type { ProfiledEvent } from './events.ts';

/** The legacy profiler goes along with calls; Kineto stays where it is. */
export type ProfilerKind = 'kineto' | 'legacy';

/** Which profiler of a process. */
export type SessionId = `profiler-${number}`;

/** One profiler, from the moment at which it is on. */
export interface Session {
  readonly events: readonly ProfiledEvent[];
  readonly kind: ProfilerKind;
  /** The events that have begun and not ended. */
  readonly open: readonly string[];
  /** The scopes that a thread is in, the outermost first. */
  readonly scopes: PersistentMap<readonly string[]>;
}

/** All profilers of a process. */
export interface ProfilerTable {
  /** The references whose creation was recorded, by their keys. */
  readonly creations: PersistentMap<true>;
  /** The ranges in which all requests are recorded, the outermost first. */
  readonly globals: readonly GlobalRange[];
  /** Whether it was said that Kineto sees callers alone. */
  readonly hasWarned: boolean;
  /** The names of calls whose events are to come, by profiling id. */
  readonly keys: PersistentMap<string>;
  readonly nextEvent: number;
  readonly nextProfiling: number;
  readonly nextRange: number;
  readonly nextSession: number;
  readonly sessions: PersistentMap<Session>;
}

/** What requests recorded, request by request, since the process was told to record them. */
export interface GlobalRange {
  readonly id: number;
  readonly results: readonly (readonly ProfiledEvent[])[];
}

/** The table of a process in which nothing was recorded. */
export const newProfilerTable: ProfilerTable = Object.freeze({
  creations: emptyMap<true>(),
  globals: [],
  hasWarned: false,
  keys: emptyMap<string>(),
  nextEvent: 0,
  nextProfiling: 0,
  nextRange: 0,
  nextSession: 0,
  sessions: emptyMap<Session>(),
});

/** A profiler is on. */
export function openSession(
  table: ProfilerTable,
  kind: ProfilerKind,
): { readonly id: SessionId; readonly table: ProfilerTable } {
  const id: SessionId = `profiler-${table.nextSession}`;
  const session: Session = { events: [], kind, open: [], scopes: emptyMap() };
  const sessions = setIn(table.sessions, id, session);
  return { id, table: { ...table, nextSession: table.nextSession + 1, sessions } };
}

/** The profiler, unless it is off by now. */
export function sessionOf({ sessions }: ProfilerTable, id: SessionId): Session | undefined {
  return getIn(sessions, id);
}

/** The profiler is off; what has not ended was not recorded. */
export function closeSession(
  table: ProfilerTable,
  id: SessionId,
): { readonly events: readonly ProfiledEvent[]; readonly table: ProfilerTable } {
  const session = sessionOf(table, id);
  const events = session?.events.filter((event) => !session.open.includes(event.id)) ?? [];
  return { events, table: { ...table, sessions: deleteIn(table.sessions, id) } };
}

/** What is recorded. */
export interface Recording {
  readonly name: string;
  readonly nodeId: number;
  readonly session: SessionId;
  readonly thread: string;
  /** The name of the worker, which makes the ids of events its own. */
  readonly worker: string;
}

/** A table and the event that was added to it. */
export interface Recorded {
  /** Absent where the profiler is off by now. */
  readonly event?: string;
  readonly table: ProfilerTable;
}

/**
 * A range begins: a scope, in which all that its thread records lies, or a call, which others may overtake.
 */
export function beginRange(
  table: ProfilerTable,
  { isScope, ...recording }: Recording & { readonly isScope: boolean },
): Recorded {
  const { event, table: recorded } = record(table, recording);
  const session = sessionOf(recorded, recording.session);
  if (event === undefined || session === undefined) return { table: recorded };
  const { scopes } = session;
  const inside = [...(getIn(scopes, recording.thread) ?? []), event];
  return {
    event,
    table: putSession(recorded, recording.session, {
      ...session,
      open: [...session.open, event],
      scopes: isScope ? setIn(scopes, recording.thread, inside) : scopes,
    }),
  };
}

/** A range ends; its scope is left. */
export function endRange(
  table: ProfilerTable,
  { event, session: id }: { readonly event: string; readonly session: SessionId },
): ProfilerTable {
  const session = sessionOf(table, id);
  const thread = session?.events.find((each) => each.id === event)?.thread;
  if (session === undefined || thread === undefined) return table;
  const left = (getIn(session.scopes, thread) ?? []).filter((each) => each !== event);
  return putSession(table, id, {
    ...session,
    open: session.open.filter((each) => each !== event),
    scopes:
      left.length === 0 ? deleteIn(session.scopes, thread) : setIn(session.scopes, thread, left),
  });
}

/** Operators ran, one after the other, and took no time. */
export function recordOperators(
  table: ProfilerTable,
  { ops, ...recording }: Omit<Recording, 'name'> & { readonly ops: readonly string[] },
): ProfilerTable {
  return ops.reduce((now, op) => record(now, { ...recording, name: `aten::${op}` }).table, table);
}

/** What came back with the answer of a call. */
export function addRemoteEvents(
  table: ProfilerTable,
  {
    events,
    session: id,
  }: { readonly events: readonly ProfiledEvent[]; readonly session: SessionId },
): ProfilerTable {
  const session = sessionOf(table, id);
  if (session === undefined) return table;
  return putSession(table, id, { ...session, events: [...session.events, ...events] });
}

/** A call leaves under a name of its own, by which its events are known when they come. */
export function saveKey(
  table: ProfilerTable,
  { key, worker }: { readonly key: string; readonly worker: string },
): { readonly id: string; readonly table: ProfilerTable } {
  const id = `${worker}:${table.nextProfiling}`;
  const keys = setIn(table.keys, id, key);
  return { id, table: { ...table, keys, nextProfiling: table.nextProfiling + 1 } };
}

/** The events of a call have come, or will not come. */
export function eraseKey(table: ProfilerTable, id: string): ProfilerTable {
  return hasIn(table.keys, id) ? { ...table, keys: deleteIn(table.keys, id) } : table;
}

/**
 * The name under which a call left.
 *
 * @throws {TorchError} if it is not known any more: an answer came twice.
 */
export function keyOf({ keys }: ProfilerTable, id: string): string {
  const key = getIn(keys, id);
  torchCheck(key !== undefined, 'it != profiledRpcKeys_.end() INTERNAL ASSERT FAILED');
  return key;
}

function record(table: ProfilerTable, recording: Recording): Recorded {
  const { name, nodeId, session: id, thread, worker } = recording;
  const session = sessionOf(table, id);
  if (session === undefined) return { table };
  const event = `${worker}:${table.nextEvent}`;
  const parent = getIn(session.scopes, thread)?.at(-1);
  const made: ProfiledEvent = {
    id: event,
    isRemote: false,
    name,
    nodeId,
    ...(parent === undefined ? {} : { parent }),
    thread,
  };
  const recorded = { ...session, events: [...session.events, made] };
  return { event, table: { ...putSession(table, id, recorded), nextEvent: table.nextEvent + 1 } };
}

function putSession(table: ProfilerTable, id: SessionId, session: Session): ProfilerTable {
  return { ...table, sessions: setIn(table.sessions, id, session) };
}
