/** The steps of a run in sentences: what each choice means in the system that it is of. */
import { rootOf } from '../../../core/address.ts';
import { unreachable } from '../../../core/errors.ts';
import { describeChoice } from '../../../kernel/choice.ts';
import type { Choice } from '../../../kernel/choice.ts';
import type { Run } from '../../../kernel/run.ts';
import { outOfTurn } from '../../../trace/out-of-turn.ts';
import { cut, plain, typeOf } from '../../../trace/words.ts';
import type { Label } from '../../../trace/words.ts';

/** How the sentences are made. */
export interface Telling {
  readonly label: Label;
  /** What events mean, by their types, with `{from}`, `{to}` and `{at}` for the actors. */
  readonly meanings: Readonly<Record<string, string>>;
  readonly width: number;
}

/** A line for each step, and one more for each that comes out of turn: what it overtakes. */
export function stepMeanings(
  { steps, tape }: Pick<Run, 'steps' | 'tape'>,
  { label, meanings, width }: Telling,
): readonly string[] {
  const why = outOfTurn({ steps, tape }, label);
  return steps.flatMap(({ choice, index }) => {
    if (choice === undefined) return [];
    const line = `${`#${index}`.padEnd(6)}${sentenceOf(choice, { label, meanings })}`;
    const reason = why.get(index);
    const note = reason === undefined || goesWrong(choice) ? [] : [`        ^ ${reason}`];
    return [line, ...note].map((text) => cut(plain(text), width));
  });
}

/** Whether a choice is something going wrong, planned or not; what ends it is not. */
export function goesWrong({ type }: Choice): boolean {
  return ['crash', 'drop', 'duplicate', 'early', 'partition', 'pause'].includes(type);
}

function sentenceOf(choice: Choice, telling: Pick<Telling, 'label' | 'meanings'>): string {
  switch (choice.type) {
    case 'deliver':
      return meaningOf(choice, telling);
    case 'drop':
      return `FAULT: a message is lost: ${meaningOf(choice, telling)}`;
    case 'duplicate':
      return `FAULT: a message comes twice: ${meaningOf(choice, telling)}`;
    case 'fire':
    case 'input':
      return workOf(choice, telling);
    case 'early':
      return `FAULT: before anything else comes, ${workOf(choice, telling)}`;
    case 'crash':
    case 'heal':
    case 'partition':
    case 'pause':
    case 'restart':
    case 'resume':
      return `FAULT: ${describeChoice(choice)}`;
    default:
      return unreachable(choice);
  }
}

type Delivery = Choice & { readonly type: 'deliver' | 'drop' | 'duplicate' };

function meaningOf(
  { event, from, to }: Delivery,
  { label, meanings }: Pick<Telling, 'label' | 'meanings'>,
): string {
  const [sender, receiver] = [rootOf(from), rootOf(to)];
  const known = meanings[event.type];
  if (known !== undefined) {
    return filled(known, { at: receiver, from: sender, to: receiver });
  }
  const end = endOf(event.type);
  if (end !== undefined) return `${from} ${end}`;
  return sender === receiver
    ? `${from} -> ${to}: ${label(event)}`
    : `${receiver} gets ${label(event)} from ${sender}`;
}

/** What XState tells a parent of the end of its child. */
function endOf(type: string): string | undefined {
  if (type.startsWith('xstate.done.actor.')) return 'has ended';
  return type.startsWith('xstate.error.actor.') ? 'has failed' : undefined;
}

type Work = Choice & { readonly type: 'early' | 'fire' | 'input' };

function workOf({ actor, event }: Work, { meanings }: Pick<Telling, 'meanings'>): string {
  const at = rootOf(actor);
  const known = meanings[event.type];
  return known === undefined ? `${at}: ${typeOf(event)}` : filled(known, { at, from: at, to: at });
}

function filled(text: string, names: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, key: string) => names[key] ?? whole);
}
