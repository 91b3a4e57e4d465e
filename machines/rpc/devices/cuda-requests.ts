/**
 * What user code does with devices: operators on them, streams and events.
 *
 * @see PyTorch, `torch/cuda/streams.py`; `c10/cuda/CUDAStream.h`; `aten/src/ATen/native/cuda/Copy.cu`.
 */
import { unreachable } from '../../../src/core/errors.ts';
import { keysOf } from '../../../src/core/persistent-map.ts';
import type { Stamp } from '../../devices/clock.ts';
import { cpu, deviceNamed, indexOf, isCuda } from '../../devices/device.ts';
import {
  defaultStream,
  deviceEvent,
  deviceOf,
  launch,
  makeStream,
  recordEvent,
  synchronize,
  waitEvent,
} from '../../devices/streams.ts';
import { torchCheck } from '../../engine/torch-error.ts';
import type { WorkerContext } from '../context.ts';
import { answer } from '../futures/futures.ts';
import type { Step } from '../step.ts';
import { putThread, threadOf } from '../threads/thread.ts';
import type { Asked, CudaRequest, StreamHandle } from '../user/user-request.ts';
import { withStreams } from './device-streams.ts';
import { currentStream } from './thread-streams.ts';

/** Serves a request about devices. */
export function serveCuda(context: WorkerContext, { request, thread }: Asked<CudaRequest>): Step {
  switch (request.type) {
    case 'cuda.current-stream': {
      const device = usable(context, request.device);
      const stream = request.isDefault
        ? defaultStream(device)
        : currentStream(context, { device, thread });
      return give(context, { thread, value: handleOf(context, stream) });
    }
    case 'cuda.device-count':
      return give(context, { thread, value: context.devices?.count ?? 0 });
    case 'cuda.launch':
      return launchOperator(context, { request, thread });
    case 'cuda.make-stream':
      return giveNewStream(context, { device: usable(context, request.device), thread });
    case 'cuda.record-event': {
      const stream = nameIn(context, request.stream);
      const clock = context.devices && recordEvent(context.devices.streams, stream);
      return give(context, {
        thread,
        value: { type: 'cuda.event', clock: clock ?? {}, worker: context.name },
      });
    }
    case 'cuda.set-stream':
      return setStream(context, { request, thread });
    case 'cuda.synchronize':
      return give(waitForDevice(context, usable(context, request.device)), {
        thread,
        value: undefined,
      });
    case 'cuda.synchronize-event': {
      const { clock } = checked(context, request.event);
      const over = withStreams(context, (table) => synchronize(table, clock));
      return give(over, { thread, value: undefined });
    }
    case 'cuda.wait-event': {
      const stream = nameIn(context, request.stream);
      const { clock: event } = checked(context, request.event);
      const waiting = withStreams(context, (table) => waitEvent(table, { event, stream }));
      return give(waiting, { thread, value: undefined });
    }
    default:
      return unreachable(request);
  }
}

type AskedFor<Type extends CudaRequest['type']> = Asked<
  Extract<CudaRequest, { readonly type: Type }>
>;

/**
 * An operator runs on the stream of the device that it reads from. From device to device, the stream of either
 * waits for the other; to the processor, the thread waits until it is over.
 */
function launchOperator(
  context: WorkerContext,
  { request, thread }: AskedFor<'cuda.launch'>,
): Step {
  const { context: after, stamp } = launchFor(context, { ...request, thread });
  return give(after, { thread, value: stamp });
}

/** An operator of a thread. */
export interface ThreadLaunch {
  readonly by: string;
  readonly reads: readonly { readonly device: string; readonly ready?: Stamp }[];
  readonly thread: string;
  /** The device of its result. */
  readonly to: string;
}

/** Gives an operator to the stream of its thread; `stamp` is what writes its result on a device. */
export function launchFor(
  context: WorkerContext,
  { by, reads, thread, to }: ThreadLaunch,
): { readonly context: WorkerContext; readonly stamp?: Stamp | undefined } {
  const devices = [...new Set([...reads.map(({ device }) => device), to])].filter((each) =>
    isCuda(each),
  );
  for (const device of devices) usable(context, device);
  const [stream, ...others] = devices.map((device) => currentStream(context, { device, thread }));
  if (stream === undefined) return { context };
  let stamp: Stamp | undefined;
  const after = withStreams(context, (table) => {
    const joined = others.reduce(
      (now, other) => waitEvent(now, { event: recordEvent(now, other), stream }),
      table,
    );
    const written = reads.flatMap(({ ready }) => ready ?? []);
    const launched = launch(joined, { by, reads: written, stream });
    ({ stamp } = launched);
    const event = recordEvent(launched.table, stream);
    const told = others.reduce(
      (now, other) => waitEvent(now, { event, stream: other }),
      launched.table,
    );
    return to === cpu ? synchronize(told, event) : told;
  });
  return to === cpu ? { context: after } : { context: after, stamp };
}

function giveNewStream(
  context: WorkerContext,
  { device, thread }: { readonly device: string; readonly thread: string },
): Step {
  let stream = '';
  const made = withStreams(context, (table) => {
    const fresh = makeStream(table, device);
    ({ stream } = fresh);
    return fresh.table;
  });
  return give(made, { thread, value: handleOf(context, stream) });
}

/** The thread works on another stream of that device; the answer is the one before. */
function setStream(
  context: WorkerContext,
  { request, thread: name }: AskedFor<'cuda.set-stream'>,
): Step {
  const stream = nameIn(context, request.stream);
  const device = deviceOf(stream);
  const before = currentStream(context, { device, thread: name });
  const thread = threadOf(context, name);
  const { [device]: _, ...others } = thread.streams ?? {};
  const streams = stream === defaultStream(device) ? others : { ...others, [device]: stream };
  const { streams: __, ...bare } = thread;
  const after = putThread(
    context,
    Object.keys(streams).length === 0 ? bare : { ...thread, streams },
  );
  return give(after, { thread: name, value: handleOf(context, before) });
}

function waitForDevice(context: WorkerContext, device: string): WorkerContext {
  return withStreams(context, (table) => {
    const all = keysOf(table.clocks).filter((stream) => deviceOf(stream) === device);
    return synchronize(table, deviceEvent(table, all));
  });
}

/**
 * The device, if this process has it.
 *
 * @see PyTorch, `torch/cuda/__init__.py`, `_lazy_init`; CUDA's `cudaErrorInvalidDevice`.
 */
function usable({ devices }: WorkerContext, given: number | string): string {
  const device = deviceNamed(given);
  const count = devices?.count ?? 0;
  torchCheck(isCuda(device), `Expected a cuda device, but got: ${device}`);
  torchCheck(count > 0, 'No CUDA GPUs are available');
  torchCheck(indexOf(device) < count, 'CUDA error: invalid device ordinal');
  return device;
}

/** Streams and events are of the process that made them. */
function checked<Made extends { readonly worker: string }>(
  { name }: WorkerContext,
  made: Made,
): Made {
  torchCheck(
    made.worker === name,
    `A stream or event of ${made.worker} was used on ${name}. They are of the process that made them.`,
  );
  return made;
}

function nameIn(context: WorkerContext, stream: StreamHandle): string {
  return checked(context, stream).name;
}

function handleOf({ name: worker }: WorkerContext, name: string): StreamHandle {
  return { type: 'cuda.stream', device: deviceOf(name), name, worker };
}

function give(
  context: WorkerContext,
  { thread, value }: { readonly thread: string; readonly value: unknown },
): Step {
  return answer(context, { outcome: { type: 'returned', value }, thread });
}
