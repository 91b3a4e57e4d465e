/** What a check found, for people. */
import type { Report } from '../../explore/check/report.ts';
import type { MachineCoverage } from '../../runtime/coverage.ts';
import type { WrittenViolation } from './check-traces.ts';
import { sayViolation } from './check-violation.ts';
import type { Params, Scenario } from './scenario.ts';
import type { Session } from './session.ts';
import { amount, many } from './words.ts';

/** A report with what the command line knows besides. */
export interface Told {
  readonly elapsedMs: number;
  readonly name: string;
  readonly params: Params;
  readonly report: Report;
  readonly scenario: Scenario;
  readonly violations: readonly WrittenViolation[];
}

/** Says it: the properties, each violation's story, the verdict, and what was not looked at. */
export function sayReport(session: Session, told: Told): void {
  const { colors, say } = session;
  const { name, params, report, scenario, violations } = told;
  const words = Object.entries(params).map(([key, value]) => `${key}=${inWords(value)}`);
  say(colors.bold([name, ...words].join(' ')));
  for (const line of propertyLines(session, report)) say(line);
  for (const violation of violations) sayViolation(session, scenario, violation);
  say(verdictOf(session, told));
  for (const line of [...noteLines(report), ...coverageLines(report.coverage)])
    say(colors.dim(line));
}

function inWords(value: Params[string]): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function propertyLines({ colors }: Session, report: Report): readonly string[] {
  const broken = new Set(report.violations.map(({ property }) => property));
  const vacuous = new Map(report.vacuous.map(({ property, why }) => [property, why]));
  if (report.properties.length === 0) {
    return [
      colors.yellow('  no properties are stated: only mistakes of the system itself can show'),
    ];
  }
  return report.properties.map(({ name }) => {
    if (broken.has(name)) return colors.red(`  ✗ ${name}`);
    if (report.reached.includes(name)) return `  ${colors.green('✓')} ${name} (reached)`;
    if (report.undecided.includes(name)) return colors.dim(`  · ${name} (not decided)`);
    const why = vacuous.get(name);
    if (why !== undefined) return colors.yellow(`  ? ${name}: ${why}`);
    return report.complete ? `  ${colors.green('✓')} ${name}` : colors.dim(`  · ${name}`);
  });
}

function verdictOf({ colors }: Session, { elapsedMs, report, violations }: Told): string {
  const counts = `${countsOf(report)}, ${(elapsedMs / 1_000).toFixed(1)} s`;
  const { length } = violations;
  if (length > 0)
    return colors.red(
      `${length === 1 ? '1 property is' : `${length} properties are`} broken: ${counts}`,
    );
  if (report.complete && report.schedules === 0)
    return colors.green(`everything holds in all worlds: ${counts}`);
  const where =
    report.schedules === 0 ? 'in what was looked at, which is not all' : 'in these runs';
  return colors.yellow(`nothing is broken ${where}: ${counts}`);
}

function countsOf({ depth, schedules, states, transitions }: Report): string {
  const worlds = many(states, 'world');
  return schedules === 0
    ? `${worlds}, ${many(transitions, 'transition')}, depth ${amount(depth)}`
    : `${many(schedules, 'run')}, ${many(transitions, 'step')}, ${worlds}, the longest of ${amount(depth)}`;
}

function noteLines({ estimate, notes }: Report): readonly string[] {
  if (estimate === undefined) return notes;
  const chance = (estimate.showsNew * 100).toFixed(1);
  return [
    ...notes,
    `one more run would show a new world with a probability of ${chance} % (Good-Turing estimate)`,
  ];
}

const namedMax = 12;

function coverageLines(coverage: readonly MachineCoverage[]): readonly string[] {
  const never = coverage.flatMap(({ events, machine, states, transitions }) => [
    ...states.never.map((state) => `${machine} is never ${state}`),
    ...events.never.map((event) => `${machine} never heeds ${event}`),
    ...transitions.never.map((transition) => `${machine} never takes ${transition}`),
  ]);
  const sum = (of: (machine: MachineCoverage) => number): number =>
    coverage.reduce((total, machine) => total + of(machine), 0);
  const all = sum(({ transitions }) => transitions.all);
  const left = sum(({ transitions }) => transitions.never.length);
  const head = `the machines took ${amount(all - left)} of their ${many(all, 'transition')}`;
  if (never.length === 0) return [head];
  const shown = never.slice(0, namedMax).map((line) => `  ${line}`);
  const more = never.length > namedMax ? [`  and ${never.length - namedMax} more`] : [];
  return [`${head}:`, ...shown, ...more];
}
