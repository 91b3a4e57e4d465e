/** The recorded traces of exhibits come out again, here and in another process. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

import { rpcMeanings } from '../../../examples/races/meanings.ts';
import { museum } from '../../../examples/races/museum.ts';
import { readText } from '../../../src/app/cli/files.ts';
import { isStillSo, recordedOf, traceFileOf } from '../../../src/app/cli/races/record.ts';
import { readTrace } from '../../../src/trace/read.ts';

// All of them: `orrery races`, which replays every record.
test('recorded runs that are of the code as it is come to the same world in another process', () => {
  const current = museum.filter(isStillSo);
  const recorded = current.filter((_, index) => index % 3 === 0);
  const script = fileURLToPath(new URL('replay-records.ts', import.meta.url));
  const ids = recorded.map(({ id }) => id);
  const { stderr, stdout } = spawnSync(process.execPath, ['--import', 'tsx', script, ...ids], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(stdout.split('\n').slice(0, -1)).toEqual(
    recorded.map((exhibit) => {
      const { hash } = readTrace(readText(traceFileOf(exhibit)));
      return `${exhibit.id} same ${hash}`;
    }),
  );
  // The others are to be measured anew; most are not.
  expect(current.length).toBeGreaterThan((museum.length * 2) / 3);
});

test('each step of a recorded run has a meaning in words', () => {
  for (const exhibit of museum) {
    if (recordedOf(exhibit) === undefined) continue;
    const { log } = readTrace(readText(traceFileOf(exhibit)));
    const types = (log ?? []).flatMap(({ what }) => typeIn(what) ?? []);
    const known = new Set(Object.keys({ ...rpcMeanings, ...exhibit.meanings }));
    const unknown = types.filter((type) => !known.has(type) && !isEnd(type));
    expect({ id: exhibit.id, unknown }).toEqual({ id: exhibit.id, unknown: [] });
    expect(types.length).toBeGreaterThan(0);
  }
});

/** The type of the event that a step of a log brings; a crash brings none. */
function typeIn(what: string): string | undefined {
  return /^(?:\w+ )+?(\S+) (?:\S+ -> |at |to )/.exec(what)?.[1];
}

function isEnd(type: string): boolean {
  return /^xstate\.(?:done|error)\.actor\./.test(type);
}
