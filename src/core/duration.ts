import type { Brand } from './brand.ts';
import { invariant } from './errors.ts';

/** A span of virtual time in whole microseconds, never negative. */
export type Duration = Brand<number, 'Duration'>;

/** No time at all. */
export const zero = duration(0);

/** Microseconds. */
export function us(count: number): Duration {
  return duration(count);
}

/** Milliseconds, to the microsecond. */
export function ms(count: number): Duration {
  return duration(count * 1_000);
}

/** Seconds, to the microsecond. */
export function seconds(count: number): Duration {
  return duration(count * 1_000_000);
}

/** A span for people: `5 ms`, `1.5 s`, `250 us`. */
export function formatDuration(span: Duration): string {
  if (span >= 1_000_000) return `${span / 1_000_000} s`;
  if (span >= 1_000) return `${span / 1_000} ms`;
  return `${span} us`;
}

function duration(microseconds: number): Duration {
  invariant(
    microseconds >= 0 && microseconds <= Number.MAX_SAFE_INTEGER,
    'core/bad-duration',
    `A duration of ${microseconds} us is not possible. Give a number from 0 to 2^53 - 1 microseconds.`,
  );
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checked above
  return Math.round(microseconds) as Duration;
}
