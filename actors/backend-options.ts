import { cudaDevices } from '../machines/devices/device.ts';
import type { DeviceOptions, GivenDeviceMap } from '../machines/devices/maps.ts';
import { setDeviceMap, setDevices, toDeviceMap } from '../machines/devices/maps.ts';
import { raising } from './errors.ts';

/** What a worker says of its devices. Each method gives new options, as nothing here changes. */
export interface TensorPipeRpcBackendOptions extends DeviceOptions {
  /**
   * Tensors for the worker `to` go from the devices here to those there; so do results of its calls, backwards.
   *
   * @throws `ValueError` where a device would go to two.
   */
  setDeviceMap(to: string, map: GivenDeviceMap): TensorPipeRpcBackendOptions;
  /** The agent uses these devices; those of all maps unless told. */
  setDevices(devices: readonly (number | string)[]): TensorPipeRpcBackendOptions;
}

/** What options are made of. */
export interface BackendOptionsParts {
  readonly deviceMaps?: Readonly<Record<string, GivenDeviceMap>>;
  readonly devices?: readonly (number | string)[];
}

/**
 * `rpc.TensorPipeRpcBackendOptions`, as far as it speaks of devices.
 *
 * @throws `ValueError` where two devices go to one, `RuntimeError` for what is no device.
 */
export function tensorPipeRpcBackendOptions({
  deviceMaps = {},
  devices = [],
}: BackendOptionsParts = {}): TensorPipeRpcBackendOptions {
  return raising(() =>
    withMethods({
      deviceMaps: Object.fromEntries(
        Object.entries(deviceMaps).map(([to, map]) => [to, toDeviceMap(map)]),
      ),
      devices: cudaDevices(devices),
    }),
  );
}

function withMethods(options: DeviceOptions): TensorPipeRpcBackendOptions {
  return Object.freeze({
    ...options,
    setDeviceMap: (to: string, map: GivenDeviceMap) =>
      raising(() => withMethods(setDeviceMap(options, { map, to }))),
    setDevices: (devices: readonly (number | string)[]) =>
      raising(() => withMethods(setDevices(options, devices))),
  });
}
