/**
 * A space-time diagram in text: time goes down, each node has a column, each message is an arrow in the
 * row in which it arrives.
 */
import { unreachable } from '../core/errors.ts';
import type { Step } from '../kernel/step.ts';
import { arrow, canvas, columnOf, gridFor, lanesMax, note, roomBetween } from './grid.ts';
import type { Canvas, Grid, LaneState } from './grid.ts';
import { pictureOf } from './picture.ts';
import type { Picture } from './picture.ts';
import type { InFlight } from './post.ts';
import type { LocalRow, MarkRow, MessageRow, Note, Row, RowOptions } from './rows.ts';
import { story } from './story.ts';
import { cut, moment, shorten } from './words.ts';

/** How the diagram looks. */
export interface SpaceTimeOptions extends RowOptions {
  /** Columns; 100 unless given. */
  readonly width?: number;
  /** Rows after which the rest is only counted; 500 unless given. */
  readonly rowsMax?: number;
}

const widthDefault = 100;
const rowsMaxDefault = 500;

/**
 * The diagram of a run. Where its nodes do not fit side by side, it says so and lists the steps instead.
 */
export function spaceTime(steps: readonly Step[], options: SpaceTimeOptions = {}): string {
  const { rowsMax = rowsMaxDefault, width = widthDefault } = options;
  const picture = pictureOf(steps, options);
  const grid = gridFor(picture.lanes.length, width);
  const lines =
    grid === undefined
      ? listInstead(steps, picture.lanes.length, { ...options, rowsMax, width })
      : draw(picture, grid, rowsMax);
  return `${lines.join('\n')}\n`;
}

function listInstead(
  steps: readonly Step[],
  count: number,
  {
    rowsMax,
    width,
    label,
  }: SpaceTimeOptions & { readonly rowsMax: number; readonly width: number },
): readonly string[] {
  const lines = story(steps, label === undefined ? { width } : { width, label });
  return [
    ...wrap(
      `${count} nodes do not fit side by side into ${width} columns (at most ${lanesMax(width)} do), so here is the list:`,
      width,
    ),
    ...lines.slice(0, rowsMax),
    ...(lines.length > rowsMax ? [`… and ${lines.length - rowsMax} more lines.`] : []),
  ];
}

/** What the rows share while they are drawn. */
interface Sheet {
  readonly grid: Grid;
  readonly lanes: readonly string[];
  /** Full labels by what was written in their place. */
  readonly shortened: Map<string, Set<string>>;
  readonly states: LaneState[];
}

function draw({ inFlight, lanes, rows }: Picture, grid: Grid, rowsMax: number): readonly string[] {
  const sheet: Sheet = { grid, lanes, shortened: new Map(), states: lanes.map(() => 'up') };
  const shown = rows.slice(0, rowsMax);
  let last: number | undefined;
  const body = shown.map((row) => {
    const time = row.at === last ? '' : moment(row.at);
    last = row.at;
    return drawRow(sheet, row, `${String(row.step).padStart(5)} ${time.padStart(11)}`);
  });
  const cutOff =
    rows.length > rowsMax
      ? [`… and ${rows.length - rowsMax} more rows, up to step ${rows.at(-1)?.step}.`]
      : [];
  return [...headings(sheet), ...body, ...cutOff, ...footnotes(sheet, rows, inFlight)];
}

function headings({ grid, lanes, states }: Sheet): readonly string[] {
  const isNamed = areNamed(lanes, grid);
  const head = canvas(grid, [], ' step        time');
  for (const [lane, name] of lanes.entries()) {
    head.draw(columnOf(grid, lane), isNamed ? name : String(lane));
  }
  const names = lanes.map((name, lane) => `${lane} = ${name}`).join(', ');
  return [
    ...(isNamed ? [] : wrap(names, grid.width)),
    head.text(),
    canvas(grid, states, '').text(),
  ];
}

function areNamed(lanes: readonly string[], grid: Grid): boolean {
  return lanes.every((name) => name.length < grid.pitch);
}

function drawRow(sheet: Sheet, row: Row, gutter: string): string {
  const target = canvas(sheet.grid, sheet.states, gutter);
  switch (row.type) {
    case 'message':
      drawMessage(sheet, target, row);
      return target.text();
    case 'local':
      drawLocal(sheet, target, row);
      return target.text();
    case 'mark':
      drawMark(sheet, target, row);
      return target.text();
    case 'split': {
      const { gutter: start, width } = sheet.grid;
      target.draw(start, `══ ${row.label} ${'═'.repeat(width)}`);
      return target.text();
    }
    default:
      return unreachable(row);
  }
}

function drawMessage(sheet: Sheet, target: Canvas, row: MessageRow): void {
  const { grid } = sheet;
  const [from, to] = [sheet.lanes.indexOf(row.from), sheet.lanes.indexOf(row.to)];
  const fate = row.lost === undefined ? '' : ` (lost: ${row.lost})`;
  const late = row.sentIn === undefined ? '' : ` ^${row.sentIn}`;
  const isLost = row.lost !== undefined;
  if (grid.margin > 0) {
    arrow(target, grid, { from, to, isLost, label: '' });
    inMargin(sheet, target, `${row.label}${late}${fate}`);
    return;
  }
  const room = Math.max(1, roomBetween(grid, from, to) - late.length);
  const isRoomy = row.label.length + fate.length <= room;
  const label = isRoomy ? row.label + fate : labelIn(sheet, row.label, room);
  if (from !== to) arrow(target, grid, { from, to, isLost, label: label + late });
  else note(target, grid, { lane: to, mark: isLost ? 'x' : '*', text: label });
}

function drawLocal(sheet: Sheet, target: Canvas, row: LocalRow): void {
  const { grid } = sheet;
  for (const [name, notes] of row.notes) {
    const isStart = notes.every(({ text }) => text === 'start');
    const mark = isStart ? 'o' : '*';
    note(target, grid, {
      lane: sheet.lanes.indexOf(name),
      mark,
      text: notesIn(notes, grid.pitch - 3),
    });
  }
  if (grid.margin === 0) return;
  const steps = [...row.notes.values()].flat().reduce((sum, { count }) => sum + count, 0);
  const [only, ...others] = row.notes.values();
  const text = others.length === 0 ? notesIn(only ?? [], grid.margin - 2) : `${steps} local steps`;
  inMargin(sheet, target, text);
}

const markSigns: Readonly<Record<MarkRow['mark'], string>> = {
  timer: 'T',
  input: 'I',
  crash: 'X',
  restart: 'o',
  pause: 'P',
  resume: 'o',
  duplicate: 'D',
  early: 'E',
};

const stateAfter: Readonly<Partial<Record<MarkRow['mark'], LaneState>>> = {
  crash: 'down',
  restart: 'up',
  pause: 'paused',
  resume: 'up',
};

function drawMark(sheet: Sheet, target: Canvas, row: MarkRow): void {
  const { grid } = sheet;
  const lane = sheet.lanes.indexOf(row.lane);
  const words = `${row.mark} ${row.label}`.trim();
  if (grid.margin > 0) inMargin(sheet, target, words);
  note(target, grid, {
    lane,
    mark: markSigns[row.mark],
    text: labelIn(sheet, words, grid.pitch - 3),
  });
  sheet.states[lane] = stateAfter[row.mark] ?? sheet.states[lane] ?? 'up';
}

function inMargin({ grid, lanes }: Sheet, target: Canvas, text: string): void {
  target.draw(columnOf(grid, lanes.length), cut(text, grid.margin - 1));
}

/** A label cut to the room; what was cut is explained below the diagram. */
function labelIn({ grid, shortened }: Sheet, label: string, room: number): string {
  const short = shorten(label, room);
  if (short !== label && grid.margin === 0) {
    shortened.set(short, (shortened.get(short) ?? new Set()).add(label));
  }
  return short;
}

/** As many notes as fit, and how many there are besides. */
function notesIn(notes: readonly Note[], room: number): string {
  const words = notes.map(({ count, text }) => (count > 1 ? `${text} ×${count}` : text));
  for (let shown = words.length; shown > 0; shown -= 1) {
    const rest = notes.slice(shown).reduce((sum, { count }) => sum + count, 0);
    const text = words.slice(0, shown).join(', ') + (rest > 0 ? ` +${rest}` : '');
    if (text.length <= room || shown === 1) {
      const more = rest > 0 ? ` +${rest}` : '';
      return text.length <= room ? text : shorten(words[0] ?? '', room - more.length) + more;
    }
  }
  return '';
}

const listedMax = 6;

function footnotes(
  { grid, shortened }: Sheet,
  rows: readonly Row[],
  inFlight: readonly InFlight[],
): readonly string[] {
  const words = [...shortened].map(([short, labels]) => `${short} = ${[...labels].join(' or ')}`);
  const isLate = rows.some((row) => row.type === 'message' && row.sentIn !== undefined);
  const under = inFlight
    .slice(0, listedMax)
    .map(({ from, label, to }) => `${label} ${from} -> ${to}`);
  const more = inFlight.length > listedMax ? [`and ${inFlight.length - listedMax} more`] : [];
  return [
    ...words.flatMap((word) => wrap(word, grid.width)),
    ...(isLate ? ['^n: sent in step n, before what overtook it.'] : []),
    ...(under.length === 0
      ? []
      : wrap(`Under way at the end: ${[...under, ...more].join(', ')}`, grid.width)),
  ];
}

/** A text in lines of at most `width` columns, broken at blanks where there are any. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const blank = rest.lastIndexOf(' ', width);
    const end = blank > 0 ? blank : width;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...lines, rest];
}
