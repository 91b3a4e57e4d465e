/** The story of an exhibit: what it is of, how it was found, the run as a diagram and in sentences, the fix. */
import { rpcMeanings } from '../../../../examples/races/meanings.ts';
import type { Report } from '../../../explore/check/report.ts';
import { brokenProperty } from '../../../trace/broken.ts';
import { spaceTime } from '../../../trace/space-time.ts';
import { rpcLabel } from '../rpc-label.ts';
import type { Session } from '../session.ts';
import { amount, many } from '../terminal/words.ts';
import { medianOf, racingStrategies } from './finding.ts';
import { verdictOf } from './races-table.ts';
import type { Shown } from './races-table.ts';
import { stepMeanings } from './step-meanings.ts';

/** An exhibit that was measured now. */
export interface Told extends Shown {
  readonly report: Report;
}

/** Tells it. */
export function sayExhibit(session: Session, told: Told): void {
  const { colors, io, say, width } = session;
  const { exhibit, finding, trace } = told;
  const { component, fix, happens, id, links, of, property, title, variant, when } = exhibit;
  say(colors.bold(`${id}: ${title}`));
  say(`${of}, ${component} (${when}); switched on: ${variant}`);
  for (const link of links) say(colors.dim(link));
  say();
  for (const line of folded(happens, width)) say(line);
  say();
  sayRun(session, told);
  say(
    `Found after ${scheduleWords(told)}; by exhaustive search after ${many(finding.states, 'world')}. ` +
      `The run departs from FIFO ${many(finding.departures, 'time')}, with ${many(finding.faults, 'fault')}.`,
  );
  say();
  for (const line of folded(`The fix: ${fix}`, width)) say(line);
  const isFine = finding.fixed.broken === null;
  const verdict = `Without the bug, everything${isFine ? '' : ' but that'} ${verdictOf(finding)} worlds`;
  say(isFine ? colors.green(`${verdict}.`) : colors.red(`${verdict}.`));
  if (exhibit.advice !== undefined) {
    for (const line of folded(`In your own program: ${exhibit.advice}`, width)) say(line);
  }
  if (trace !== null) {
    say();
    say(`replay it with: ${io.command} replay ${trace}`);
    say(`check it with: ${io.command} check races/${id} switch=off --properties ${property}`);
  }
}

function sayRun(session: Session, { exhibit, report }: Told): void {
  const { colors, say, width } = session;
  const [violation] = report.violations;
  const run = violation?.run;
  const property = report.properties.find(({ name }) => name === violation?.property);
  if (violation === undefined || run === undefined || property === undefined) {
    say(colors.red(`"${exhibit.property}" was not broken in ${many(report.states, 'world')}.`));
    return;
  }
  say(spaceTime(run.steps, { label: rpcLabel, width }).trimEnd());
  say();
  const meanings = { ...rpcMeanings, ...exhibit.meanings };
  for (const line of stepMeanings(run, { label: rpcLabel, meanings, width })) say(line);
  const { message, name } = brokenProperty(report.system, property, violation);
  say();
  for (const line of folded(`"${name}" is broken: ${message}`, width)) say(colors.red(line));
  say();
}

function scheduleWords({ finding: { schedules } }: Told): string {
  const words = racingStrategies.map((name) => {
    const median = medianOf(schedules[name]);
    return `${median === null ? 'no' : amount(median)} ${name}`;
  });
  return `${words.join(', ')} schedules (medians)`;
}

/** A text in lines of at most `width` columns. */
function folded(text: string, width: number): readonly string[] {
  return text.split(' ').reduce<readonly string[]>((lines, word) => {
    const last = lines.at(-1);
    const isRoomy = last !== undefined && last.length + word.length < width;
    return isRoomy ? [...lines.slice(0, -1), `${last} ${word}`] : [...lines, word];
  }, []);
}
