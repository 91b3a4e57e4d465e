/** Devices as symbols: `cpu`, and `cuda:0`, `cuda:1`, … of a process. */
import { TorchError, torchCheck } from '../engine/torch-error.ts';

/** The device that every process has. */
export const cpu = 'cpu';

/**
 * A device by its name, or by the index of a CUDA device.
 *
 * @throws {TorchError} what `torch.device` raises.
 * @see PyTorch, `c10/core/Device.cpp`.
 */
export function deviceNamed(given: number | string): string {
  if (typeof given === 'number') {
    torchCheck(given >= 0, 'Device index must not be negative');
    return deviceNamed(`cuda:${given}`);
  }
  if (/^-\d+$/.test(given)) return deviceNamed(Number(given));
  if (/^\d+$/.test(given)) return deviceNamed(`cuda:${given}`);
  if (given === cpu) return cpu;
  const index = given === 'cuda' ? '0' : /^cuda:(0|[1-9]\d*)$/.exec(given)?.[1];
  torchCheck(index !== undefined, `Invalid device string: '${given}'`);
  return `cuda:${index}`;
}

/** The devices of a list, which are to be CUDA devices. @see PyTorch, `options.py`, `_to_device_list`. */
export function cudaDevices(given: readonly (number | string)[]): readonly string[] {
  return given.map((each) => {
    const device = deviceNamed(each);
    if (device !== cpu) return device;
    throw new TorchError(
      'ValueError',
      `\`set_devices\` expect a list of CUDA devices, but got device type ${device}.`,
    );
  });
}

/** Whether it is a device with streams. */
export function isCuda(device: string): boolean {
  return device !== cpu;
}

/** The index of a CUDA device. */
export function indexOf(device: string): number {
  return Number(device.slice('cuda:'.length));
}

/** A device as Python shows it within a list. */
export function deviceRepr(device: string): string {
  return isCuda(device) ? `device(type='cuda', index=${indexOf(device)})` : `device(type='cpu')`;
}
