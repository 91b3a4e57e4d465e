/**
 * Causal names: a message is named by its sender, its receiver, the step that sent it and which of that
 * step's sends it was; a step by what caused it. So a name means the same in every run in which the
 * thing happens at all, whatever else is different.
 */
import { chain, digest, formatDigest, type Digest } from '../core/digest.ts';
import type { World } from './world.ts';

/** The name of what the step `cause` sent or set as its `index`-th, between two places. */
export function nameOfSend(cause: Digest, { from, to, index }: SendPlace): Digest {
  return chain(chain(cause, digest(index)), chain(digest(from), digest(to)));
}

/** Which send of a step. */
export interface SendPlace {
  readonly from: string;
  readonly to: string;
  /** Counts from 0 within the step. */
  readonly index: number;
}

/** A name with a word that tells it from its origin: the copy of a message, the start of a child. */
export function nameOfVariant(origin: Digest, word: string): Digest {
  return chain(origin, digest(word));
}

/** The name of a choice among several arrival times: `left` are those after it. */
export function nameAtWindow(name: Digest, left: number): string {
  return left === 0 ? formatDigest(name) : `${formatDigest(name)}~${left}`;
}

/** What has no cause in the system is counted: the n-th `word` of this run. */
export function countedName(world: World, word: string): string {
  return `${word}#${countOf(world, word)}`;
}

/** How often `word` was taken in this run. */
export function countOf(world: World, word: string): number {
  return world.ledger.counts[word] ?? 0;
}
