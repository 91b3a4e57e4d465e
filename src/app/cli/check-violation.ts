/** One broken property as a story, with the way to see it again. */
import { keysOf } from '../../core/persistent-map.ts';
import { viewOfWorld } from '../../explore/view-of-world.ts';
import type { Run } from '../../kernel/run.ts';
import { formatTape } from '../../kernel/tape.ts';
import { story } from '../../trace/story.ts';
import { brief, cut } from '../../trace/words.ts';
import type { WrittenViolation } from './check-traces.ts';
import type { Scenario } from './scenario.ts';
import type { Session } from './session.ts';
import { many } from './words.ts';

const linesMax = 80;

/** Says what happened, how it ended, where the trace lies, and what replays it. */
export function sayViolation(
  session: Session,
  { label }: Scenario,
  violation: WrittenViolation,
): void {
  const { colors, io, say, width } = session;
  const { property, run, steps, trace } = violation;
  say();
  if (run === undefined || trace === null) {
    say(colors.red(`"${property}" never is so: no world has it`));
    say();
    return;
  }
  say(
    colors.red(
      `"${property}" is broken by a run of ${many(steps ?? 0, 'step')}${before(violation)}:`,
    ),
  );
  const look = label === undefined ? { width } : { label, width };
  const lines = story(run.steps, { ...look, tape: run.tape });
  for (const line of lines.slice(0, linesMax)) say(line);
  if (lines.length > linesMax) say(`… and ${many(lines.length - linesMax, 'line')} more`);
  for (const line of endOf(violation, run, width)) say(line);
  const { assumes, divergence, loop } = violation;
  if (loop !== undefined) say(`from step ${loop.from} on, this can come again and again`);
  if (assumes !== undefined) say(`taken for granted: ${assumes}`);
  if (divergence !== undefined)
    say(colors.red(`made again, it came out otherwise: ${divergence.why}`));
  say(`tape: ${formatTape(run.tape)}`);
  say(`replay it with: ${io.command} replay ${trace}${moduleOf(violation)}`);
  say();
}

function before({ steps, stepsBefore }: WrittenViolation): string {
  if (stepsBefore === undefined || stepsBefore === steps) return '';
  return ` (found with ${stepsBefore})`;
}

function moduleOf({ module }: WrittenViolation): string {
  return module === undefined ? '' : ` --module ${module}`;
}

const actorsMax = 12;

/** In which states the actors are in the last world. */
function endOf({ system }: WrittenViolation, { world }: Run, width: number): readonly string[] {
  const view = viewOfWorld(system.mechanics.rules, world);
  const addresses = keysOf(world.actors);
  const lines = addresses.slice(0, actorsMax).map((address) => {
    const { context = {}, value } = view.actor(address) ?? {};
    const state = value === undefined || Object.keys(Object(value)).length === 0 ? context : value;
    return cut(`  ${address}: ${typeof state === 'string' ? state : brief(state, width)}`, width);
  });
  const left = addresses.length - lines.length;
  return [
    'and so it ends:',
    ...lines,
    ...(left > 0 ? [`  … and ${many(left, 'actor')} more`] : []),
  ];
}
