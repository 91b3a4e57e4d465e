import { parseProgram } from '../../../actors/conformance/program.ts';
import type { ConformanceProgram } from '../../../actors/conformance/program.ts';
import { jsonLines } from '../../support/json-lines.ts';

/** A program, and what PyTorch gave for it. */
export interface Recorded {
  readonly golden: unknown;
  readonly program: ConformanceProgram;
}

/** The programs that come with this package. */
export function recordedPrograms(): readonly Recorded[] {
  return recordedIn('../../../examples/conformance/');
}

/** All programs that were recorded, those of the package among them. */
export function allRecordedPrograms(): readonly Recorded[] {
  return recordedIn('recorded/');
}

/** Programs over four workers, with more operators. */
export function programsOfFour(): readonly Recorded[] {
  return recordedIn('recorded/', 'four');
}

/** Programs in which some value that travelled gets no gradient back, and what local autograd gives for them. */
export function unusedPrograms(): readonly Recorded[] {
  return recordedIn('recorded/', 'unused');
}

/** The same programs, and how PyTorch's FAST mode ended with a time-out of 4 s. */
export function unusedInFastMode(): readonly Recorded[] {
  return recordedIn('recorded/', 'unused', 'unused.fast');
}

function recordedIn(folder: string, name = 'programs', outcomes = name): readonly Recorded[] {
  const golden = linesOf(`${folder}${outcomes}.golden.jsonl`);
  return linesOf(`${folder}${name}.jsonl`).map((line, index) => ({
    golden: golden[index],
    program: parseProgram(line),
  }));
}

function linesOf(path: string): readonly unknown[] {
  return jsonLines(new URL(path, import.meta.url));
}
