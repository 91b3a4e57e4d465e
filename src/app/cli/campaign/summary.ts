/** What came of a campaign, as data: the file that others read, and what the reports are made of. */
import { joinFindings, noFindings } from '../../../explore/campaign/findings.ts';
import type { Findings } from '../../../explore/campaign/findings.ts';
import { mannerName } from '../../../explore/campaign/manner.ts';
import { portionStatesMax } from '../../../explore/campaign/portions.ts';
import { sizeOf } from '../../../explore/campaign/ranges.ts';
import type { Span } from '../../../explore/campaign/ranges.ts';
import { estimateOf } from '../../../explore/campaign/sketch.ts';
import type { MachineCoverage } from '../../../runtime/coverage.ts';
import { orreryVersion } from '../../../trace/version.ts';
import type { Params } from '../scenario.ts';
import type { Point } from './curve.ts';
import type { Entry } from './plan.ts';
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
  /** Whether an exhaustive search has looked at all worlds. */
  readonly searched: boolean;
  readonly steps: number;
  /** Different worlds, estimated, within some percent; at least so many. */
  readonly worlds: number;
}

/** What is known of a property: schedules that broke it, or what they showed of it. */
export interface PropertySummary {
  readonly name: string;
  readonly broken: number;
  /** `holds` and `never reached` where all worlds were looked at. */
  readonly verdict: 'broken' | 'holds' | 'never reached' | 'not broken' | 'not tested' | 'reached';
}

/** Whether a verdict says that something is wrong. */
export function isBad({ verdict }: PropertySummary): boolean {
  return verdict === 'broken' || verdict === 'never reached';
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
  const searched = isSearched(standing, index);
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
    notes: [...cutNotes(standing, index), ...findings.failures],
    properties: (entry?.properties ?? []).map((name) =>
      propertySummary(findings, name, searched ? entry : undefined),
    ),
    schedules: findings.schedules,
    searched,
    steps: findings.steps,
    worlds: worldsIn(findings),
  };
}

/** Whether all worlds of an entry were looked at. */
function isSearched({ stateOf, streams }: Standing, entry: number): boolean {
  return streams.some(({ entryIndex, key, manner, max }) => {
    if (entryIndex !== entry || manner.portions === undefined) return false;
    const { done, findings } = stateOf(key);
    return sizeOf(done) >= max && findings.cut === 0 && findings.broken.length === 0;
  });
}

/** What is known of a property; `searched` is the entry whose worlds were all looked at. */
function propertySummary(
  { broken, reached, tested }: Findings,
  name: string,
  searched: Entry | undefined,
): PropertySummary {
  const count = broken.find(({ property }) => property === name)?.schedules ?? 0;
  if (count > 0) return { broken: count, name, verdict: 'broken' };
  if (reached.includes(name)) return { broken: 0, name, verdict: 'reached' };
  if (searched?.sought?.includes(name)) return { broken: 0, name, verdict: 'never reached' };
  if (!tested.includes(name)) return { broken: 0, name, verdict: 'not tested' };
  const isDecided = searched?.decided?.includes(name) === true;
  return { broken: 0, name, verdict: isDecided ? 'holds' : 'not broken' };
}

function cutNotes({ plan, stateOf, streams }: Standing, entry: number): readonly string[] {
  const here = streams.filter(({ entryIndex }) => entryIndex === entry);
  const cutIn = (isPortioned: boolean): { readonly cut: number; readonly all: number } => {
    const those = here.filter(({ manner }) => (manner.portions !== undefined) === isPortioned);
    const found = those.map(({ key }) => stateOf(key).findings).reduce(joinFindings, noFindings);
    return { all: found.schedules, cut: found.cut };
  };
  const [runs, portions] = [cutIn(false), cutIn(true)];
  return [
    ...(runs.cut === 0
      ? []
      : [`${runs.cut} of ${runs.all} runs were cut after ${plan.stepsMax} steps (--steps-max).`]),
    ...(portions.cut === 0
      ? []
      : [
          `${portions.cut} of ${portions.all} portions of the search were cut after ${portionStatesMax} worlds: ` +
            'divide it into more (--portions).',
        ]),
  ];
}

/** What a scenario is called in reports, with its parameters as JSON writes them. */
export function titleOf({ params, scenario }: ScenarioSummary): string {
  const words = Object.entries(params).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return [scenario, ...words].join(' ');
}
