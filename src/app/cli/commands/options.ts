/** How the values of options are read. */
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';

/** A whole number that is not negative. */
export function count(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError('Give a whole number, 0 or more.');
}

/** A whole number that is positive. */
export function positive(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('Give a whole number, 1 or more.');
}

const threadsMax = 64;

/** How many threads. */
export function threadCount(text: string): number {
  const number = count(text);
  if (number >= 1 && number <= threadsMax) return number;
  throw new InvalidArgumentError(`Give a number of threads from 1 to ${threadsMax}.`);
}

/** An option that may be given several times. */
export function list(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** Words between commas. */
export function commaList(text: string): readonly string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** Groups of words: commas within a group, semicolons between groups. */
export function groups(text: string): readonly (readonly string[])[] {
  return text.split(';').map(commaList);
}

/** Numbers by name, as `drop=1,crash=2`. */
export function budgets(text: string): Readonly<Record<string, number>> {
  return Object.fromEntries(
    commaList(text).map((part) => {
      const [, kind = '', number = ''] = /^([^=]+)=(.*)$/.exec(part) ?? [];
      if (kind === '') throw new InvalidArgumentError('Write it as kind=number, as drop=1.');
      return [kind, count(number)];
    }),
  );
}

/** A share of all, from 0 to 1. */
export function share(text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && number >= 0 && number <= 1) return number;
  throw new InvalidArgumentError('Give a number from 0 to 1.');
}

/** Seconds, 0 or more. */
export function secondsOf(text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && number >= 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError('Give seconds, 0 or more.');
}

/** One of these words. */
export function oneOf<Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const found = words.find((word) => word === text);
    if (found !== undefined) return found;
    throw new InvalidArgumentError(`Give one of ${words.join(', ')}.`);
  };
}

const unitsMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A time as `90s`, `30m`, `8h` or `2d`, in milliseconds. */
export function millisecondsOf(text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? [];
  const found = Object.entries(unitsMs).find(([name]) => name === unit);
  if (found !== undefined && Number(number) > 0) return Number(number) * found[1];
  throw new InvalidArgumentError('Give a time as 90s, 30m or 8h.');
}

/** The options of whoever goes to a queue, beside its address. */
export function withTls(command: Command): Command {
  return command
    .option('--tls-ca <file>', 'the authority that the certificate of rediss:// is checked by')
    .option('--tls-cert <file>', 'a certificate of your own')
    .option('--tls-key <file>', 'the key of that certificate')
    .option('--tls-servername <name>', 'the name that the certificate must have');
}
