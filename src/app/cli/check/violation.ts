/** One broken property: its story, and the way to see it again. */
import type { Report } from '../../../explore/check/report.ts';
import { formatTape } from '../../../kernel/tape.ts';
import { violationStory } from '../../../trace/violation.ts';
import type { Scenario } from '../scenario.ts';
import type { Session } from '../session.ts';
import type { WrittenViolation } from './traces.ts';

/** What is told of, and how its messages are named. */
export interface Tale {
  readonly label: Scenario['label'];
  readonly report: Report;
  readonly violation: WrittenViolation;
}

/** Says what happened, how it ended, where the trace lies, and what replays it. */
export function sayViolation(session: Session, { label, report, violation }: Tale): void {
  const { colors, io, say, width } = session;
  const { module, run, trace } = violation;
  const [head = '', ...lines] = violationStory(
    report,
    violation,
    label === undefined ? { width } : { label, width },
  );
  if (run === undefined) {
    say(colors.red(head));
    return;
  }
  say();
  say(colors.red(head));
  for (const line of lines) say(line);
  if (trace !== null) {
    const from = module === undefined ? '' : ` --module ${module}`;
    say(`tape: ${formatTape(run.tape)}`);
    say(`replay it with: ${io.command} replay ${trace}${from}`);
  }
  say();
}
