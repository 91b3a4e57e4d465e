/** What came of a campaign, for people. */
import { unreachable } from '../../../core/errors.ts';
import { isModulePath } from '../modules/user-module.ts';
import { paramWords } from '../scenario.ts';
import type { Session } from '../session.ts';
import { amount, many } from '../terminal/words.ts';
import { sparkline } from './curve.ts';
import { isBad } from './summary.ts';
import type { PropertySummary, ScenarioSummary, Summary } from './summary.ts';

/** A campaign that is over, or was stopped. */
export interface Ended {
  readonly files: Readonly<Record<string, string>>;
  readonly isStopped: boolean;
  readonly summary: Summary;
}

/** Says it: each scenario with its properties, its stories in short, and where everything lies. */
export function sayCampaign(session: Session, { files, isStopped, summary }: Ended): void {
  const { colors, say } = session;
  for (const scenario of summary.scenarios) sayScenario(session, scenario);
  const { complete, curve, elapsedMs, scenarios, schedules, worlds } = summary;
  const counts =
    `${many(schedules, 'schedule')} of ${many(scenarios.length, 'scenario')}, about ${amount(worlds)} worlds, ` +
    `${(elapsedMs / 1_000).toFixed(1)} s`;
  const broken = scenarios.filter(isBroken).length;
  say(`worlds by schedules: ${sparkline(curve)}`);
  if (broken > 0) say(colors.red(`${many(broken, 'scenario')} broken: ${counts}`));
  else if (scenarios.every(isProven))
    say(colors.green(`everything holds in all worlds: ${counts}`));
  else say(colors.yellow(`nothing is broken in these runs: ${counts}`));
  if (isStopped) say('stopped; nothing is lost');
  if (!complete) say(`go on with it with: ${session.io.command} campaign --resume --out <folder>`);
  say(`reports ${Object.values(files).join(', ')}`);
}

/** Whether nothing is left open. */
function isProven({ properties, searched }: ScenarioSummary): boolean {
  return (
    searched && properties.every(({ verdict }) => verdict === 'holds' || verdict === 'reached')
  );
}

function propertyLine(colors: Session['colors'], property: PropertySummary): string {
  const { broken, name, verdict } = property;
  switch (verdict) {
    case 'broken':
      return colors.red(`  ✗ ${name}: broken by ${many(broken, 'schedule')}`);
    case 'holds':
      return `  ${colors.green('✓')} ${name} (in all worlds)`;
    case 'never reached':
      return colors.red(`  ✗ ${name}: reached in none of all worlds`);
    case 'not broken':
      return colors.dim(`  · ${name}`);
    case 'not tested':
      return colors.yellow(`  ? ${name}: what it speaks of never came`);
    case 'reached':
      return `  ${colors.green('✓')} ${name} (reached)`;
    default:
      return unreachable(verdict);
  }
}

function isBroken({ properties }: ScenarioSummary): boolean {
  return properties.some(isBad);
}

function sayScenario({ colors, io, say }: Session, scenario: ScenarioSummary): void {
  const { failures, mistake, notes, params, properties, schedules, steps, worlds } = scenario;
  say(colors.bold([scenario.scenario, ...paramWords(params)].join(' ')));
  say(
    colors.dim(
      `  ${many(schedules, 'schedule')}, ${many(steps, 'step')}, about ${amount(worlds)} worlds`,
    ),
  );
  if (mistake !== undefined) say(colors.red(`  ! ${mistake.message}`));
  if (properties.length === 0) say(colors.yellow('  no properties are stated that runs can break'));
  for (const property of properties) say(propertyLine(colors, property));
  for (const { manner, property, schedule, steps: length, stepsBefore, trace } of failures) {
    say(
      `    "${property}" in ${many(length, 'step')} (found with ${stepsBefore}, as schedule ${schedule} of ${manner})`,
    );
    const from = isModulePath(scenario.scenario) ? ` --module ${scenario.scenario}` : '';
    if (trace !== null) say(`    replay it with: ${io.command} replay ${trace}${from}`);
  }
  for (const note of notes) say(colors.dim(`  ${note}`));
}
