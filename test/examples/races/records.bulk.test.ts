/** The recorded traces of exhibits come out again, here and in another process. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

import { museum } from '../../../examples/races/museum.ts';
import { readText } from '../../../src/app/cli/files.ts';
import { isStillSo, traceFileOf } from '../../../src/app/cli/races/record.ts';
import { readTrace } from '../../../src/trace/read.ts';

test('each recorded run that is of the code as it is comes to the same world in another process', () => {
  const recorded = museum.filter(isStillSo);
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
  expect(recorded.length).toBeGreaterThan((museum.length * 2) / 3);
});
