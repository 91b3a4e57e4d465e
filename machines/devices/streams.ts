/**
 * The streams of a process's devices as a matter of order: the operations of one stream run in order, those of two
 * in any, unless one waits for an event of the other. A read of what another stream wrote, without an event between,
 * is noted: what it reads may be anything.
 *
 * @see NVIDIA, "CUDA C++ Programming Guide", "Streams"; PyTorch, `c10/cuda/CUDAStream.h`, `ivalue_inl.h`,
 * `Future`, "Synchronization".
 */
import type { PersistentMap } from '../../src/core/persistent-map.ts';
import { deleteIn, emptyMap, getIn, setIn } from '../../src/core/persistent-map.ts';
import type { Clock, Stamp } from './clock.ts';
import { join, knows, zeroClock } from './clock.ts';

/** All streams of a process. */
export interface StreamTable {
  /** What each stream has waited for, itself included. */
  readonly clocks: PersistentMap<Clock>;
  /** What the process has seen to be over, because some thread waited for it. */
  readonly done: Clock;
  readonly nextStream: number;
  /** The first read that nothing orders. */
  readonly race?: UnorderedRead;
}

/** A read that no event orders after the write. */
export interface UnorderedRead {
  /** What reads: an operator, or a message that takes the tensor along. */
  readonly by: string;
  readonly reader: string;
  readonly wrote: Stamp;
}

/** No stream has done anything. */
export const noStreams: StreamTable = Object.freeze({
  clocks: emptyMap<Clock>(),
  done: zeroClock,
  nextStream: 0,
});

/** The stream that all threads use unless they choose another. */
export function defaultStream(device: string): string {
  return `${device}/default`;
}

/** The device of a stream. */
export function deviceOf(stream: string): string {
  return stream.slice(0, stream.indexOf('/'));
}

/** A stream that is ordered with no other. */
export function makeStream(
  table: StreamTable,
  device: string,
): { readonly stream: string; readonly table: StreamTable } {
  const { nextStream } = table;
  return { stream: `${device}/${nextStream}`, table: { ...table, nextStream: nextStream + 1 } };
}

/** An event of the stream: what waits for it is ordered after all that it has done and waited for. */
export function recordEvent({ clocks }: StreamTable, stream: string): Clock {
  return getIn(clocks, stream) ?? zeroClock;
}

/** What the stream does from now on comes after the event. */
export function waitEvent(
  table: StreamTable,
  { event, stream }: { readonly event: Clock; readonly stream: string },
): StreamTable {
  const before = recordEvent(table, stream);
  const clock = join(before, event);
  return clock === before ? table : { ...table, clocks: setIn(table.clocks, stream, clock) };
}

/** An operation. */
export interface Launch {
  readonly by: string;
  /** What wrote the tensors that it reads. */
  readonly reads: readonly Stamp[];
  readonly stream: string;
}

/** The stream is given an operation; `stamp` says which. */
export function launch(
  table: StreamTable,
  { by, reads, stream }: Launch,
): { readonly stamp: Stamp; readonly table: StreamTable } {
  const checked = readOn(table, { by, reads, stream });
  const before = recordEvent(checked, stream);
  const nr = (before[stream] ?? 0) + 1;
  return {
    stamp: { nr, stream },
    table: { ...checked, clocks: setIn(checked.clocks, stream, { ...before, [stream]: nr }) },
  };
}

/** The stream reads, or what waits for it now does. */
export function readOn(table: StreamTable, { by, reads, stream }: Launch): StreamTable {
  const clock = recordEvent(table, stream);
  const wrote = reads.find((stamp) => !knows(clock, stamp) && !knows(table.done, stamp));
  if (wrote === undefined || table.race !== undefined) return table;
  return { ...table, race: { by, reader: stream, wrote } };
}

/** A thread waits until the event is over, so it is over for the whole process. */
export function synchronize(table: StreamTable, event: Clock): StreamTable {
  const done = join(table.done, event);
  return done === table.done ? table : { ...table, done };
}

/** All that the streams of a device were given. */
export function deviceEvent(table: StreamTable, streams: readonly string[]): Clock {
  return streams.reduce<Clock>((all, stream) => join(all, recordEvent(table, stream)), zeroClock);
}

/** Nobody gives the stream anything any more. */
export function forgetStream(table: StreamTable, stream: string): StreamTable {
  return { ...table, clocks: deleteIn(table.clocks, stream) };
}
