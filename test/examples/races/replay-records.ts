/** Another process: replays the recorded traces of the exhibits named, and writes what each came to. */
import { museum } from '../../../examples/races/museum.ts';
import { readText } from '../../../src/app/cli/files.ts';
import { traceFileOf } from '../../../src/app/cli/races/record.ts';
import { raceSystem } from '../../../src/app/cli/scenarios/races.ts';
import { readTrace } from '../../../src/trace/read.ts';
import { replayTrace } from '../../../src/trace/replay.ts';

const ids = new Set(process.argv.slice(2));
for (const exhibit of museum.filter(({ id }) => ids.has(id))) {
  const trace = readTrace(readText(traceFileOf(exhibit)));
  const { run, type } = replayTrace(trace, raceSystem(exhibit, true));
  process.stdout.write(`${exhibit.id} ${type} ${run.hash}\n`);
}
