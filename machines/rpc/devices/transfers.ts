/**
 * Tensors leave by a message: each goes to the device that a map says, and the streams of whoever sends them read
 * them.
 *
 * @see PyTorch, `tensorpipe_agent.cpp`, `send`, `pipeWrite`; `tensorpipe_utils.cpp`, `tensorpipeSerialize`.
 */
import { cpu, isCuda } from '../../devices/device.ts';
import type { DeviceMap } from '../../devices/maps.ts';
import { readOn } from '../../devices/streams.ts';
import { mappedDevices, unusedDeviceError } from '../../devices/transfer.ts';
import type { Transfer } from '../../devices/transfer.ts';
import type { Tensor } from '../../engine/graph.ts';
import { toDevice, wireTensor } from '../../engine/tensor.ts';
import type { WorkerContext } from '../context.ts';
import { nameOfWorker } from '../context.ts';
import { withStreams } from './device-streams.ts';
import { mapFor, reverseMapFor } from './devices.ts';
import { currentStream } from './thread-streams.ts';

/** Tensors that leave. */
export interface Leaving {
  /** The map of this message alone. */
  readonly deviceMap?: DeviceMap | undefined;
  readonly kind: Transfer['kind'];
  readonly tensors: readonly Tensor[];
  /** The thread that sends them, unless it is the engine. */
  readonly thread?: string | undefined;
  /** The id of the receiver. */
  readonly to: number;
}

/** Tensors as they travel. */
export interface Left {
  readonly context: WorkerContext;
  readonly tensors: readonly Tensor[];
}

/**
 * The tensors as they travel, each on the device where it will arrive.
 *
 * @throws {TorchError} where no map says where one goes.
 */
export function leave(context: WorkerContext, leaving: Leaving): Left {
  const { deviceMap, kind, tensors, thread, to: id } = leaving;
  if (tensors.length === 0) return { context, tensors };
  const to = nameOfWorker(context, id);
  const usual = kind === 'Request' ? mapFor(context, to) : reverseMapFor(context, to);
  const map = deviceMap ?? usual;
  if (map === undefined && tensors.every(({ device }) => device === cpu)) {
    return { context, tensors: tensors.map((each) => wireTensor(each)) };
  }
  const devices = mappedDevices({ devices: tensors.map(({ device }) => device), kind, map, to });
  const sent = tensors.map((each, index) => {
    const { ready: _, ...wired } = wireTensor(each);
    return toDevice(wired, devices[index] ?? cpu);
  });
  return { context: readAll(context, { by: kind, tensors, thread }), tensors: sent };
}

/** What is wrong with the devices of a result, if anything. */
export function resultError(
  { devices }: WorkerContext,
  tensors: readonly Tensor[],
): string | undefined {
  return unusedDeviceError(
    tensors.map(({ device }) => device),
    devices?.devices ?? [],
  );
}

interface Reading {
  readonly by: string;
  readonly tensors: readonly Tensor[];
  readonly thread: string | undefined;
}

/** The message waits for the current streams of its sender, and then reads. */
function readAll(context: WorkerContext, { by, tensors, thread }: Reading): WorkerContext {
  if (thread === undefined) return context;
  return tensors.reduce((now, { device, ready }) => {
    if (!isCuda(device) || ready === undefined) return now;
    const stream = currentStream(now, { device, thread });
    return withStreams(now, (table) => readOn(table, { by, reads: [ready], stream }));
  }, context);
}
