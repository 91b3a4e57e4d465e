/** What a check found, for people. */
import type { Report } from '../../../explore/check/report.ts';
import type { MachineCoverage } from '../../../runtime/coverage.ts';
import { paramWords } from '../scenario.ts';
import type { Params, Scenario } from '../scenario.ts';
import type { Session } from '../session.ts';
import { amount, many } from '../terminal/words.ts';
import type { WrittenViolation } from './traces.ts';
import { sayViolation } from './violation.ts';

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
  say(colors.bold([name, ...paramWords(params)].join(' ')));
  for (const line of propertyLines(session, report)) say(line);
  for (const violation of violations)
    sayViolation(session, { label: scenario.label, report, violation });
  say(verdictOf(session, told));
  for (const line of [...noteLines(report), ...coverageLines(report.coverage)])
    say(colors.dim(line));
}

function propertyLines({ colors }: Session, report: Report): readonly string[] {
  const broken = new Set(report.violations.map(({ property }) => property));
  const vacuous = new Map(report.vacuous.map(({ property, why }) => [property, why]));
  if (report.properties.length === 0) {
    return [
      colors.yellow('  no properties are stated: only mistakes of the system itself can show'),
    ];
  }
  return report.properties.map(({ name, type }) => {
    if (broken.has(name)) return colors.red(`  ✗ ${name}`);
    if (report.reached.includes(name)) return `  ${colors.green('✓')} ${name} (reached)`;
    const why = vacuous.get(name);
    if (why !== undefined) return colors.yellow(`  ? ${name}: ${why}`);
    if (report.undecided.includes(name))
      return colors.dim(`  · ${name} (${type === 'sometimes' ? 'not reached' : 'not decided'})`);
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
  if (report.complete) {
    const all = report.schedules === 0 ? 'worlds' : 'runs';
    if (report.properties.length === 0) {
      return colors.yellow(
        `no mistake shows in all ${all}, and nothing is stated to hold: ${counts}`,
      );
    }
    return colors.green(`everything holds in all ${all}: ${counts}`);
  }
  const what = report.properties.length === 0 ? 'no mistake shows' : 'nothing is broken';
  const where =
    report.schedules === 0 ? 'in what was looked at, which is not all' : 'in these runs';
  return colors.yellow(`${what} ${where}: ${counts}`);
}

function countsOf({ depth, schedules, states, transitions }: Report): string {
  const worlds = many(states, 'world');
  if (schedules === 0)
    return `${worlds}, ${many(transitions, 'transition')}, depth ${amount(depth)}`;
  const runs = `${many(schedules, 'run')}, ${many(transitions, 'step')}`;
  return `${runs}, ${states === 0 ? '' : `${worlds}, `}the longest of ${many(depth, 'world')}`;
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
  const never = machinesOf(coverage).flatMap(({ events, machine, states, transitions }) => [
    ...states.map((state) => `${machine} is never ${state}`),
    ...events.map((event) => `${machine} never heeds ${event}`),
    ...transitions.map((transition) => `${machine} never takes ${transition}`),
  ]);
  if (never.length === 0) return ['the machines did all that they can do'];
  const shown = never.slice(0, namedMax).map((line) => `  ${line}`);
  const more = never.length > namedMax ? [`  and ${never.length - namedMax} more`] : [];
  return ['never done:', ...shown, ...more];
}

interface Idle {
  readonly events: readonly string[];
  readonly machine: string;
  readonly states: readonly string[];
  readonly transitions: readonly string[];
}

/** Machines of one id are one here: what one of them did was done. */
function machinesOf(coverage: readonly MachineCoverage[]): readonly Idle[] {
  const byId = new Map<string, readonly MachineCoverage[]>();
  for (const one of coverage) {
    const id = one.machine.replace(/#\d+$/, '');
    byId.set(id, [...(byId.get(id) ?? []), one]);
  }
  return [...byId].map(([machine, all]) => {
    const common = (of: (one: MachineCoverage) => readonly string[]): readonly string[] =>
      all.map(of).reduce((left, right) => left.filter((text) => right.includes(text)));
    return {
      events: common(({ events }) => events.never),
      machine,
      states: common(({ states }) => states.never),
      transitions: common(({ transitions }) => transitions.never),
    };
  });
}
