import { availableParallelism } from 'node:os';

import { firstDisagreement } from '../src/app/cli/conform/agreement.ts';
import { shippedPrograms } from '../src/app/cli/conform/programs.ts';
import { judgeAll } from '../src/app/cli/judge-all.ts';
import type { Section } from './section.ts';

const schedules = 200;

/** The programs that real PyTorch ran, under many schedules. */
export async function recordedPrograms(): Promise<Section> {
  const shipped = shippedPrograms();
  const verdicts = await judgeAll(
    shipped.map(({ program }) => program),
    { count: schedules, processes: availableParallelism(), seed: 1, tick: () => undefined },
  );
  return {
    title: 'Recorded programs',
    method:
      'What PyTorch 1.13.1 gave for a program, against what comes out here when messages arrive in order ' +
      `and under ${schedules} random schedules.`,
    header: ['program', 'messages', 'as PyTorch', 'schedules that differ'],
    rows: verdicts.map(({ dissent, messages, outcome }, index) => {
      const { golden, program } = shipped[index] ?? { golden: undefined, program: undefined };
      const agrees = golden !== undefined && firstDisagreement(outcome, golden) === undefined;
      return [
        program?.id ?? '',
        `${messages}`,
        agrees ? 'yes' : 'no',
        dissent === undefined ? '0' : '1 or more',
      ];
    }),
  };
}
