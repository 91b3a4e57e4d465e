/**
 * Where the tensors of a message arrive.
 *
 * @see PyTorch, `tensorpipe_agent.cpp`, `getDevicesForRemote`, `getDevicesForTensors`,
 * `sendCompletedResponseMessage`.
 */
import { TorchError } from '../engine/torch-error.ts';
import { cpu } from './device.ts';
import type { DeviceMap } from './maps.ts';

/** Tensors that leave, by their devices. */
export interface Transfer {
  readonly devices: readonly string[];
  readonly kind: 'Request' | 'Response';
  /** The map for the receiver, if there is one. */
  readonly map: DeviceMap | undefined;
  /** The name of the receiver. */
  readonly to: string;
}

/**
 * The devices on which they arrive.
 *
 * @throws {TorchError} where one is on a device for which nothing is said.
 */
export function mappedDevices({ devices, kind, map, to }: Transfer): readonly string[] {
  const unavailable =
    'TensorPipe RPC backend only supports CPU tensors by default, please move your tensors to CPU before ' +
    'sending them over RPC, or call `set_device_map` on `TensorPipeRpcBackendOptions` to explicitly ' +
    `configure device mapping. ${kind} device mapping is not available for destination ${to}`;
  return devices.map((device) => {
    const target = map?.[device];
    if (target !== undefined || device === cpu) return target ?? cpu;
    throw new TorchError(
      'RuntimeError',
      map === undefined
        ? `${unavailable}, but found tensor on device: ${device}`
        : `${unavailable} for device ${device} but received a tensor on that device.`,
    );
  });
}

/** What is wrong with the devices of a result, if anything: the agent is to use all of them. */
export function unusedDeviceError(
  devices: readonly string[],
  used: readonly string[],
): string | undefined {
  const other = devices.find((device) => device !== cpu && !used.includes(device));
  if (other === undefined) return undefined;
  const list = used.map((device) => `${device}, `).join('');
  return (
    `RPC detected that a user-function output tensor on device ${other}. This device is not one of the ` +
    `input tensor devices: ${list}which is not yet supported. Please file a feature request issue in ` +
    'PyTorch GitHub repo.'
  );
}
