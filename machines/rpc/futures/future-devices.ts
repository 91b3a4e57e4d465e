/**
 * The devices on which the value of a future may lie.
 *
 * @see PyTorch, `aten/src/ATen/core/ivalue_inl.h`, `sortAndDeduplicateDevices`, `getTypeOfDevices`,
 * `ensureIsSubsetOfDevices`.
 */
import { cpu, deviceNamed, indexOf } from '../../devices/device.ts';
import { TorchError } from '../../engine/torch-error.ts';
import { cudaDevicesIn } from '../devices/device-streams.ts';
import type { Future } from './futures.ts';

/**
 * The devices of a new future, sorted; nothing where it is given none.
 *
 * @throws {TorchError} for a device without an index.
 */
export function futureDevices(
  given: readonly (number | string)[] | undefined,
): readonly string[] | undefined {
  if (given === undefined) return undefined;
  const devices = given.map((each) => deviceNamed(each));
  if (devices.includes(cpu)) {
    throw new TorchError('ValueError', `Expected devices to have indices, got ${cpu}`);
  }
  return [...new Set(devices)].toSorted((a, b) => indexOf(a) - indexOf(b));
}

/** A value is to be given to a future. @throws {TorchError} if it lies where the future is not. */
export function checkResult(future: Future | undefined, value: unknown): void {
  const used = cudaDevicesIn(value);
  const [first] = used;
  if (future === undefined || first === undefined) return;
  const { devices = [] } = future;
  if (devices.length === 0) {
    throw new TorchError(
      'ValueError',
      `Expected all data ptrs to be on a device of type cpu, got one on device ${first}`,
    );
  }
  const others = used.filter((device) => !devices.includes(device));
  if (others.length === 0) return;
  throw new TorchError(
    'ValueError',
    `The result contained tensors residing on device(s) ${others.join(', ')} which are not among the ` +
      `expected device(s) ${devices.join(', ')}`,
  );
}
