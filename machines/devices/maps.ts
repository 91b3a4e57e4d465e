/**
 * Maps from the devices of a worker to those of another: what is sent from one arrives on the other.
 *
 * @see PyTorch, `torch/distributed/rpc/options.py`, `TensorPipeRpcBackendOptions`.
 */
import { TorchError } from '../engine/torch-error.ts';
import { cudaDevices, deviceNamed } from './device.ts';

/** From a device here to one there. */
export type DeviceMap = Readonly<Record<string, string>>;

/** A map as it is written: devices by their names or indices. */
export type GivenDeviceMap = Readonly<Record<number | string, number | string>>;

/** What a worker says of devices when it starts. */
export interface DeviceOptions {
  /** By the name of the worker at the other end. */
  readonly deviceMaps: Readonly<Record<string, DeviceMap>>;
  /** The devices that the agent uses; those of all maps if there is none. */
  readonly devices: readonly string[];
}

/** No maps and no devices. */
export const noDeviceOptions: DeviceOptions = Object.freeze({ deviceMaps: {}, devices: [] });

/**
 * The map with devices by their names.
 *
 * @throws {TorchError} where two devices go to one.
 */
export function toDeviceMap(given: GivenDeviceMap): DeviceMap {
  const entries = Object.entries(given).map(
    ([from, to]) => [deviceNamed(from), deviceNamed(to)] as const,
  );
  for (const [index, [from, to]] of entries.entries()) {
    const other = entries.slice(0, index).find(([, earlier]) => earlier === to);
    if (other === undefined) continue;
    throw new TorchError(
      'ValueError',
      `\`device_map\` only supports 1-to-1 mapping, trying to map ${from} and ${other[0]} to ${to}`,
    );
  }
  return Object.fromEntries(entries);
}

/**
 * The options with a further map, or more of one. That two of its devices go to one is found when the worker
 * starts.
 *
 * @throws {TorchError} where a device would go to two.
 */
export function setDeviceMap(
  options: DeviceOptions,
  { map: given, to }: { readonly map: GivenDeviceMap; readonly to: string },
): DeviceOptions {
  const map = toDeviceMap(given);
  const current = options.deviceMaps[to] ?? {};
  for (const [from, target] of Object.entries(map)) {
    const before = current[from];
    if (before === undefined || before === target) continue;
    throw new TorchError(
      'ValueError',
      `\`set_device_map\` only supports 1-to-1 mapping, trying to map ${from} to ${target} and ${before}`,
    );
  }
  return { ...options, deviceMaps: { ...options.deviceMaps, [to]: { ...current, ...map } } };
}

/** The options with these devices. */
export function setDevices(
  options: DeviceOptions,
  devices: readonly (number | string)[],
): DeviceOptions {
  return { ...options, devices: cudaDevices(devices) };
}

/** The map of the way back. */
export function inverse(map: DeviceMap): DeviceMap {
  return Object.fromEntries(Object.entries(map).map(([from, to]) => [to, from]));
}
