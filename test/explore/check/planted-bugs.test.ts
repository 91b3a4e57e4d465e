import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { plantedBugs } from '../../../examples/protocols/planted-bugs.ts';
import { check, defineSystem, formatTrace } from '../../../src/index.ts';
import type { Report } from '../../../src/index.ts';
import { violationTrace } from '../../../src/trace/violation.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-'));
});
afterAll(() => {
  rmSync(folder, { force: true, recursive: true });
});

/** Writes the traces of a report, to be replayed elsewhere. */
function write(name: string, report: Report): void {
  for (const violation of report.violations) {
    const trace = violationTrace(report, violation);
    if (trace !== undefined) writeFileSync(join(folder, `${name}.json`), formatTrace(trace));
  }
}

describe('each planted bug', { shuffle: false }, () => {
  test.each(plantedBugs)(
    'that $bug in $protocol is caught by random schedules, and made small',
    ({ bug, definition, protocol }) => {
      const report = check(defineSystem(definition), {
        schedules: 4_000,
        seed: 1,
        stepsMax: 400,
        strategy: 'random',
      });
      const [violation] = report.violations;
      expect(violation?.divergence).toBeUndefined();
      expect(violation?.run?.steps.length).toBeGreaterThan(1);
      write(`${protocol}+${bug}`, report);
    },
  );

  test('is replayed by another process', () => {
    const { stderr, stdout } = spawnSync(
      process.execPath,
      ['--import', 'tsx', fileURLToPath(new URL('replay-planted.ts', import.meta.url)), folder],
      { encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(plantedBugs.length);
    expect(lines.filter((line) => !/: the same, and "[^"]+" is broken$/.test(line))).toEqual([]);
  });
});
