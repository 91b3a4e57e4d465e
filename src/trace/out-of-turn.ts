/** Where a run left its dullest course, in words: what was overtaken, and when that comes instead. */
import { unreachable } from '../core/errors.ts';
import type { Choice } from '../kernel/choice.ts';
import type { EventObject } from '../kernel/effect.ts';
import { subjectOf } from '../kernel/names.ts';
import type { Run } from '../kernel/run.ts';
import type { Step } from '../kernel/step.ts';
import type { Label } from './words.ts';

/** For each step that was a departure, why it was one; in a line. */
export function outOfTurn(
  { steps, tape }: Pick<Run, 'steps' | 'tape'>,
  label: Label,
): ReadonlyMap<number, string> {
  const words = new Map<number, string>();
  const ends = endsOf(steps);
  const post: Waiting[] = [];
  let next = 0;
  for (const step of steps) {
    const departure = tape[next];
    if (step.choice !== undefined && step.choice.name === departure?.take) {
      next += 1;
      const why = whyOf(step.choice, { at: departure.at, ends, label, waiting: post });
      if (why !== undefined) words.set(step.index, why);
    }
    update(post, step);
  }
  return words;
}

/** A message or timer that has not come. */
interface Waiting {
  readonly event: EventObject;
  readonly from: string;
  readonly isTimer: boolean;
  readonly name: string;
  readonly since: number;
  readonly to: string;
}

interface Scene {
  /** The name of the choice that would have been next. */
  readonly at: string;
  /** The steps in which messages and timers come, by name. */
  readonly ends: ReadonlyMap<string, number>;
  readonly label: Label;
  readonly waiting: readonly Waiting[];
}

/** A fault has no turn; all else is before something that was there first, if anything was. */
function whyOf(choice: Choice, { at, ends, label, waiting }: Scene): string | undefined {
  switch (choice.type) {
    case 'deliver':
    case 'fire':
    case 'input':
      break;
    case 'crash':
    case 'drop':
    case 'duplicate':
    case 'early':
    case 'heal':
    case 'partition':
    case 'pause':
    case 'restart':
    case 'resume':
      return 'a fault';
    default:
      return unreachable(choice);
  }
  const own = waiting.findIndex(({ name }) => name === subjectOf(choice.name));
  const to = 'to' in choice ? choice.to : choice.actor;
  // What was sent before it to the same actor is what it matters for.
  const rivals = waiting.slice(0, Math.max(0, own)).filter((one) => one.to === to && !one.isTimer);
  const passed = rivals.length > 0 ? rivals : waiting.filter(({ name }) => name === subjectOf(at));
  const [first] = passed;
  if (first === undefined) return undefined;
  const more = passed.length > 1 ? ` and ${passed.length - 1} more` : '';
  const end = ends.get(first.name);
  const fate = end === undefined ? 'never comes' : `comes in #${end}`;
  const verb = choice.type === 'input' ? 'before' : 'overtakes';
  const what = first.isTimer
    ? `${label(first.event)} at`
    : `${label(first.event)} ${first.from} ->`;
  const since = `${first.isTimer ? 'set' : 'sent'} in #${first.since}`;
  return `${verb} ${what} ${first.to} (${since}, ${fate})${more}`;
}

function endsOf(steps: readonly Step[]): ReadonlyMap<string, number> {
  const ends = new Map<string, number>();
  for (const { choice, index } of steps) {
    if (choice === undefined || !isArrival(choice)) continue;
    const name = subjectOf(choice.name);
    if (!ends.has(name)) ends.set(name, index);
  }
  return ends;
}

function isArrival({ type }: Choice): boolean {
  return type === 'deliver' || type === 'fire' || type === 'early';
}

function update(post: Waiting[], { choice, happened, index: since }: Step): void {
  const isOver = choice !== undefined && (isArrival(choice) || choice.type === 'drop');
  const gone = isOver ? subjectOf(choice.name) : undefined;
  const place = post.findIndex(({ name }) => name === gone);
  if (place >= 0) post.splice(place, 1);
  for (const happening of happened) {
    if (happening.type === 'sent') {
      const { event, from, name, to } = happening;
      post.push({ event, from, isTimer: false, name, since, to });
    }
    if (happening.type === 'scheduled') {
      const { actor, event, name } = happening;
      post.push({ event, from: actor, isTimer: true, name, since, to: actor });
    }
  }
}
