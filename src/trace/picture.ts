/**
 * A run as the rows of a picture with one lane for each node. Only what passes between nodes has a row
 * of its own. What nodes do by themselves between two such rows cannot be ordered from outside, so all
 * of it shares one row: the picture shows causes, not coincidence.
 */
import { rootOf } from '../core/address.ts';
import type { Address } from '../core/brand.ts';
import { unreachable } from '../core/errors.ts';
import type { Choice } from '../kernel/choice.ts';
import type { Happening, Step } from '../kernel/step.ts';
import { createPost } from './post.ts';
import type { InFlight, Post } from './post.ts';
import type { LocalRow, MarkRow, MessageRow, Naming, Note, Row, RowOptions } from './rows.ts';
import { plain, typeOf } from './words.ts';

/** All rows, the nodes in order of first appearance, and what was still under way between nodes. */
export interface Picture {
  readonly lanes: readonly string[];
  readonly rows: readonly Row[];
  readonly inFlight: readonly InFlight[];
}

/** The rows of a run. */
export function pictureOf(steps: readonly Step[], options: RowOptions = {}): Picture {
  const { label = typeOf, laneOf = rootOf } = options;
  const naming: Naming = {
    label: (event) => plain(label(event)),
    laneOf: (at) => plain(laneOf(at)),
  };
  const post = createPost(naming);
  const album = createAlbum();
  for (const step of steps) {
    for (const row of choiceRows(step, naming, post)) album.add(row);
    for (const row of sideRows(step, naming)) album.add(row);
    post.send(step);
  }
  const { rows } = album;
  return { lanes: lanesOf(steps, rows, naming), rows, inFlight: post.left() };
}

function choiceRows(step: Step, naming: Naming, post: Post): readonly Row[] {
  const { at, choice, index } = step;
  if (choice === undefined) return [];
  switch (choice.type) {
    case 'deliver':
    case 'drop':
      return messageRows(step, choice, { naming, post });
    case 'duplicate':
      return [
        markRow(step, 'duplicate', {
          lane: naming.laneOf(choice.from),
          label: naming.label(choice.event),
        }),
      ];
    case 'fire': {
      const [lane, text] = [naming.laneOf(choice.actor), plain(typeOf(choice.event))];
      // What waits for no time to pass is work that an actor left for itself.
      if (post.isWork(choice)) return [localRow(step, lane, text)];
      return [markRow(step, 'timer', { lane, label: text })];
    }
    case 'early':
      return [
        markRow(step, 'early', {
          lane: naming.laneOf(choice.actor),
          label: plain(typeOf(choice.event)),
        }),
      ];
    case 'input':
      return [
        markRow(step, 'input', {
          lane: naming.laneOf(choice.actor),
          label: naming.label(choice.event),
        }),
      ];
    case 'partition':
    case 'heal':
      return [
        { type: 'split', at, step: index, label: `${choice.type} ${plain(choice.partition)}` },
      ];
    case 'crash':
    case 'pause':
    case 'restart':
    case 'resume':
      return [markRow(step, choice.type, { lane: plain(choice.node), label: '' })];
    default:
      return unreachable(choice);
  }
}

function markRow(
  { at, index }: Step,
  mark: MarkRow['mark'],
  { lane, label }: Pick<MarkRow, 'label' | 'lane'>,
): MarkRow {
  return { type: 'mark', at, step: index, lane, mark, label: plain(label) };
}

type AnyMessageChoice = Extract<Choice, { readonly from: Address }>;

interface Tools {
  readonly naming: Naming;
  readonly post: Post;
}

function messageRows(
  step: Step,
  choice: AnyMessageChoice,
  { naming, post }: Tools,
): readonly Row[] {
  const { at, index } = step;
  const [from, to] = [naming.laneOf(choice.from), naming.laneOf(choice.to)];
  const label = naming.label(choice.event);
  const late = post.arrive(choice);
  const [first] = step.happened;
  const fate = first?.type === 'lost' ? { lost: first.why } : {};
  if (from !== to) {
    const sent = late === undefined ? {} : { sentIn: late };
    return [{ type: 'message', at, step: index, from, to, label, ...fate, ...sent }];
  }
  return [localRow(step, to, 'lost' in fate ? `${label} lost (${fate.lost})` : label)];
}

function localRow({ at, index }: Step, lane: string, text: string): LocalRow {
  return { type: 'local', at, step: index, notes: new Map([[lane, [{ text, count: 1 }]]]) };
}

/** What else can be seen of a step: who started or failed, announcements, and what was lost on sending. */
function sideRows(step: Step, { laneOf, label }: Naming): readonly Row[] {
  return step.happened.flatMap((happening, place): readonly Row[] => {
    switch (happening.type) {
      case 'started':
        return step.choice === undefined ? [localRow(step, laneOf(happening.actor), 'start')] : [];
      case 'emitted':
        return [localRow(step, laneOf(happening.actor), `!${plain(happening.event.type)}`)];
      case 'acted':
        return [localRow(step, laneOf(happening.actor), `${plain(happening.name)}()`)];
      case 'failed':
        return [localRow(step, laneOf(happening.actor), 'FAILED')];
      case 'lost':
        return place === 0 && isOfMessage(step)
          ? []
          : [lostRow(step, happening, { laneOf, label })];
      case 'cancelled':
      case 'logged':
      case 'moved':
      case 'received':
      case 'scheduled':
      case 'sent':
      case 'stopped':
        return [];
      default:
        return unreachable(happening);
    }
  });
}

/** Whether the first thing that happened is the fate of the message that the step is about. */
function isOfMessage({ choice }: Step): boolean {
  return choice?.type === 'deliver' || choice?.type === 'drop';
}

function lostRow(
  { at, index }: Step,
  { event, from, to, why }: Extract<Happening, { readonly type: 'lost' }>,
  { label, laneOf }: Naming,
): MessageRow {
  const ends = { from: laneOf(from), to: laneOf(to) };
  return { type: 'message', at, step: index, ...ends, label: label(event), lost: why };
}

interface Album {
  readonly add: (row: Row) => void;
  readonly rows: readonly Row[];
}

/** Local rows that follow one another become one. */
function createAlbum(): Album {
  const rows: Row[] = [];
  let open: Map<string, Note[]> | undefined;
  return {
    rows,
    add: (row) => {
      if (row.type !== 'local') {
        open = undefined;
        rows.push(row);
        return;
      }
      const isFirst = open === undefined;
      open ??= new Map();
      for (const [lane, notes] of row.notes) {
        const known = open.get(lane);
        if (known === undefined) open.set(lane, [...notes]);
        else append(known, notes);
      }
      if (isFirst) rows.push({ ...row, notes: open });
      else rows[rows.length - 1] = { ...row, notes: open };
    },
  };
}

function append(known: Note[], added: readonly Note[]): void {
  for (const note of added) {
    const last = known.at(-1);
    if (last?.text !== note.text) known.push(note);
    else known[known.length - 1] = { ...last, count: last.count + note.count };
  }
}

function lanesOf(
  steps: readonly Step[],
  rows: readonly Row[],
  { laneOf }: Naming,
): readonly string[] {
  const declared = (steps[0]?.happened ?? []).flatMap((happening) =>
    happening.type === 'started' ? [laneOf(happening.actor)] : [],
  );
  return [...new Set([...declared, ...rows.flatMap(lanesOfRow)])];
}

function lanesOfRow(row: Row): readonly string[] {
  switch (row.type) {
    case 'message':
      return [row.from, row.to];
    case 'local':
      return [...row.notes.keys()];
    case 'mark':
      return [row.lane];
    case 'split':
      return [];
    default:
      return unreachable(row);
  }
}
