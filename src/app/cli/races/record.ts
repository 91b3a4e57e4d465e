/** What was measured of each exhibit, and its trace: files that come with this package. */
import { existsSync } from 'node:fs';

import type { Exhibit } from '../../../../examples/races/exhibit.ts';
import type { Run } from '../../../kernel/run.ts';
import type { System } from '../../../runtime/system.ts';
import { judgeRun } from '../../../trace/judged.ts';
import { readTrace } from '../../../trace/read.ts';
import { formatTrace } from '../../../trace/record.ts';
import { replayTrace } from '../../../trace/replay.ts';
import type { Trace } from '../../../trace/trace.ts';
import { isSimulationError } from '../failure.ts';
import { readText, writeText } from '../files.ts';
import { raceSystem } from '../scenarios/races.ts';
import { shippedFile } from '../shipped-file.ts';
import type { Finding } from './finding.ts';
import type { Measured } from './measure.ts';

/** A finding as it was recorded, and on which commit. */
export interface Recorded extends Finding {
  readonly commit: string;
}

const folder = 'examples/races/recorded';

/** Where the trace of an exhibit lies. */
export function traceFileOf({ id }: Pick<Exhibit, 'id'>): string {
  return shippedFile(`${folder}/${id}.trace.json`);
}

/** What was recorded of an exhibit; `undefined` if nothing was. */
export function recordedOf({ id }: Pick<Exhibit, 'id'>): Recorded | undefined {
  const path = shippedFile(`${folder}/${id}.json`);
  if (!existsSync(path)) return undefined;
  // cast -- written by `writeRecord`, and shipped
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return JSON.parse(readText(path)) as Recorded;
}

/** Writes what was measured; a trace only where there is one. */
export function writeRecord({ finding, trace }: Measured, commit: string): void {
  const recorded: Recorded = { ...finding, commit };
  writeText(shippedFile(`${folder}/${finding.id}.json`), `${JSON.stringify(recorded, null, 2)}\n`);
  if (trace !== undefined) writeText(traceFileOf(finding), formatTrace(trace));
}

/** Whether the recorded trace comes out today as it was recorded, step by step, and breaks the property. */
export function isStillSo(exhibit: Exhibit): boolean {
  if (!existsSync(traceFileOf(exhibit))) return false;
  const system = raceSystem(exhibit, true);
  try {
    const trace = readTrace(readText(traceFileOf(exhibit)));
    const replayed = replayTrace(trace, system);
    return replayed.type === 'same' && breaks(exhibit, { replayed: replayed.run, system, trace });
  } catch (thrown) {
    // The code has changed: its choices have other names.
    if (isSimulationError(thrown)) return false;
    throw thrown;
  }
}

interface Replayed {
  readonly replayed: Run;
  readonly system: System;
  readonly trace: Trace;
}

function breaks({ property: name }: Exhibit, { replayed: run, system, trace }: Replayed): boolean {
  const property = system.definition.properties?.find((each) => each.name === name);
  const { property: recorded } = trace;
  if (property === undefined || recorded?.name !== name) return false;
  return judgeRun(system, { property, recorded, run, stated: system })?.isBroken === true;
}
