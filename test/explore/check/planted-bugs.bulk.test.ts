import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { plantedBugs } from '../../../examples/protocols/planted-bugs.ts';
import { byPct, check, defineSystem, formatTrace, sample, search } from '../../../src/index.ts';
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

/** PCT as it comes, and what else it bets on where that takes too long: longer orders in shorter runs. */
const bets: Readonly<Record<string, { readonly depth: number; readonly stepsMax: number }>> = {
  'eats-with-one-fork': { depth: 8, stepsMax: 20 },
  'forgets-its-vote': { depth: 12, stepsMax: 20 },
  'forgets-promises': { depth: 8, stepsMax: 40 },
};
const usualBet = { depth: 3, stepsMax: 100 };
/** Schedules to the first that shows each of them, at most: docs/evidence.md has the numbers. */
const schedulesMax = 6_000;

describe('each planted bug', { shuffle: false }, () => {
  test.each(plantedBugs)(
    'that $bug in $protocol is found among all worlds',
    ({ breaks, bug, definition }) => {
      const { properties = [] } = definition;
      // Breadth first this one takes five times as many worlds.
      const order = bug === 'records-old-values' ? 'depth' : 'breadth';
      const { violations } = search(defineSystem(definition), { order, properties });
      expect(violations.map(({ property }) => property)).toContain(breaks);
    },
  );

  test.each(plantedBugs)(
    'that $bug in $protocol is found by random priorities',
    ({ bug, definition }) => {
      const { properties = [] } = definition;
      const { depth, stepsMax } = bets[bug] ?? usualBet;
      const { violations } = sample(defineSystem({ ...definition, rememberedMax: 100_000 }), {
        properties,
        schedules: schedulesMax,
        seed: 1,
        statesMax: 0,
        stepsMax,
        strategy: byPct({ depth }),
      });
      const [violation] = violations;
      expect(violation?.run?.steps.length).toBeGreaterThan(1);
      expect(violation?.difference).toBeUndefined();
    },
  );

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
