/**
 * Causal names: a message is named by its sender, its receiver, the step that sent it and which of that
 * step's sends it was; a step by what caused it. So a name means the same in every run in which the
 * thing happens at all, whatever else is different.
 */
import { chain, digest, formatDigest } from '../core/digest.ts';
import type { Digest } from '../core/digest.ts';
import type { Choice } from './choice.ts';
import type { Ledger } from './world.ts';

/** The name of what the step `cause` sent or set as its `index`-th, between two places. */
export function nameOfSend(cause: Digest, { ends, index }: SendPlace): string {
  return formatDigest(chain(chain(cause, digest(index)), ends));
}

/** Which send of a step. */
export interface SendPlace {
  /** Made of both places. */
  readonly ends: Digest;
  /** Counts from 0 within the step. */
  readonly index: number;
}

/** A name with a word that tells it from its origin: the copy of a message. */
export function nameOfVariant(origin: string, word: string): string {
  return formatDigest(chain(digest(origin), digest(word)));
}

/**
 * The step that a choice causes. When a message arrived or a timer fired is no part of it: what it
 * sends is then the same thing a little later.
 */
export function causeOf({ name, type }: Choice): Digest {
  if (type === 'early') return digest(name.slice(earlyName('').length));
  const cut = type === 'deliver' || type === 'fire' ? name.indexOf('~') : -1;
  if (cut < 0) return digest(name);
  const outcome = name.indexOf('.', cut);
  return digest(name.slice(0, cut) + (outcome < 0 ? '' : name.slice(outcome)));
}

/** The name of a choice among several moments: `left` are those after it. */
export function nameAtWindow(name: string, left: number): string {
  return left === 0 ? name : `${name}~${left}`;
}

/** The name of the choice that lets a timer fire before it is due. */
export function earlyName(timer: string): string {
  return `early:${timer}`;
}

/** The name of a choice among several outcomes. */
export function nameOfOutcome(name: string, { outcome, outcomes }: OutcomePlace): string {
  return outcomes === 1 ? name : `${name}.${outcome}`;
}

/** Which of how many outcomes. */
export interface OutcomePlace {
  readonly outcome: number;
  readonly outcomes: number;
}

/** The name of the next delivery of a message that is never consumed: the first one is like any other. */
export function nameOfReading(name: string, ledger: Ledger): string {
  const count = countOf(ledger, readingWord(name));
  return count === 0 ? name : `${name}#${count}`;
}

/** The word by which the deliveries of a message that is never consumed are counted. */
export function readingWord(name: string): string {
  return `deliver:${name}`;
}

/** What has no cause in the system is counted: the n-th `word` of this run. */
export function countedName(ledger: Ledger, word: string): string {
  return `${word}#${countOf(ledger, word)}`;
}

function countOf({ counts }: Ledger, word: string): number {
  return counts[word] ?? 0;
}

/** The message or timer that a choice is about: its name without the fault, the moment, the outcome and the count. */
export function subjectOf(name: string): string {
  return name.slice(name.indexOf(':') + 1).split(/[~.#]/)[0] ?? name;
}
