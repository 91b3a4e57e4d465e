/**
 * The streams of a process as its messages use them: what came is written on streams that nobody else works on.
 *
 * @see PyTorch, `tensorpipe_utils.h`, `LazyStreamContext`; `tensorpipe_utils.cpp`, `tensorpipeAllocate`.
 */
import type { Clock } from '../../devices/clock.ts';
import { join, zeroClock } from '../../devices/clock.ts';
import { isCuda } from '../../devices/device.ts';
import { forgetStream, launch, makeStream, recordEvent } from '../../devices/streams.ts';
import type { StreamTable } from '../../devices/streams.ts';
import type { Tensor } from '../../engine/graph.ts';
import { isTensor } from '../../engine/tensor.ts';
import type { WorkerContext } from '../context.ts';
import { substituteIn } from '../references/pickle.ts';
import type { Readiness } from './devices.ts';

/** The streams that a thread works on, by device; on others it works on the default stream. */
export type CurrentStreams = Readonly<Record<string, string>>;

/** The worker with its streams as they are now; one without devices is left as it is. */
export function withStreams(
  context: WorkerContext,
  change: (streams: StreamTable) => StreamTable,
): WorkerContext {
  const { devices } = context;
  if (devices === undefined) return context;
  const streams = change(devices.streams);
  return streams === devices.streams ? context : { ...context, devices: { ...devices, streams } };
}

/** The thread has ended, and so has all work on its streams. */
export function leaveStreams(
  context: WorkerContext,
  streams: CurrentStreams | undefined,
): WorkerContext {
  if (streams === undefined) return context;
  return withStreams(context, (table) => forgetAll(table, streams));
}

/** Ready when both are. */
export function bothReady(
  first: Readiness | undefined,
  second: Readiness | undefined,
): Readiness | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  const joined = Object.entries(second).map(([device, event]): readonly [string, Clock] => [
    device,
    join(first[device] ?? zeroClock, event),
  ]);
  return { ...first, ...Object.fromEntries(joined) };
}

/** Tensors that came by a message, and when they are ready. */
export interface Arrival {
  readonly context: WorkerContext;
  readonly ready: Readiness;
  readonly tensors: readonly Tensor[];
}

/** What came by a message was written on the streams given, or on fresh ones that nobody else works on. */
export function arrive(
  context: WorkerContext,
  { streams: given = {}, tensors }: ArrivedTensors,
): Arrival {
  const { devices } = context;
  if (devices === undefined) return { context, ready: {}, tensors };
  const used = [...new Set(tensors.map(({ device }) => device))].filter((each) => isCuda(each));
  if (used.length === 0) return { context, ready: {}, tensors };
  const missing = used.filter((device) => given[device] === undefined);
  const { streams: made, table: begun } = freshStreams(devices.streams, missing);
  const streams = { ...made, ...given };
  let table = begun;
  const stamped = tensors.map((tensor) => {
    const stream = streams[tensor.device];
    if (stream === undefined) return tensor;
    const launched = launch(table, { by: 'transfer', reads: [], stream });
    ({ table } = launched);
    return { ...tensor, ready: launched.stamp };
  });
  const ready = Object.fromEntries(
    used.map((device) => [device, recordEvent(table, streams[device] ?? '')]),
  );
  const after = { ...context, devices: { ...devices, streams: forgetAll(table, made) } };
  return { context: after, ready, tensors: stamped };
}

/** The tensors with their history, written when they arrived. */
export function sameReady(
  tensors: readonly Tensor[],
  arrived: readonly Tensor[],
): readonly Tensor[] {
  if (arrived.every(({ ready }) => ready === undefined)) return tensors;
  return tensors.map((tensor, index) => {
    const ready = arrived[index]?.ready;
    return ready === undefined || tensor.ready !== undefined ? tensor : { ...tensor, ready };
  });
}

/** Tensors of a message, and the streams on which it is received, by device. */
export interface ArrivedTensors {
  readonly streams?: CurrentStreams | undefined;
  readonly tensors: readonly Tensor[];
}

/** The devices with streams that tensors of a value lie on, each once. */
export function cudaDevicesIn(value: unknown): readonly string[] {
  return [...new Set(tensorsIn(value).map(({ device }) => device))].filter((each) => isCuda(each));
}

function tensorsIn(value: unknown): readonly Tensor[] {
  const found: Tensor[] = [];
  substituteIn(value, (each) => {
    if (isTensor(each)) found.push(each);
    return isTensor(each) ? { by: each } : undefined;
  });
  return found;
}

/** Streams by device, and the table with them. */
export interface FreshStreams {
  readonly streams: CurrentStreams;
  readonly table: StreamTable;
}

/** New streams of these devices. */
export function freshStreams(before: StreamTable, devices: readonly string[]): FreshStreams {
  let table = before;
  const streams = devices.map((device) => {
    const made = makeStream(table, device);
    ({ table } = made);
    return [device, made.stream] as const;
  });
  return { streams: Object.fromEntries(streams), table };
}

function forgetAll(table: StreamTable, streams: CurrentStreams): StreamTable {
  return Object.values(streams).reduce((now, stream) => forgetStream(now, stream), table);
}
