/** The event log: what happened in each step, in lines for people. */
import { unreachable } from '../core/errors.ts';
import { describeChoice } from '../kernel/choice.ts';
import type { Happening, Step } from '../kernel/step.ts';
import type { Tape } from '../kernel/tape.ts';
import { readable } from '../runtime/event-words.ts';
import { outOfTurn } from './out-of-turn.ts';
import type { BrokenProperty } from './trace.ts';
import { brief, briefData, cut, moment, plain, typeOf } from './words.ts';
import type { Label } from './words.ts';

/** How the log looks. */
export interface StoryOptions {
  /** Columns; lines are cut there. 100 unless given. */
  readonly width?: number;
  readonly label?: Label;
}

/** What makes the log of a run the story of a mistake. */
export interface MistakeOptions extends StoryOptions {
  /** What is broken in the end; its lines are folded, not cut. */
  readonly broken?: BrokenProperty;
  /** The departures of the run: each is told, with what it overtook. */
  readonly tape?: Tape;
}

const indent = ' '.repeat(20);

/** One line for the choice, one for each thing that came of it and can be seen from outside an actor. */
export function storyOf(step: Step, options: StoryOptions = {}): readonly string[] {
  const { width = widthDefault, label = typeOf } = options;
  const number = `#${step.index}`.padEnd(7);
  const head = `${number}${moment(step.at).padStart(11)}  ${choiceWords(step, label, width)}`;
  const details = step.happened.flatMap((happening) => {
    const words = happeningWords(happening, label);
    return words === undefined ? [] : [`${indent}  ${words}`];
  });
  return [head, ...details].map((line) => cut(plain(line), width));
}

/** The lines of all steps, what each departure overtook, and what is broken in the end. */
export function story(steps: readonly Step[], options: MistakeOptions = {}): readonly string[] {
  const { broken, label = typeOf, tape = [], width = widthDefault } = options;
  const why = outOfTurn({ steps, tape }, label);
  const lines = steps.flatMap((step) => {
    const [head = '', ...details] = storyOf(step, options);
    const reason = why.get(step.index);
    const note = reason === undefined ? [] : [cut(plain(`${indent}  ${reason}`), width)];
    return [...(step.index === broken?.loop?.from ? [again] : []), head, ...note, ...details];
  });
  return broken === undefined ? lines : [...lines, ...ending(broken, width)];
}

const widthDefault = 100;
const again = '        from here on it comes again and again:';

function ending({ message, name }: BrokenProperty, width: number): readonly string[] {
  return fold(plain(`"${name}" is broken: ${message}`), width);
}

/** A text in lines of at most `width`, broken between words where that is possible. */
function fold(text: string, width: number): readonly string[] {
  if (text.length <= width) return [text];
  const space = text.lastIndexOf(' ', width);
  const end = space > width / 2 ? space : width;
  return [text.slice(0, end), ...fold(text.slice(end).trimStart(), width)];
}

function choiceWords({ choice }: Step, label: Label, width: number): string {
  if (choice === undefined) return 'start';
  switch (choice.type) {
    case 'deliver':
    case 'drop':
    case 'duplicate':
      return `${choice.type} ${label(choice.event)} ${choice.from} -> ${choice.to}  ${briefData(choice.event, width)}`.trimEnd();
    case 'fire':
    case 'early':
      return `${choice.type === 'fire' ? 'fire' : 'fire early'} ${typeOf(choice.event)} at ${choice.actor}  ${briefData(choice.event, width)}`.trimEnd();
    case 'input':
      return `${describeChoice(choice)}  ${briefData(choice.event, width)}`.trimEnd();
    case 'crash':
    case 'heal':
    case 'partition':
    case 'pause':
    case 'restart':
    case 'resume':
      return describeChoice(choice);
    default:
      return unreachable(choice);
  }
}

const dataLength = 60;

/** What an actor received is the choice itself, and how its state moved is its own affair. */
function happeningWords(happening: Happening, label: Label): string | undefined {
  switch (happening.type) {
    case 'received':
    case 'moved':
      return undefined;
    case 'sent':
      return `${happening.from} sends ${label(happening.event)} to ${happening.to}`;
    case 'scheduled':
      return isWork(happening)
        ? `${happening.actor} leaves itself ${typeOf(happening.event)}`
        : `${happening.actor} sets a timer: ${typeOf(happening.event)}, ${happening.windows.map(moment).join(' or ')}`;
    case 'cancelled':
      return `${happening.actor} cancels a timer: ${readable(happening.id)}`;
    case 'started':
      return `${happening.actor} starts (${happening.logic})`;
    case 'stopped':
      return `${happening.actor} stops`;
    case 'emitted':
      return `${happening.actor} announces ${happening.event.type}  ${briefData(happening.event, dataLength)}`.trimEnd();
    case 'acted':
      return `${happening.actor} acts: ${happening.name}${happening.params === undefined ? '' : ` ${brief(happening.params, dataLength)}`}`;
    case 'logged':
      return `${happening.actor} logs ${happening.label ?? ''} ${brief(happening.value, dataLength)}`;
    case 'failed':
      return `${happening.actor} FAILS: ${brief(happening.error, dataLength)}`;
    case 'lost':
      return `LOST (${happening.why}): ${label(happening.event)} ${happening.from} -> ${happening.to}`;
    default:
      return unreachable(happening);
  }
}

/** Whether a timer waits for no time to pass: it is work that comes in any order with all other work. */
export function isWork({ windows }: { readonly windows: readonly number[] }): boolean {
  return windows.every((window) => window === 0);
}
