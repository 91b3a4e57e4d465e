/** The devices of a cluster: what each worker says of its own is exchanged before any of them serves. */
import { exchangeDevices, validateDevices } from '../machines/devices/exchange.ts';
import type { DeviceMember } from '../machines/devices/exchange.ts';
import type { DeviceOptions } from '../machines/devices/maps.ts';
import { noDeviceOptions } from '../machines/devices/maps.ts';
import { TorchError } from '../machines/engine/torch-error.ts';
import type { Peer } from '../machines/rpc/agent/directory.ts';
import type { DeviceInput } from '../machines/rpc/devices/devices.ts';
import { SimulationError } from '../src/index.ts';

/** The CUDA devices of all processes, and how they map to one another. */
export interface ClusterDevices {
  /** How many each process has: of all alike, or by the name of the worker. */
  readonly count: number | Readonly<Record<string, number>>;
  /** What workers say when they start: by name, or for every worker. */
  readonly options?:
    | Readonly<Record<string, DeviceOptions>>
    | ((worker: Peer) => DeviceOptions | undefined);
}

/**
 * What each worker knows of devices, by its name.
 *
 * @throws {SimulationError} `rpc/bad-cluster` with the text of PyTorch where they do not fit together.
 */
export function devicesOf(
  { count, options = {} }: ClusterDevices,
  peers: readonly Peer[],
): Readonly<Record<string, DeviceInput>> {
  const named = [count, options].flatMap((each) =>
    typeof each === 'object' ? Object.keys(each) : [],
  );
  for (const name of named) requireWorker(name, peers);
  const members = peers.map((peer): DeviceMember => {
    const { name } = peer;
    const given = typeof options === 'function' ? options(peer) : options[name];
    const { deviceMaps, devices } = given ?? noDeviceOptions;
    const number = typeof count === 'number' ? count : (count[name] ?? 0);
    if (Number.isInteger(number) && number >= 0)
      return { count: number, deviceMaps, devices, name };
    throw bad(`The worker "${name}" cannot have ${number} devices. Give a whole number from 0.`);
  });
  try {
    validateDevices(members, true);
  } catch (thrown) {
    throw thrown instanceof TorchError ? bad(thrown.message) : thrown;
  }
  return Object.fromEntries(
    members.map((member) => {
      const { devices, reverseMaps } = exchangeDevices(member, members);
      return [
        member.name,
        { count: member.count, devices, maps: member.deviceMaps, reverseMaps },
      ] as const;
    }),
  );
}

function requireWorker(name: string, peers: readonly Peer[]): void {
  if (peers.some((peer) => peer.name === name)) return;
  throw bad(
    `There is no worker "${name}" that could have devices. There are ` +
      `${peers.map((peer) => peer.name).join(', ')}.`,
  );
}

function bad(message: string): SimulationError {
  return new SimulationError('rpc/bad-cluster', message);
}
