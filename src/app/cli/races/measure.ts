/** Measures an exhibit: how soon each way to look finds its bug, and whether the fix holds. */
import type { Exhibit } from '../../../../examples/races/exhibit.ts';
import { check } from '../../../explore/check/check.ts';
import { propertiesOf } from '../../../explore/check/properties.ts';
import type { Report } from '../../../explore/check/report.ts';
import { sample } from '../../../explore/sampling/sample.ts';
import { byCoverage } from '../../../explore/strategies/coverage-guided.ts';
import { byPct } from '../../../explore/strategies/pct.ts';
import { byPos } from '../../../explore/strategies/pos.ts';
import { byRandom } from '../../../explore/strategies/random-walk.ts';
import type { Strategy } from '../../../explore/strategies/strategy.ts';
import type { Trace } from '../../../trace/trace.ts';
import { violationTrace } from '../../../trace/violation.ts';
import { raceParams, raceSystem } from '../scenarios/races.ts';
import { racingStrategies } from './finding.ts';
import type { Finding, FixedFinding, RacingStrategy } from './finding.ts';
import { goesWrong } from './step-meanings.ts';

/** How far to go. */
export interface Measuring {
  /** Worlds of the fixed variant after which that is left. */
  readonly fixedStatesMax: number;
  /** Told what is looked at now, as often as `partsOf` says. */
  readonly onPart?: (what: string) => void;
  /** Runs after which a campaign is given up. */
  readonly schedulesMax: number;
  /** How many campaigns there are of each strategy. */
  readonly seeds: number;
}

/** What came out, and the shrunk run. */
export interface Measured {
  readonly finding: Finding;
  readonly report: Report;
  readonly trace: Trace | undefined;
}

/** Far more worlds than any bug of the museum takes. */
const statesMaxOfBug = 2_000_000;

/** In how many parts the work is told of. */
export function partsOf({ seeds }: Pick<Measuring, 'seeds'>): number {
  return racingStrategies.length * seeds + 2;
}

/** Measures an exhibit in full. */
export function measure(exhibit: Exhibit, measuring: Measuring): Measured {
  const { onPart = () => undefined, seeds } = measuring;
  onPart(`${exhibit.id}: search`);
  const { report, trace } = findNow(exhibit);
  const [violation] = report.violations;
  const run = violation?.run;
  const campaign = campaignsOf(exhibit, measuring.schedulesMax);
  const countsOf = (strategy: RacingStrategy): readonly (number | null)[] =>
    Array.from({ length: seeds }, (_, index) => {
      onPart(`${exhibit.id}: ${strategy}`);
      return campaign(strategy, index + 1);
    });
  const schedules = {
    random: countsOf('random'),
    pct: countsOf('pct'),
    pos: countsOf('pos'),
    coverage: countsOf('coverage'),
  };
  onPart(`${exhibit.id}: the fix`);
  return {
    finding: {
      id: exhibit.id,
      found: violation !== undefined,
      states: report.states,
      departures: run?.tape.length ?? 0,
      steps: (run?.steps.length ?? 1) - 1,
      faults: (run?.steps ?? []).filter(({ choice }) => choice !== undefined && goesWrong(choice))
        .length,
      schedules,
      fixed: fixedFinding(exhibit, measuring.fixedStatesMax),
    },
    report,
    trace,
  };
}

/** Finds the bug by exhaustive search and makes its run small. */
function findNow(exhibit: Exhibit): Pick<Measured, 'report' | 'trace'> {
  const report = check(raceSystem(exhibit, true), {
    properties: [exhibit.property],
    statesMax: statesMaxOfBug,
  });
  const [violation] = report.violations;
  return {
    report,
    trace: violation && violationTrace(report, violation, { params: raceParams(true) }),
  };
}

/** Schedules until the bug shows, by strategy and seed; `null` where it does not. */
function campaignsOf(
  exhibit: Exhibit,
  schedules: number,
): (strategy: RacingStrategy, seed: number) => number | null {
  // What one campaign has computed, the others need not.
  const system = raceSystem(exhibit, true);
  const properties = propertiesOf(system.definition, [exhibit.property]);
  return (strategy, seed) => {
    const report = sample(system, {
      properties,
      schedules,
      seed,
      statesMax: countedMax,
      strategy: strategies[strategy](),
    });
    return report.violations.length === 0 ? null : report.schedules;
  };
}

// What the strategy that looks for new worlds tells apart.
const countedMax = 100_000;

const strategies: Readonly<Record<RacingStrategy, () => Strategy>> = {
  random: byRandom,
  pct: byPct,
  pos: byPos,
  coverage: byCoverage,
};

/** A search of all worlds with all properties in force. */
function fixedFinding(exhibit: Exhibit, statesMax: number): FixedFinding {
  const { complete, depth, states, violations } = check(raceSystem(exhibit, false), {
    shrink: false,
    statesMax,
  });
  return { broken: violations[0]?.property ?? null, complete, depth, states };
}
