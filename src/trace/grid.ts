/** The columns of a space-time diagram: where lanes stand, and texts and arrows drawn into a row. */
import { cut } from './words.ts';

/** Where the lanes stand in a row. */
export interface Grid {
  /** Columns before the first lane: step and time. */
  readonly gutter: number;
  /** Columns from one lane to the next. */
  readonly pitch: number;
  /** Columns right of the lanes, for labels that do not fit between them; 0 where they do. */
  readonly margin: number;
  readonly width: number;
}

/** How a lane looks in a row in which nothing happens to it. */
export type LaneState = 'up' | 'down' | 'paused';

const gutterWidth = 19;
/** Narrower, and no message type can be recognised between two lanes. */
const pitchForLabels = 16;
const pitchMin = 3;
const marginWidth = 28;

/** A grid for `count` lanes; `undefined` if they cannot fit. */
export function gridFor(count: number, width: number): Grid | undefined {
  const room = width - gutterWidth;
  const wide = Math.floor(room / Math.max(1, count));
  if (wide >= pitchForLabels) return { gutter: gutterWidth, pitch: wide, margin: 0, width };
  const pitch = Math.floor((room - marginWidth) / Math.max(1, count));
  if (pitch < pitchMin) return undefined;
  return { gutter: gutterWidth, pitch, margin: room - pitch * count, width };
}

/** How many lanes fit at the most. */
export function lanesMax(width: number): number {
  return Math.max(0, Math.floor((width - gutterWidth - marginWidth) / pitchMin));
}

/** A row under way: texts are drawn over what is there. */
export interface Canvas {
  readonly draw: (column: number, text: string) => void;
  readonly text: () => string;
}

/** A row with its lanes drawn. */
export function canvas(grid: Grid, states: readonly LaneState[], gutter: string): Canvas {
  const cells = Array.from({ length: grid.width }, () => ' ');
  const draw = (column: number, text: string): void => {
    for (let index = 0; index < text.length; index += 1) {
      const sign = text.charAt(index);
      if (column + index >= 0 && column + index < grid.width) cells[column + index] = sign;
    }
  };
  draw(0, gutter);
  for (const [lane, state] of states.entries()) draw(columnOf(grid, lane), signs[state]);
  return { draw, text: () => cells.join('').trimEnd() };
}

const signs: Readonly<Record<LaneState, string>> = { up: '│', down: ' ', paused: '┊' };

/** The column of a lane. */
export function columnOf(grid: Grid, lane: number): number {
  return grid.gutter + lane * grid.pitch;
}

/** A text right of a lane, cut to the room there, or in the margin. */
export function note(target: Canvas, grid: Grid, { lane, mark, text }: LaneNote): void {
  const column = columnOf(grid, lane);
  target.draw(column, mark);
  if (grid.margin === 0) target.draw(column + 2, cut(text, grid.pitch - 3));
}

/** What happens on one lane. */
export interface LaneNote {
  readonly lane: number;
  readonly mark: string;
  readonly text: string;
}

/** Columns for the label of an arrow between two lanes. */
export function roomBetween(grid: Grid, from: number, to: number): number {
  return Math.abs(columnOf(grid, to) - columnOf(grid, from)) - 6;
}

/** An arrow from lane to lane; it ends with an `x` on the way when what it carries is lost. */
export function arrow(target: Canvas, grid: Grid, { from, to, isLost, label }: Arrow): void {
  const [start, end] = [columnOf(grid, from), columnOf(grid, to)];
  const [left, right] = start < end ? [start, end] : [end, start];
  const isRight = start < end;
  target.draw(left + 1, '─'.repeat(right - left - 1));
  for (let lane = Math.min(from, to) + 1; lane < Math.max(from, to); lane += 1) {
    target.draw(columnOf(grid, lane), '┼');
  }
  target.draw(start, isRight ? '├' : '┤');
  const head = isRight ? '>' : '<';
  target.draw(isRight ? right - 1 : left + 1, isLost ? 'x' : head);
  if (label === '') return;
  // In the middle of what the arrow's head leaves.
  const first = isRight ? left + 1 : left + 2;
  target.draw(first + Math.floor((right - left - label.length - 4) / 2), ` ${label} `);
}

/** A message on its way. `label` fits, or is empty. */
export interface Arrow {
  readonly from: number;
  readonly to: number;
  readonly isLost: boolean;
  readonly label: string;
}
