/** Small campaigns by every strategy, and what came of them in words: for two processes to compare. */
import { twoPhaseCommit } from '../../../examples/protocols/two-phase-commit.ts';
import {
  byCoverage,
  byDelays,
  byFifo,
  byPct,
  byPos,
  byRandom,
  bySurw,
  defineSystem,
  never,
  sample,
} from '../../../src/index.ts';

const strategies = [
  byCoverage(),
  byDelays(),
  byFifo(),
  byPct(),
  byPos(),
  byRandom(),
  byRandom({ faultRate: 0.2 }),
  bySurw(),
];

/** The reports of all campaigns, each a line. */
export function campaignLines(): readonly string[] {
  const system = defineSystem({
    ...twoPhaseCommit({ rms: 3 }),
    faults: { crash: 1, drop: 1 },
  });
  return strategies.map((strategy) => {
    const report = sample(system, {
      properties: [never('prepared', (view) => view.actor('rm1')?.value === 'prepared')],
      schedules: 60,
      seed: 11,
      strategy,
      violationsMax: 60,
    });
    const violations = report.violations.map(({ property, run, schedule }) => ({
      hash: run?.hash,
      property,
      schedule,
      tape: run?.tape,
    }));
    return JSON.stringify({ ...report, violations });
  });
}
