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

function recordedIn(folder: string): readonly Recorded[] {
  const golden = linesOf(`${folder}programs.golden.jsonl`);
  return linesOf(`${folder}programs.jsonl`).map((line, index) => ({
    golden: golden[index],
    program: parseProgram(line),
  }));
}

function linesOf(path: string): readonly unknown[] {
  return jsonLines(new URL(path, import.meta.url));
}
