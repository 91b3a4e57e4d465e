/**
 * What one step read and what it changed. Two steps are dependent where one changes what the other reads
 * or changes; a step that leaves an actor as it was only reads it. In every order of a run in which
 * dependent steps keep theirs, each step reads the same and so does the same.
 *
 * @see Godefroid, "Partial-Order Methods for the Verification of Concurrent Systems", 1996, chapter 3.
 */
import type { Offer } from './offer.ts';

/** One step of a run, as far as others may mind. */
export interface Taken {
  /** Messages that it put into the mail of others, by number. */
  readonly added: readonly number[];
  readonly offer: Offer;
  readonly reads: readonly number[];
  /** Bit `n` is set where the step changed what the property `n` reads. */
  readonly seen: number;
  readonly writes: readonly number[];
  /** Resources by their last five bits: what shares none of them is no clash. */
  readonly readMask: number;
  readonly writeMask: number;
}

/** Whether the order of two steps matters. */
export function areDependent(first: Taken, second: Taken): boolean {
  return areBound(first, second) || (first.seen & second.seen) !== 0;
}

/** Whether their order matters, whatever is looked at. */
function areBound(first: Taken, second: Taken): boolean {
  if (first.offer.id === second.offer.id) return true;
  if ((first.writeMask & second.writeMask) !== 0 && meet(first.writes, second.writes)) return true;
  if ((first.writeMask & second.readMask) !== 0 && meet(first.writes, second.reads)) return true;
  return (first.readMask & second.writeMask) !== 0 && meet(first.reads, second.writes);
}

/** Resources, each once; what is written need not be among the reads. */
export function maskOf(resources: readonly number[]): number {
  let mask = 0;
  for (const resource of resources) mask |= 1 << (Math.imul(resource, 0x9e3779b1) >>> 27);
  return mask;
}

/** A resource about which two steps clash; `undefined` where they only depend by what is seen or what they are. */
export function clashOf(first: Taken, second: Taken): number | undefined {
  const { reads, writes } = second;
  return (
    first.writes.find((one) => writes.includes(one) || reads.includes(one)) ??
    first.reads.find((one) => writes.includes(one))
  );
}

function meet(first: readonly number[], second: readonly number[]): boolean {
  for (const resource of first) if (second.includes(resource)) return true;
  return false;
}
