/** Files of recorded programs, and of what PyTorch gave for them. */
import { parseProgram } from '../../../../actors/conformance/program.ts';
import type { ConformanceProgram } from '../../../../actors/conformance/program.ts';
import { invariant, messageOf, SimulationError } from '../../../core/errors.ts';
import type { Json } from '../../../trace/trace.ts';
import { isSimulationError } from '../failure.ts';
import { readJsonLines } from '../files.ts';
import { shippedFile } from '../shipped-file.ts';

/** What a program gave: its id and whatever was recorded. */
export interface Golden {
  readonly id: string;
  readonly [key: string]: unknown;
}

/** A program that comes with this package, and what PyTorch gave for it. */
export interface Shipped {
  readonly golden: Golden;
  readonly program: ConformanceProgram;
}

/**
 * The programs of a JSONL file.
 *
 * @throws {SimulationError} for the first bad line, with its number; `cli/same-program` for two of one id.
 */
export function readPrograms(path: string): readonly ConformanceProgram[] {
  const known = new Set<string>();
  const lines = readJsonLines(path);
  invariant(
    lines.length > 0,
    'cli/no-programs',
    `"${path}" holds no program. Give a file with one JSON object a line.`,
  );
  return lines.map(({ line, value }) => {
    const program = located(path, line, () => parseProgram(value));
    invariant(
      !known.has(program.id),
      'cli/same-program',
      `Line ${line} of "${path}": there is a program "${program.id}" before it. Give each an id of its own.`,
    );
    known.add(program.id);
    return program;
  });
}

/**
 * The outcomes of a JSONL file, by the ids of their programs.
 *
 * @throws {SimulationError} `cli/bad-golden` for a line that is no outcome.
 */
export function readGolden(path: string): ReadonlyMap<string, Golden> {
  return new Map(
    readJsonLines(path).map(({ line, value }) => {
      invariant(
        isGolden(value),
        'cli/bad-golden',
        `Line ${line} of "${path}" is no outcome: it has no "id" of a program.`,
      );
      return [value.id, value];
    }),
  );
}

/** The programs that come with this package. */
export function shippedPrograms(): readonly Shipped[] {
  const golden = readGolden(shippedFile('examples/conformance/programs.golden.jsonl'));
  return readPrograms(shippedFile('examples/conformance/programs.jsonl')).flatMap((program) => {
    const outcome = golden.get(program.id);
    return outcome === undefined ? [] : [{ golden: outcome, program }];
  });
}

/**
 * A shipped program by its id, or one that a trace brings along.
 *
 * @throws {SimulationError} `cli/unknown-program`, `conformance/bad-program`.
 */
export function programOf(given: Json | undefined): ConformanceProgram {
  if (typeof given === 'object') return parseProgram(given);
  const shipped = shippedPrograms().map(({ program }) => program);
  const found = shipped.find(({ id }) => id === given);
  if (found !== undefined) return found;
  const ids = shipped.map(({ id }) => id);
  throw new SimulationError(
    'cli/unknown-program',
    `There is no program ${JSON.stringify(given)} here. There are ${ids.join(', ')}.`,
  );
}

function located<Value>(path: string, line: number, read: () => Value): Value {
  try {
    return read();
  } catch (thrown) {
    if (!isSimulationError(thrown)) throw thrown;
    throw new SimulationError(thrown.code, `Line ${line} of "${path}": ${messageOf(thrown)}`, {
      cause: thrown,
    });
  }
}

function isGolden(value: unknown): value is Golden {
  return (
    typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string'
  );
}
