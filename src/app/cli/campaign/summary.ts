/** What came of a campaign, as data: the file that others read, and what the reports are made of. */
import { joinFindings, noFindings } from '../../../explore/campaign/findings.ts';
import type { Findings } from '../../../explore/campaign/findings.ts';
import { mannerName } from '../../../explore/campaign/manner.ts';
import { sizeOf } from '../../../explore/campaign/ranges.ts';
import type { Span } from '../../../explore/campaign/ranges.ts';
import { estimateOf } from '../../../explore/campaign/sketch.ts';
import type { MachineCoverage } from '../../../runtime/coverage.ts';
import { orreryVersion } from '../../../trace/version.ts';
import type { Params } from '../scenario.ts';
import type { Point } from './curve.ts';
import type { Mistake, Standing } from './standing.ts';
import type { Failure } from './stories.ts';

/** What came of a campaign. */
export interface Summary {
  readonly campaign: string;
  readonly orrery: string;
  /** Whether all schedules that were asked for are done. */
  readonly complete: boolean;
  readonly curve: readonly Point[];
  readonly elapsedMs: number;
  readonly schedules: number;
  readonly scenarios: readonly ScenarioSummary[];
  readonly seed: number;
  readonly steps: number;
  readonly worlds: number;
}

/** What came of one scenario. */
export interface ScenarioSummary {
  readonly scenario: string;
  readonly params: Params;
  readonly code: string;
  readonly coverage: readonly MachineCoverage[];
  readonly failures: readonly Omit<Failure, 'entry'>[];
  /** Which schedules were made, by manner. */
  readonly manners: readonly { readonly manner: string; readonly done: readonly Span[] }[];
  readonly mistake?: Omit<Mistake, 'entry'>;
  readonly notes: readonly string[];
  readonly properties: readonly PropertySummary[];
  readonly schedules: number;
  readonly steps: number;
  /** Different worlds, estimated, within some percent; at least so many. */
  readonly worlds: number;
}

/** What is known of a property: schedules that broke it, or what they showed of it. */
export interface PropertySummary {
  readonly name: string;
  readonly broken: number;
  readonly verdict: 'broken' | 'not broken' | 'not tested' | 'reached';
}

/** What is known beside the standing. */
export interface Circumstances {
  readonly curve: readonly Point[];
  readonly elapsedMs: number;
  readonly failures: readonly Failure[];
}

/** The summary of a campaign as it stands. */
export function summaryOf(
  standing: Standing,
  { curve, elapsedMs, failures }: Circumstances,
): Summary {
  const { plan } = standing;
  const scenarios = plan.entries.map((_, index) => scenarioSummary(standing, index, failures));
  return {
    campaign: plan.id,
    orrery: orreryVersion,
    complete: isComplete(standing),
    curve,
    elapsedMs,
    schedules: standing.schedules(),
    scenarios,
    seed: plan.seed,
    steps: scenarios.reduce((sum, { steps }) => sum + steps, 0),
    worlds: scenarios.reduce((sum, { worlds }) => sum + worlds, 0),
  };
}

/** The different worlds of all entries, estimated. */
export function worldsOf(standing: Standing): number {
  return standing.plan.entries.reduce(
    (sum, _, index) => sum + worldsIn(findingsOf(standing, index)),
    0,
  );
}

function isComplete({ mistakes, stateOf, streams }: Standing): boolean {
  return (
    mistakes().length === 0 && streams.every(({ key, max }) => sizeOf(stateOf(key).done) >= max)
  );
}

/** What all manners of an entry have found. */
function findingsOf({ stateOf, streams }: Standing, entry: number): Findings {
  const here = streams.filter(({ entryIndex }) => entryIndex === entry);
  return here.map(({ key }) => stateOf(key).findings).reduce(joinFindings, noFindings);
}

function worldsIn({ worlds: { plain, walked } }: Findings): number {
  return Math.max(estimateOf(plain), estimateOf(walked));
}

function scenarioSummary(
  standing: Standing,
  index: number,
  failures: readonly Failure[],
): ScenarioSummary {
  const { mistakes, plan, stateOf, streams } = standing;
  const findings = findingsOf(standing, index);
  const entry = plan.entries[index];
  const mistake = mistakes().find((one) => one.entry === index);
  return {
    scenario: entry?.scenario ?? '',
    params: entry?.params ?? {},
    code: entry?.code ?? '',
    coverage: findings.coverage,
    failures: failures.flatMap(({ entry: at, ...failure }) => (at === index ? [failure] : [])),
    manners: streams.flatMap(({ entryIndex, key, manner }) =>
      entryIndex === index ? [{ manner: mannerName(manner), done: stateOf(key).done }] : [],
    ),
    ...(mistake === undefined ? {} : { mistake: { code: mistake.code, message: mistake.message } }),
    notes: notesOf(findings, plan.stepsMax),
    properties: (entry?.properties ?? []).map((name) => propertySummary(findings, name)),
    schedules: findings.schedules,
    steps: findings.steps,
    worlds: worldsIn(findings),
  };
}

function propertySummary({ broken, reached, tested }: Findings, name: string): PropertySummary {
  const count = broken.find(({ property }) => property === name)?.schedules ?? 0;
  if (count > 0) return { broken: count, name, verdict: 'broken' };
  if (reached.includes(name)) return { broken: 0, name, verdict: 'reached' };
  return { broken: 0, name, verdict: tested.includes(name) ? 'not broken' : 'not tested' };
}

function notesOf({ cut, failures, schedules }: Findings, stepsMax: number): readonly string[] {
  const cuts =
    cut === 0
      ? []
      : [`${cut} of ${schedules} runs were cut after ${stepsMax} steps (--steps-max).`];
  return [...cuts, ...failures];
}

/** What a scenario is called in reports, with its parameters as JSON writes them. */
export function titleOf({ params, scenario }: ScenarioSummary): string {
  const words = Object.entries(params).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return [scenario, ...words].join(' ');
}
