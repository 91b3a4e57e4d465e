/**
 * A run as a log for ShiViz: a vector clock for each event. The first line is the expression that reads
 * the log, the second would part several runs.
 *
 * @see ShiViz, "What is the input log format to the tool?", and Mattern, "Virtual Time and Global States of
 * Distributed Systems", 1989, for the clocks.
 */
import type { Step } from '../../kernel/step.ts';
import type { RowOptions } from '../rows.ts';
import { moment } from '../words.ts';
import { causedRun, wordsOf } from './causes.ts';

/** The expression by which ShiViz reads the log that `shiviz` writes. */
const expression = String.raw`(?<host>\S*) (?<clock>{.*})\n(?<event>.*)`;

/** The text of the log; a host for each node. */
export function shiviz(steps: readonly Step[], options: RowOptions = {}): string {
  const { events } = causedRun(steps, options);
  const clocks: Clock[] = [];
  const latest = new Map<string, Clock>();
  const lines = events.flatMap((event, place) => {
    // ShiViz ends a host's name at the first blank.
    const host = event.lane.replaceAll(/\s/g, '_');
    const before = latest.get(host) ?? new Map();
    const clock = joined(before, event.cause === undefined ? undefined : clocks[event.cause]);
    clock.set(host, (before.get(host) ?? 0) + 1);
    clocks[place] = clock;
    latest.set(host, clock);
    const text = `#${event.step} ${moment(event.at)} ${wordsOf(event)}`;
    return [`${host} ${JSON.stringify(Object.fromEntries(clock))}`, text];
  });
  return `${[expression, '', ...lines].join('\n')}\n`;
}

type Clock = ReadonlyMap<string, number>;

function joined(own: Clock, other: Clock | undefined): Map<string, number> {
  const clock = new Map(own);
  for (const [host, count] of other ?? []) clock.set(host, Math.max(count, clock.get(host) ?? 0));
  return clock;
}
