/** Another process: reads systems and tapes, one a line, and writes what each replay came to. */
import { readFileSync } from 'node:fs';

import { runSystem } from '../../src/index.ts';
import type { Tape } from '../../src/index.ts';
import { systemOf } from './models.ts';
import type { Model } from './models.ts';

for (const line of readFileSync(0, 'utf8').split('\n')) {
  if (line === '') continue;
  const { model, stepsMax, tape } = JSON.parse(line) as {
    readonly model: Model;
    readonly stepsMax: number;
    readonly tape: Tape;
  };
  const { hash, steps } = runSystem(systemOf(model), { replay: 'tolerant', stepsMax, tape });
  process.stdout.write(`${hash} ${steps.map(({ choice }) => choice?.name ?? '').join(' ')}\n`);
}
