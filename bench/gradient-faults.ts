/**
 * `npm run evidence:gradients`: all worlds of small backward programs with one fault, case by case, into the table
 * of `docs/gradients.md`: `npm run evidence:gradients -- '^one call .* crash' --minutes 5`.
 */
import { backwardModes } from '../actors/index.ts';
import type { BackwardMode } from '../actors/index.ts';
import { takeCases } from './case-table.ts';
import { confluence } from './gradient-confluence.ts';
import { gradientPrograms } from './gradient-programs.ts';
import { pagePart } from './page.ts';
import type { ProtocolFault } from './protocol-worlds.ts';

const faults: readonly ProtocolFault[] = ['drop', 'duplicate', 'time-out', 'crash'];
const poolSize = 2;

takeCases({
  cases: Object.entries(gradientPrograms).flatMap(([name, program]) =>
    backwardModes.flatMap((mode: BackwardMode) =>
      faults.map((fault) => ({ fault, mode, name, poolSize, program })),
    ),
  ),
  header: ['program', 'workers', 'mode', 'fault'],
  keyOf: ({ fault, mode, name, program }) => [name, `${program.workers}`, mode, fault],
  measured: [
    'actors',
    'bench/gradient-confluence.ts',
    'bench/gradient-programs.ts',
    'machines',
    'src',
  ],
  part: pagePart('gradients.md', 'faults'),
  take: confluence,
});
