import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

import { backwardModes } from '../actors/index.ts';
import { firstDisagreement } from '../src/app/cli/conform/agreement.ts';
import { plainSetting } from '../src/app/cli/conform/judge.ts';
import { readGolden, readPrograms } from '../src/app/cli/conform/programs.ts';
import { judgeAll } from '../src/app/cli/judge-all.ts';
import type { Section } from './section.ts';

const schedules = 50;

/** All programs that were recorded, in every mode of backward. */
export async function recordedModes(): Promise<Section> {
  const programs = readPrograms(recorded('programs.jsonl'));
  const golden = readGolden(recorded('programs.golden.jsonl'));
  const rows: (readonly string[])[] = [];
  for (const mode of backwardModes) {
    const before = performance.now();
    const verdicts = await judgeAll(programs, {
      count: schedules,
      processes: availableParallelism(),
      seed: 1,
      setting: { ...plainSetting, mode },
      tick: () => undefined,
    });
    const agree = verdicts.filter(({ outcome }) => {
      const known = golden.get(outcome.id);
      return known !== undefined && firstDisagreement(outcome, known) === undefined;
    });
    const dissents = verdicts.flatMap(({ dissent, outcome }) =>
      dissent === undefined ? [] : [`${outcome.id} (seed ${dissent.seed})`],
    );
    rows.push([
      mode,
      `${agree.length} of ${programs.length}`,
      `${programs.length * schedules}`,
      dissents.length === 0 ? 'none' : dissents.join(', '),
      ((performance.now() - before) / 1_000).toFixed(0),
    ]);
  }
  return {
    title: 'Recorded programs in every mode',
    method:
      'What PyTorch 1.13.1 gave for each recorded program, against what comes out here in order, and ' +
      `${schedules} random schedules of each against that; hardened.`,
    header: ['mode', 'as PyTorch', 'schedules', 'programs with one that differs', 'seconds'],
    rows,
  };
}

function recorded(name: string): string {
  return fileURLToPath(new URL(`../test/actors/conformance/recorded/${name}`, import.meta.url));
}
