/** Where things stand in the diagram, in CSS pixels: lanes side by side, a row for each step. */
import type { Arrow, Diagram } from '../../model/diagram.ts';

/** The part of the diagram that can be seen, and how big it is drawn. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly scrollLeft: number;
  readonly scrollTop: number;
  readonly rowHeight: number;
  readonly laneWidth: number;
}

/** Columns before the first lane: the number of the step and its time. */
export const gutter = 92;
const laneWidthMin = 96;
const laneWidthMax = 260;

/** How far apart lanes stand in a window of this width. */
export function laneWidthFor(lanes: number, width: number): number {
  const room = (width - gutter - 24) / Math.max(1, lanes);
  return Math.max(laneWidthMin, Math.min(laneWidthMax, room));
}

/** The middle of a lane in the window. */
export function laneX({ laneWidth, scrollLeft }: Frame, lane: number): number {
  return gutter + laneWidth * (lane + 0.5) - scrollLeft;
}

/** The middle of a row in the window. */
export function rowY({ rowHeight, scrollTop }: Frame, step: number): number {
  return rowHeight * (step + 0.5) - scrollTop;
}

/** The first and the last step that can be seen. */
export function rowsIn(
  { height, rowHeight, scrollTop }: Frame,
  count: number,
): readonly [number, number] {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - 1);
  return [first, Math.min(count - 1, Math.ceil((scrollTop + height) / rowHeight))];
}

/** Where an arrow ends: in its row, or past the last one while it is under way. */
export function endRow({ ended }: Arrow, { marks }: Diagram): number {
  return ended ?? marks.length;
}

/** The step at a height in the window. */
export function stepAt({ rowHeight, scrollTop }: Frame, y: number, count: number): number {
  return Math.max(0, Math.min(count - 1, Math.floor((y + scrollTop) / rowHeight)));
}

/** The arrow that passes closest to a point, if one is near. */
export function arrowAt(
  diagram: Diagram,
  frame: Frame,
  { x, y }: { readonly x: number; readonly y: number },
): Arrow | undefined {
  let best: Arrow | undefined;
  let least = nearEnough;
  for (const arrow of diagram.arrows) {
    if (arrow.fromLane === arrow.toLane) continue;
    const [y1, y2] = [rowY(frame, arrow.sent), rowY(frame, endRow(arrow, diagram))];
    if (y < y1 - nearEnough || y > y2 + nearEnough) continue;
    const [x1, x2] = [laneX(frame, arrow.fromLane), laneX(frame, arrow.toLane)];
    const share = y2 === y1 ? 0 : Math.min(1, Math.max(0, (y - y1) / (y2 - y1)));
    const distance =
      Math.abs(x - (x1 + (x2 - x1) * share)) * Math.min(1, (y2 - y1) / Math.abs(x2 - x1 || 1));
    if (distance < least) [best, least] = [arrow, distance];
  }
  return best;
}

const nearEnough = 7;
