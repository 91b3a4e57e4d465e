/**
 * The devices of a process: which there are, how they map to those of peers, and what was done on their
 * streams. A cluster without devices has none of this.
 *
 * @see PyTorch, `tensorpipe_agent.h`, `devices_`, `reverseDeviceMaps_`.
 */
import type { PersistentMap } from '../../../src/core/persistent-map.ts';
import { emptyMap } from '../../../src/core/persistent-map.ts';
import type { Clock } from '../../devices/clock.ts';
import type { DeviceMap } from '../../devices/maps.ts';
import type { StreamTable } from '../../devices/streams.ts';
import { noStreams } from '../../devices/streams.ts';
import { isOn } from '../../switches/switches.ts';
import type { WorkerContext } from '../context.ts';
import type { Step } from '../step.ts';
import { stepOf } from '../step.ts';

// Each peer is asked by a call of its own: some round trips of 1 ms each way.
const exchangeMs = 10;

/** What a worker knows of devices when it starts. */
export interface DeviceInput {
  /** How many CUDA devices its process has. */
  readonly count: number;
  /** The devices that its agent uses, by index. */
  readonly devices: readonly string[];
  /** By the name of who is asked. */
  readonly maps: Readonly<Record<string, DeviceMap>>;
  /** By the name of who asks. */
  readonly reverseMaps: Readonly<Record<string, DeviceMap>>;
}

/** The events of the streams that something was made on, by device. */
export type Readiness = Readonly<Record<string, Clock>>;

/** The devices of a process, and what has happened on them. */
export interface WorkerDevices extends DeviceInput {
  /** Whether the maps of its peers have come. */
  readonly knowsReverseMaps: boolean;
  /** When the values of OwnerRRefs are there, by their keys. */
  readonly owners: PersistentMap<Readiness>;
  readonly streams: StreamTable;
}

/** Devices on which nothing has happened. */
export function newDevices(input: DeviceInput): WorkerDevices {
  return { ...input, knowsReverseMaps: true, owners: emptyMap(), streams: noStreams };
}

/** A process starts: it knows the maps of its peers, or will get to know them while it serves already. */
export function startDevices(context: WorkerContext): Step {
  const { devices } = context;
  if (devices === undefined || !isOn(context.switches, 'init.lateReverseMap')) {
    return stepOf(context);
  }
  return stepOf(
    { ...context, devices: { ...devices, knowsReverseMaps: false } },
    {
      type: 'timer.set',
      delayMs: exchangeMs,
      event: { type: 'reverse-maps.came' },
      id: 'reverse-maps',
    },
  );
}

/** The maps of the peers are there. */
export function installReverseMaps(context: WorkerContext): Step {
  const { devices } = context;
  return stepOf(
    devices === undefined
      ? context
      : { ...context, devices: { ...devices, knowsReverseMaps: true } },
  );
}

/** The map by which requests go to a peer. */
export function mapFor({ devices }: WorkerContext, peer: string): DeviceMap | undefined {
  return devices?.maps[peer];
}

/** The map by which responses go to a peer. */
export function reverseMapFor({ devices }: WorkerContext, peer: string): DeviceMap | undefined {
  return devices?.knowsReverseMaps === true ? devices.reverseMaps[peer] : undefined;
}
