import { readFileSync } from 'node:fs';

import type { Exhibit } from '../examples/races/exhibit.ts';
import { isStillSo, traceFileOf } from '../src/app/cli/races/record.ts';
import { stepMeanings } from '../src/app/cli/races/step-meanings.ts';
import { rpcLabel } from '../src/app/cli/rpc-label.ts';
import { raceSystem } from '../src/app/cli/scenarios/races.ts';
import { check } from '../src/explore/check/check.ts';
import type { Run } from '../src/kernel/run.ts';
import { readTrace } from '../src/trace/read.ts';
import { replayTrace } from '../src/trace/replay.ts';

/** The run of an exhibit in sentences: as it was recorded, or found now where that comes out no more. */
export function recordedSteps(
  exhibit: Exhibit,
  common: Readonly<Record<string, string>>,
): readonly string[] {
  const meanings = { ...common, ...exhibit.meanings };
  return stepMeanings(runOf(exhibit), { label: rpcLabel, meanings, width: 100 });
}

function runOf(exhibit: Exhibit): Run {
  const system = raceSystem(exhibit, true);
  if (isStillSo(exhibit)) {
    const replayed = replayTrace(readTrace(readFileSync(traceFileOf(exhibit), 'utf8')), system);
    if (replayed.type === 'same') return replayed.run;
  }
  const run = check(system, { properties: [exhibit.property] }).violations[0]?.run;
  if (run === undefined) throw new Error(`${exhibit.id} does not break "${exhibit.property}".`);
  return run;
}
