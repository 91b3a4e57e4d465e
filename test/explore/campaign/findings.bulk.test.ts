import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { twoPhaseCommit } from '../../../examples/protocols/two-phase-commit.ts';
import { createBatchMaker } from '../../../src/explore/campaign/batch-maker.ts';
import type { Batch } from '../../../src/explore/campaign/batch.ts';
import { joinFindings, noFindings } from '../../../src/explore/campaign/findings.ts';
import type { Findings } from '../../../src/explore/campaign/findings.ts';
import type { CampaignStrategy } from '../../../src/explore/campaign/manner.ts';
import { violationOf } from '../../../src/explore/campaign/witness.ts';
import { check, defineSystem } from '../../../src/index.ts';
import type { System } from '../../../src/index.ts';
import { fromEnvironment } from '../../../src/testing/environment.ts';

const system = defineSystem(
  twoPhaseCommit({ bug: 'commits-without-all-votes', repeats: false, rms: 2 }),
);

/** As somebody makes it who has made nothing before. */
function runBatch(of: System, asked: Batch): Findings {
  return createBatchMaker(of).make(asked);
}

function batch(strategy: CampaignStrategy, from: number, count: number): Batch {
  return { count, from, manner: { strategy }, seed: 7, stepsMax: 100 };
}

function exhaustive(from: number, count: number): Batch {
  return {
    count,
    from,
    manner: { portions: 6, strategy: 'exhaustive' },
    seed: 7,
    stepsMax: 100,
  };
}

/** What of findings does not depend on who was asked how often: machines are seen, not schedules. */
function told({ broken, cut, depth, reached, schedules, steps, tested, worlds }: Findings) {
  return { broken, cut, depth, reached, schedules, steps, tested, worlds };
}

describe('findings', () => {
  test.each(['random', 'pos'] as const)(
    'of parts join to those of the whole, wherever it is cut: %s',
    (strategy) => {
      const whole = runBatch(system, batch(strategy, 0, 60));
      expect(whole.broken.map(({ property }) => property)).toEqual(['consistent']);
      fc.assert(
        fc.property(fc.integer({ max: 60, min: 0 }), fc.boolean(), (cut, isTurned) => {
          const parts = [
            runBatch(system, batch(strategy, 0, cut)),
            runBatch(system, batch(strategy, cut, 60 - cut)),
          ];
          const joined = (isTurned ? parts.toReversed() : parts).reduce(joinFindings, noFindings);
          expect(told(joined)).toEqual(told(joinFindings(noFindings, whole)));
          expect(joined.coverage).toEqual(joinFindings(noFindings, whole).coverage);
        }),
        fromEnvironment(6),
      );
    },
  );

  test.each(['random', 'pos', 'pct', 'coverage'] as const)(
    'are joined the same whoever made what before, and how often: %s',
    (strategy) => {
      const parts = [0, 64, 128].map((from) => batch(strategy, from, 64));
      const joined = parts.map((one) => runBatch(system, one)).reduce(joinFindings, noFindings);
      const makers = [createBatchMaker(system), createBatchMaker(system)] as const;
      const orders = fc.array(fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 1 }), fc.boolean()), {
        maxLength: 6,
      });
      fc.assert(
        fc.property(orders, (before) => {
          // What was made before and told to somebody is told once; the rest is made at the end.
          const made = new Map<number, Findings>();
          const carry = (part: number, maker: number, forgets: boolean): void => {
            const one = makers[maker] ?? makers[0];
            if (forgets) one.forget();
            made.set(part, one.make(parts[part] ?? batch(strategy, 0, 64)));
          };
          for (const [part, maker, forgets] of before) carry(part, maker, forgets);
          for (const part of parts.keys()) if (!made.has(part)) carry(part, part % 2, false);
          const all = [...made.values()].reduce(joinFindings, noFindings);
          expect(told(all)).toEqual(told(joined));
          expect(all.coverage).toEqual(joined.coverage);
        }),
        fromEnvironment(6),
      );
    },
  );

  test.each(['pct', 'surw', 'coverage'] as const)('of whole blocks join, too: %s', (strategy) => {
    const whole = runBatch(system, batch(strategy, 0, 100));
    const parts = [
      runBatch(system, batch(strategy, 64, 36)),
      runBatch(system, batch(strategy, 0, 64)),
    ];
    expect(told(parts.reduce(joinFindings, noFindings))).toEqual(
      told(joinFindings(noFindings, whole)),
    );
  });

  test('of portions of a search join to those of the whole search', () => {
    const whole = runBatch(system, exhaustive(0, 6));
    const parts = [exhaustive(4, 2), exhaustive(0, 3), exhaustive(3, 1)].map((one) =>
      runBatch(system, one),
    );
    expect(told(parts.reduce(joinFindings, noFindings))).toEqual(
      told(joinFindings(noFindings, whole)),
    );
    const [broken] = whole.broken;
    const [witness] = broken?.witnesses ?? [];
    expect(broken?.property).toBe('consistent');
    expect(witness && violationOf(system, 'consistent', witness).run?.steps.length).toBe(
      (witness?.steps ?? 0) + 1,
    );
  });

  test('are the same when made again, and as a check of the same seed finds them', () => {
    const once = runBatch(system, batch('random', 0, 40));
    expect(runBatch(system, batch('random', 0, 40))).toEqual(once);
    const report = check(system, {
      schedules: 40,
      seed: 7,
      shrink: false,
      stepsMax: 100,
      strategy: 'random',
    });
    const [violation] = report.violations;
    const [broken] = once.broken;
    const first = Math.min(...(broken?.witnesses ?? []).map(({ schedule }) => schedule));
    expect(violation?.property).toBe('consistent');
    expect(report.schedules - 1).toBeLessThanOrEqual(first);
  });

  test('hold runs that can be made again', () => {
    const { broken } = runBatch(system, batch('pct', 0, 64));
    for (const { property, witnesses } of broken) {
      for (const witness of witnesses) {
        const { run } = violationOf(system, property, witness);
        expect(run?.steps.length).toBe(witness.steps + 1);
        expect(run?.ended).toBe(witness.ended);
      }
    }
    expect(broken.length).toBeGreaterThan(0);
  });
});
