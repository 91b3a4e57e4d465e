import { readFileSync } from 'node:fs';

import type { Exhibit } from '../examples/races/exhibit.ts';
import { traceFileOf } from '../src/app/cli/races/record.ts';
import { stepMeanings } from '../src/app/cli/races/step-meanings.ts';
import { rpcLabel } from '../src/app/cli/rpc-label.ts';
import { raceSystem } from '../src/app/cli/scenarios/races.ts';
import { readTrace } from '../src/trace/read.ts';
import { replayTrace } from '../src/trace/replay.ts';

/** The recorded run of an exhibit in sentences. */
export function recordedSteps(
  exhibit: Exhibit,
  common: Readonly<Record<string, string>>,
): readonly string[] {
  const trace = readTrace(readFileSync(traceFileOf(exhibit), 'utf8'));
  const replayed = replayTrace(trace, raceSystem(exhibit, true));
  if (replayed.type !== 'same') throw new Error(`${exhibit.id} does not replay: measure it anew.`);
  const meanings = { ...common, ...exhibit.meanings };
  return stepMeanings(replayed.run, { label: rpcLabel, meanings, width: 100 });
}
