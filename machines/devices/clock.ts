/**
 * What is known to have happened on the streams of a process: of each stream, up to which of its operations.
 *
 * @see Mattern, "Virtual Time and Global States of Distributed Systems", 1989; Flanagan and Freund,
 * "FastTrack: Efficient and Precise Dynamic Race Detection", 2009, §3, whose epochs are our stamps.
 */

/** By stream, how many of its operations; a stream of which nothing is known is absent. */
export type Clock = Readonly<Record<string, number>>;

/** One operation of a stream; they count from 1. */
export interface Stamp {
  readonly nr: number;
  readonly stream: string;
}

/** Nothing has happened. */
export const zeroClock: Clock = Object.freeze({});

/** All that either knows. */
export function join(first: Clock, second: Clock): Clock {
  const later = Object.entries(second).filter(([stream, nr]) => (first[stream] ?? 0) < nr);
  return later.length === 0 ? first : { ...first, ...Object.fromEntries(later) };
}

/** Whether the operation is among what is known. */
export function knows(clock: Clock, { nr, stream }: Stamp): boolean {
  return (clock[stream] ?? 0) >= nr;
}
