/** How the values of options are read. */
import { InvalidArgumentError } from 'commander';

/** A whole number that is not negative. */
export function count(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError('Give a whole number, 0 or more.');
}

/** An option that may be given several times. */
export function list(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}
