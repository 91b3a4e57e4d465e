/**
 * Which streams a thread works on, and what they wait for. A request and what follows a response have streams of
 * their own, so that they are ordered with nothing; who waits for a future makes its streams wait for those of
 * whoever completed it.
 *
 * @see PyTorch, `c10/core/impl/InlineStreamGuard.h`, `MultiStreamGuard`; `ivalue_inl.h`, `Future`,
 * `synchronizeWithCurrentStreams`.
 */
import { deleteIn, getIn, setIn } from '../../../src/core/persistent-map.ts';
import { defaultStream, recordEvent, waitEvent } from '../../devices/streams.ts';
import type { OwnerKey } from '../../rref/ids.ts';
import { isOn } from '../../switches/switches.ts';
import type { WorkerContext } from '../context.ts';
import { putThread, threadOf } from '../threads/thread.ts';
import { cudaDevicesIn, freshStreams, withStreams } from './device-streams.ts';
import type { Readiness } from './devices.ts';

/** A thread gets streams of its own, ordered with no others. */
export function guardThread(context: WorkerContext, name: string): WorkerContext {
  const { devices } = context;
  if (devices === undefined || devices.devices.length === 0) return context;
  const { streams, table } = freshStreams(devices.streams, devices.devices);
  return putThread(
    { ...context, devices: { ...devices, streams: table } },
    { ...threadOf(context, name), streams },
  );
}

/** A request is taken: its thread has streams of its own, or none where its profiler forgets them (H30). */
export function guardRequest(context: WorkerContext, name: string): WorkerContext {
  if (context.devices === undefined) return context;
  const isProfiled = threadOf(context, name).request?.type === 'RUN_WITH_PROFILING_REQ';
  return isProfiled && isOn(context.switches, 'profiler.noStreams')
    ? context
    : guardThread(context, name);
}

/** The stream on which a thread works. */
export function currentStream(
  context: WorkerContext,
  { device, thread }: { readonly device: string; readonly thread: string },
): string {
  return threadOf(context, thread).streams?.[device] ?? defaultStream(device);
}

/** The events of a thread's streams on the devices of the value, for whoever it is given to. */
export function readinessOf(
  context: WorkerContext,
  { thread, value }: { readonly thread: string; readonly value: unknown },
): Readiness | undefined {
  const { devices } = context;
  if (devices === undefined) return undefined;
  const used = cudaDevicesIn(value);
  if (used.length === 0) return undefined;
  return Object.fromEntries(
    used.map((device) => [
      device,
      recordEvent(devices.streams, currentStream(context, { device, thread })),
    ]),
  );
}

/** A thread's streams wait for what it was given to be ready. */
export function awaitReadiness(
  context: WorkerContext,
  { ready, thread }: { readonly ready: Readiness | undefined; readonly thread: string },
): WorkerContext {
  if (ready === undefined) return context;
  return withStreams(context, (table) =>
    Object.entries(ready).reduce(
      (now, [device, event]) =>
        waitEvent(now, { event, stream: currentStream(context, { device, thread }) }),
      table,
    ),
  );
}

/** An OwnerRRef has its value, made on the streams of this thread. */
export function keepOwnerReadiness(
  context: WorkerContext,
  { owner, thread, value }: OwnerValue,
): WorkerContext {
  const { devices } = context;
  if (devices === undefined) return context;
  const ready = readinessOf(context, { thread, value });
  const owners =
    ready === undefined ? deleteIn(devices.owners, owner) : setIn(devices.owners, owner, ready);
  return { ...context, devices: { ...devices, owners } };
}

/** A value that an OwnerRRef gets from a thread. */
export interface OwnerValue {
  readonly owner: OwnerKey;
  readonly thread: string;
  readonly value: unknown;
}

/** Who reads the value of an OwnerRRef waits for it to be ready. */
export function awaitOwnerReadiness(
  context: WorkerContext,
  { owner, thread }: Omit<OwnerValue, 'value'>,
): WorkerContext {
  const { devices } = context;
  if (devices === undefined) return context;
  return awaitReadiness(context, { ready: getIn(devices.owners, owner), thread });
}

/** Nobody reads the value of the OwnerRRef any more. */
export function forgetOwnerReadiness(context: WorkerContext, owner: OwnerKey): WorkerContext {
  const { devices } = context;
  if (devices === undefined) return context;
  return { ...context, devices: { ...devices, owners: deleteIn(devices.owners, owner) } };
}
