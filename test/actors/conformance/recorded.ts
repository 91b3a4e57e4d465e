import { readFileSync } from 'node:fs';

import { parseProgram } from '../../../actors/conformance/program.ts';
import type { ConformanceProgram } from '../../../actors/conformance/program.ts';

/** A program, and what PyTorch gave for it. */
export interface Recorded {
  readonly golden: unknown;
  readonly program: ConformanceProgram;
}

/** The programs that come with this package. */
export function recordedPrograms(): readonly Recorded[] {
  const golden = linesOf('programs.golden.jsonl');
  return linesOf('programs.jsonl').map((line, index) => ({
    golden: golden[index],
    program: parseProgram(line),
  }));
}

function linesOf(name: string): readonly unknown[] {
  const text = readFileSync(
    new URL(`../../../examples/conformance/${name}`, import.meta.url),
    'utf8',
  );
  return text
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}
