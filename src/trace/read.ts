/** From the text of a file to a trace, or to an error that says what the file is instead. */
import { Ajv } from 'ajv';

import { invariant, messageOf, SimulationError } from '../core/errors.ts';
import { formatTape } from '../kernel/tape.ts';
import { traceSchema } from './schema.ts';
import { traceFormat, traceVersion } from './trace.ts';
import type { Trace } from './trace.ts';

/** Files of more characters than this are not read. */
const lengthMax = 512 * 1024 * 1024;

/**
 * Reads a trace. Nothing in it is evaluated.
 *
 * @throws {SimulationError} `trace/not-json`, `trace/not-a-trace`, `trace/newer-version`,
 * `trace/malformed` with the place, `trace/too-long`.
 */
export function readTrace(text: string): Trace {
  invariant(
    text.length <= lengthMax,
    'trace/too-long',
    `A trace of ${text.length} characters is not read: ${lengthMax} are the limit.`,
  );
  const value = parse(text);
  requireVersion(value);
  const validate = new Ajv({ strict: false }).compile<Trace>(traceSchema);
  if (!validate(value)) {
    const [problem] = validate.errors ?? [];
    const place = problem?.instancePath === '' ? 'At its top' : `At ${problem?.instancePath}`;
    throw new SimulationError(
      'trace/malformed',
      `This trace does not keep to the format. ${place}: ${problem?.message ?? 'it does not fit'}` +
        `${detailOf(problem?.params)}. See docs/trace.schema.json.`,
    );
  }
  requireSameTape(value);
  const { loop, other } = value.property ?? {};
  if (other !== undefined) requireSameTape(other);
  invariant(
    loop === undefined || (loop.from >= 1 && loop.from <= value.steps),
    'trace/malformed',
    `This trace says that it comes again from step ${loop?.from} on, but it has steps 1 to ${value.steps}.`,
  );
  return value;
}

function requireSameTape({ departures, tape }: Pick<Trace, 'departures' | 'tape'>): void {
  invariant(
    tape === formatTape(departures),
    'trace/malformed',
    'The line "tape" of this trace and its list of departures are not the same. Keep the list, and ' +
      'write the line anew from it.',
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new SimulationError(
      'trace/not-json',
      `This is not JSON, so it is no trace: ${messageOf(thrown)}.`,
      { cause: thrown },
    );
  }
}

function requireVersion(value: unknown): void {
  invariant(
    typeof value === 'object' &&
      value !== null &&
      'format' in value &&
      value.format === traceFormat,
    'trace/not-a-trace',
    `This is JSON but no trace: a trace says "format": "${traceFormat}" at its top.`,
  );
  const version = 'version' in value ? value.version : undefined;
  invariant(
    typeof version !== 'number' || version <= traceVersion,
    'trace/newer-version',
    `This trace has version ${String(version)} of the format, and this Orrery reads up to version ` +
      `${traceVersion}. Update Orrery to replay it.`,
  );
}

function detailOf(params: unknown): string {
  if (typeof params !== 'object' || params === null) return '';
  return 'additionalProperty' in params ? ` ("${String(params.additionalProperty)}")` : '';
}
