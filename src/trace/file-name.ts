/** What the file of a trace is called, so that no trace of something else is lost by it. */
import { canonical } from '../core/canonical.ts';
import { isSame } from '../core/same.ts';
import type { Trace } from './trace.ts';

/** Files of one name that are told apart by numbers, at most. */
const numberMax = 999;

/**
 * What a file with the trace of a broken property may be called, everywhere. Where `read` knows that name, and what
 * is there is no trace of the same property of the same system (with these parameters and these faults, or without
 * any parameters, with this first world), it gets a number.
 */
export function traceFileName(
  trace: Trace,
  read: (name: string) => string | undefined = () => undefined,
): string {
  const { property, system } = trace;
  const stem = [system.name, property?.name ?? 'run'].map(slug).join('.');
  for (let number = 1; ; number += 1) {
    const name = [stem, ...(number === 1 ? [] : [number]), 'trace', 'json'].join('.');
    const there = read(name);
    if (number === numberMax || there === undefined || isOfSame(there, trace)) return name;
  }
}

function isOfSame(text: string, trace: Trace): boolean {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whatever it is, it is compared
    return isSame(subjectOf(JSON.parse(text) as Trace), subjectOf(trace));
  } catch {
    return false;
  }
}

/** What a trace is of. */
function subjectOf({ property, system: { name, params, start, variant } }: Trace): unknown {
  const first = Object.keys(params).length === 0 ? start : undefined;
  return canonical({ first, name, params, property: property?.name, variant });
}

function slug(text: string): string {
  const plain = text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return plain.replaceAll(/^-|-$/g, '').slice(0, 60) || 'unnamed';
}
