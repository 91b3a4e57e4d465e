/** Which send functions of a program wait for gradients that cannot come, and for which of its values. */
import type { Run, System } from '../../src/index.ts';
import { stuckSends } from '../stuck/report.ts';
import type { MadeBy } from '../stuck/where-made.ts';
import { defineConformanceFunctions } from './functions.ts';
import type { ConformanceProgram } from './program.ts';

/** Those that wait when a run of the program has ended, or when a gradient ran out of time; in words. */
export function waitsOf(
  program: ConformanceProgram,
  system: System,
  run: Pick<Run, 'steps' | 'tape' | 'world'>,
): readonly string[] {
  const functions = defineConformanceFunctions();
  return stuckSends({ functions, run, system }).map(({ made, text }) =>
    made === undefined ? text : `${text}${valueText(program, made)}`,
  );
}

/** The driver calls a function for each value that is not local, in the order of the program. */
function valueText(program: ConformanceProgram, { call, nr, parent, worker }: MadeBy): string {
  if (parent !== undefined) return valueText(program, parent);
  if (worker !== 'worker0' || !call.startsWith('rpc.')) return '';
  const remote = program.values.filter((value) =>
    value.kind === 'leaf' ? value.worker !== 0 : value.via !== 'local',
  );
  const value = remote[nr];
  return value === undefined ? '' : `, for value ${value.id} of the program`;
}
