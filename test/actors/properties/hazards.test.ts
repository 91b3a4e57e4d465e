import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

import { fileOf, liveHazards, traceOf } from '../../../bench/live-hazards.ts';

test.each(liveHazards.map((hazard) => [hazard.about, hazard] as const))(
  'PyTorch 2.6 has %s',
  (_, hazard) => {
    expect(traceOf(hazard)?.property?.name).toBe(hazard.property);
  },
);

// The code may have changed since, so names of choices are followed, and not numbers of steps.
test('another process breaks the same invariants by the traces that ship', () => {
  const script = new URL('follow-hazards.ts', import.meta.url).pathname;
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', script], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  const expected = liveHazards.map((hazard) => [fileOf(hazard), { broken: true, skipped: [] }]);
  expect(JSON.parse(stdout)).toEqual(Object.fromEntries(expected));
});
