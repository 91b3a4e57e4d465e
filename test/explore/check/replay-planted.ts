/** Another process: replays each trace of a folder, and asks whether it breaks what it says. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { plantedBugs } from '../../../examples/protocols/planted-bugs.ts';
import { brokenProperty, defineSystem, readTrace, replayTrace } from '../../../src/index.ts';

const [folder = ''] = process.argv.slice(2);
for (const file of readdirSync(folder)) {
  const [protocol, bug = ''] = file.replace(/\.json$/, '').split('+');
  const planted = plantedBugs.find((one) => one.protocol === protocol && one.bug === bug);
  if (planted === undefined) throw new Error(`Nobody planted ${file}.`);
  const trace = readTrace(readFileSync(join(folder, file), 'utf8'));
  const system = defineSystem(planted.definition);
  const { run, type } = replayTrace(trace, system);
  const property = planted.definition.properties?.find(({ name }) => name === trace.property?.name);
  const message = property && brokenProperty(system, property, { run }).message;
  const isBroken = message === trace.property?.message;
  process.stdout.write(
    `${file}: ${type === 'same' ? 'the same' : 'DIFFERS'}, and "${property?.name}" ${isBroken ? 'is' : 'IS NOT'} broken\n`,
  );
}
