/**
 * The ids of distributed autograd: the worker's in the top 16 bits, its counter in the 48 below. They exceed
 * what a number of JavaScript holds exactly, so they are decimal texts; no order may be read off the texts.
 */
import { torchCheck } from '../engine/torch-error.ts';

const counterBits = 48n;
const workerIdMax = 65_535;
// As many digits as 2^64 - 1 has.
const digitsMax = 20;

/** The decimal text of the `nr`-th id that a worker makes. */
export function idOf(workerId: number, nr: number): string {
  return String((BigInt(workerId) << counterBits) + BigInt(nr));
}

/** The worker that made the id. */
export function makerOf(id: string): number {
  return Number(BigInt(id) >> counterBits);
}

/** Which of its maker's ids it is. */
export function countOf(id: string): number {
  return Number(BigInt.asUintN(Number(counterBits), BigInt(id)));
}

/** The id as a key of a map, so that keys sort as ids do. */
export function keyOf(id: string): string {
  return `i${id.padStart(digitsMax, '0')}`;
}

/** The id behind a key. */
export function idInKey(key: string): string {
  return String(BigInt(key.slice(1)));
}

/**
 * Refuses a worker whose ids would not fit.
 *
 * @throws {TorchError} with the text of `DistAutogradContainer::init`.
 */
export function checkWorkerId(workerId: number): void {
  torchCheck(
    workerId >= 0 && workerId <= workerIdMax,
    'worker_id needs to be in the range [0, 65535]',
  );
}

/** How nodes of the autograd graph name a worker. */
export function peerName(workerId: number): string {
  return String(workerId);
}

/** The worker that a node of the autograd graph names. */
export function peerId(name: string): number {
  return Number(name);
}
