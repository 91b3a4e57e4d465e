/** What is looked at, as the text behind the `#` of an address: whoever has the link has the very run. */
import { SimulationError } from '../../../core/errors.ts';
import { faultKinds } from '../../../kernel/rules.ts';
import { formatTape, parseTape } from '../../../kernel/tape.ts';
import type { Tape } from '../../../kernel/tape.ts';
import type { Variant } from '../../../runtime/variant.ts';
import type { Json } from '../../../trace/trace.ts';
import { isJson } from './json.ts';

/** A run by what makes it, and a step of it. */
export interface Bookmark {
  readonly scenario: string;
  readonly params: Readonly<Record<string, Json>>;
  readonly variant: Variant;
  readonly tape: Tape;
  /** Steps of the run; where absent it goes on until it rests or a limit is reached. */
  readonly steps?: number;
  readonly at: number;
}

/** Longer ones are not given as links: browsers and chat programs cut them. */
const lengthMax = 30_000;

/** The bookmark as a text; `undefined` where it is too long for a link. */
export function formatBookmark(bookmark: Bookmark): string | undefined {
  const { at, params, scenario, steps, tape, variant } = bookmark;
  const query = new URLSearchParams({ scenario });
  for (const [key, value] of Object.entries(params)) query.set(`p.${key}`, JSON.stringify(value));
  const faults = Object.entries(variant.faults ?? {}).map(([kind, count]) => `${kind}:${count}`);
  if (faults.length > 0) query.set('faults', faults.join(','));
  if (variant.time !== undefined) query.set('time', variant.time);
  if (tape.length > 0) query.set('tape', formatTape(tape));
  if (steps !== undefined) query.set('steps', String(steps));
  query.set('at', String(at));
  const text = query.toString();
  return text.length > lengthMax ? undefined : text;
}

/**
 * The bookmark in a text; `undefined` for an empty one.
 *
 * @throws {SimulationError} `viewer/bad-address`, `kernel/bad-tape`.
 */
export function parseBookmark(text: string): Bookmark | undefined {
  const query = new URLSearchParams(text.replace(/^#/, ''));
  const scenario = query.get('scenario');
  if (scenario === null) return undefined;
  const params = [...query]
    .filter(([key]) => key.startsWith('p.'))
    .map(([key, value]) => [key.slice('p.'.length), parseJson(key, value)] as const);
  const steps = query.get('steps');
  return {
    at: numberIn(query.get('at') ?? '0', 'at'),
    params: Object.fromEntries(params),
    scenario,
    ...(steps === null ? {} : { steps: numberIn(steps, 'steps') }),
    tape: parseTape(query.get('tape') ?? ''),
    variant: variantIn(query),
  };
}

function variantIn(query: URLSearchParams): Variant {
  const time = query.get('time');
  const faults = (query.get('faults') ?? '').split(',').filter((part) => part !== '');
  const counts = faults.map((part) => {
    const [kind = '', count = ''] = part.split(':');
    const known = faultKinds.find((one) => one === kind);
    if (known === undefined) throw refusal('faults', part);
    return [known, numberIn(count, 'faults')] as const;
  });
  if (time !== null && time !== 'timed' && time !== 'untimed') throw refusal('time', time);
  return {
    ...(counts.length === 0 ? {} : { faults: Object.fromEntries(counts) }),
    ...(time === null ? {} : { time }),
  };
}

function parseJson(key: string, text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    if (isJson(value)) return value;
  } catch {
    // What is no JSON is said below, like what is none of the kinds that parameters have.
  }
  throw refusal(key, text);
}

function numberIn(text: string, key: string): number {
  const number = Number(text);
  if (/^\d{1,9}$/.test(text)) return number;
  throw refusal(key, text);
}

function refusal(key: string, text: string): SimulationError {
  return new SimulationError(
    'viewer/bad-address',
    `The address says "${key}" is ${JSON.stringify(text.slice(0, 60))}, which it cannot be. ` +
      'Copy the whole link, or open the scenario anew from the gallery.',
  );
}
