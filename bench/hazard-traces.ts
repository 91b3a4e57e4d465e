/** Writes a trace of each live hazard of PyTorch to `examples/hazards`. */
import { writeFileSync } from 'node:fs';

import { formatTrace } from '../src/trace/record.ts';
import { fileOf, liveHazards, traceOf } from './live-hazards.ts';

for (const hazard of liveHazards) {
  const trace = traceOf(hazard);
  const path = `examples/hazards/${fileOf(hazard)}`;
  process.stdout.write(`${trace === undefined ? 'not found' : path}: ${hazard.about}\n`);
  if (trace === undefined) continue;
  writeFileSync(new URL(`../${path}`, import.meta.url), formatTrace(trace));
}
