/** Draws what can be seen of a diagram, and nothing else: so ten thousand steps cost no more than fifty. */
import type { Around } from '../../../walk/causes.ts';
import type { Fate } from '../../../walk/fate/fates.ts';
import type { Arrow, Diagram, Mark } from '../../model/diagram.ts';
import { endRow, gutter, laneX, rowsIn, rowY } from './geometry.ts';
import type { Frame } from './geometry.ts';
import { createRoom, writeAlong } from './labels.ts';
import type { Room, Shaft } from './labels.ts';
import type { Palette } from './palette.ts';
import { cross, disc, fit, head, ring } from './shapes.ts';

/** What is drawn, and how things stand. */
export interface Scene {
  readonly diagram: Diagram;
  readonly frame: Frame;
  readonly palette: Palette;
  /** The step where one stands. */
  readonly at: number;
  readonly around: Around | undefined;
  /** The steps at which a property broke. */
  readonly broken: ReadonlySet<number>;
  /** What of all that can come breaks a property, along the run. */
  readonly fates: readonly Fate[];
  readonly hovered: Arrow | undefined;
  readonly isShown: (arrow: Arrow) => boolean;
}

/** Draws the scene. */
export function paint(pen: CanvasRenderingContext2D, scene: Scene): void {
  const { diagram, frame } = scene;
  const [first, last] = rowsIn(frame, diagram.marks.length);
  pen.clearRect(0, 0, frame.width, frame.height);
  paintBand(pen, scene);
  paintFates(pen, scene);
  paintLanes(pen, scene);
  const seen = diagram.arrows.filter(
    (arrow) =>
      arrow.fromLane !== arrow.toLane &&
      arrow.sent <= last &&
      endRow(arrow, diagram) >= first &&
      scene.isShown(arrow),
  );
  for (const arrow of seen) paintArrow(pen, scene, arrow);
  const room = createRoom();
  for (let step = first; step <= last; step += 1) {
    const mark = diagram.marks[step];
    if (mark !== undefined) paintMark(pen, { ...scene, room }, mark);
  }
  if (frame.rowHeight < labelled) return;
  for (const arrow of seen) label(pen, { ...scene, room }, arrow);
  pen.globalAlpha = 1;
}

interface Written extends Scene {
  readonly room: Room;
}

function paintBand(pen: CanvasRenderingContext2D, { at, broken, frame, palette }: Scene): void {
  const { height, rowHeight, width } = frame;
  pen.fillStyle = palette.band;
  pen.fillRect(0, rowY(frame, at) - rowHeight / 2, width, rowHeight);
  pen.fillStyle = palette.lost;
  for (const step of broken) {
    const y = rowY(frame, step);
    if (y > -rowHeight && y < height + rowHeight) pen.fillRect(0, y - rowHeight / 2, 4, rowHeight);
  }
}

/** A bar beside the steps, the fuller the more of what can come breaks the property. */
function paintFates(pen: CanvasRenderingContext2D, { fates, frame, palette }: Scene): void {
  for (const [index, { share, step }] of fates.entries()) {
    const next = fates[index + 1]?.step ?? step + 1;
    const [from, to] = [rowY(frame, step - 0.5), rowY(frame, next - 0.5)];
    if (to < 0 || from > frame.height) continue;
    pen.fillStyle = palette.line;
    pen.fillRect(gutter - 4, from, 1, to - from);
    pen.fillStyle = palette.lost;
    pen.fillRect(gutter - 4, from, share * fateWidth, to - from);
  }
}

const fateWidth = 8;

/** Lanes are dashed while their node stands still, and gone while it is down. */
function paintLanes(pen: CanvasRenderingContext2D, { diagram, frame, palette }: Scene): void {
  const end = rowY(frame, diagram.marks.length - 1);
  const changes = new Map<number, Mark[]>();
  for (const mark of diagram.marks) {
    if (mark.lane < 0 || !(mark.kind in dashes)) continue;
    changes.set(mark.lane, [...(changes.get(mark.lane) ?? []), mark]);
  }
  pen.lineWidth = 1.5;
  pen.strokeStyle = palette.line;
  for (const lane of diagram.lanes.keys()) {
    const x = laneX(frame, lane);
    if (x < -10 || x > frame.width + 10) continue;
    let [from, dash] = [rowY(frame, 0), solid];
    for (const mark of changes.get(lane) ?? []) {
      const y = rowY(frame, mark.step);
      stroke(pen, { dash, from, to: y, x });
      [from, dash] = [y, dashes[mark.kind] ?? solid];
    }
    stroke(pen, { dash, from, to: end + frame.rowHeight, x });
  }
  pen.setLineDash(solid);
}

const solid: number[] = [];
const dashes: Readonly<Record<string, number[]>> = {
  crash: [1, 12],
  pause: [4, 4],
  restart: solid,
  resume: solid,
};

interface Stroke {
  readonly dash: number[];
  readonly from: number;
  readonly to: number;
  readonly x: number;
}

function stroke(pen: CanvasRenderingContext2D, { dash, from, to, x }: Stroke): void {
  pen.setLineDash(dash);
  pen.beginPath();
  pen.moveTo(x, Math.max(-20, from));
  pen.lineTo(x, Math.min(to, 10_000));
  pen.stroke();
}

function paintArrow(pen: CanvasRenderingContext2D, scene: Scene, arrow: Arrow): void {
  const { palette } = scene;
  const { from, to } = shaftOf(scene, arrow);
  const isLost = arrow.lost !== undefined;
  pen.globalAlpha = alphaOf(scene, arrow.sent, arrow.ended ?? Infinity);
  pen.strokeStyle = isLost ? palette.lost : palette.message;
  pen.fillStyle = pen.strokeStyle;
  pen.lineWidth = scene.hovered === arrow ? 3 : 1.6;
  pen.setLineDash(arrow.ended === undefined ? [3, 4] : arrow.isCopy === true ? [9, 3] : solid);
  pen.beginPath();
  pen.moveTo(...from);
  pen.lineTo(...to);
  pen.stroke();
  pen.setLineDash(solid);
  const [[x1, y1], [x, y]] = [from, to];
  if (isLost) cross(pen, x, y);
  else if (arrow.ended !== undefined) head(pen, { angle: Math.atan2(y - y1, x - x1), x, y });
  pen.globalAlpha = 1;
}

function shaftOf({ diagram, frame }: Scene, arrow: Arrow): Shaft {
  const [x1, y1] = [laneX(frame, arrow.fromLane), rowY(frame, arrow.sent)];
  const [x2, y2] = [laneX(frame, arrow.toLane), rowY(frame, endRow(arrow, diagram))];
  const share = arrow.lost === undefined ? 1 : lostAt;
  return { from: [x1, y1], to: [x1 + (x2 - x1) * share, y1 + (y2 - y1) * share] };
}

function label(pen: CanvasRenderingContext2D, scene: Written, arrow: Arrow): void {
  const { palette, room } = scene;
  pen.globalAlpha = alphaOf(scene, arrow.sent, arrow.ended ?? Infinity);
  const colour = arrow.lost === undefined ? palette.ink : palette.lost;
  const text = arrow.isCopy === true ? `${arrow.label} (again)` : arrow.label;
  writeAlong(pen, shaftOf(scene, arrow), { colour, palette, room, text });
}

/** Where a lost message ends on its way. */
const lostAt = 0.62;
/** Rows lower than this have no room for words. */
const labelled = 15;

/** What lies ahead is faint, and so is what has nothing to do with the chosen step. */
function alphaOf({ around, at }: Scene, sent: number, ended: number): number {
  if (around !== undefined) {
    const isCause = around.before.has(sent) && around.before.has(ended);
    return isCause || (around.after.has(sent) && around.after.has(ended)) ? 1 : 0.12;
  }
  if (sent > at) return 0.42;
  return ended > at ? 0.75 : 1;
}

function paintMark(pen: CanvasRenderingContext2D, scene: Written, mark: Mark): void {
  const { at, frame, palette } = scene;
  const y = rowY(frame, mark.step);
  pen.globalAlpha = alphaOf(scene, mark.step, mark.step);
  pen.textBaseline = 'middle';
  if (frame.rowHeight >= labelled || mark.step === at) {
    pen.fillStyle = mark.step === at ? palette.accent : palette.faint;
    pen.textAlign = 'right';
    pen.fillText(String(mark.step), 34, y);
    pen.textAlign = 'left';
    pen.fillText(timeOf(mark.at), 42, y);
  }
  if (mark.lane < 0) paintSplit(pen, scene, mark);
  else paintDot(pen, scene, mark);
  pen.globalAlpha = 1;
}

function paintSplit(
  pen: CanvasRenderingContext2D,
  { diagram, frame, palette }: Scene,
  mark: Mark,
): void {
  const y = rowY(frame, mark.step);
  if (mark.kind === 'start') {
    pen.fillStyle = palette.ink;
    for (const lane of diagram.lanes.keys()) disc(pen, laneX(frame, lane), y, 4);
    return;
  }
  pen.strokeStyle = palette.fault;
  pen.setLineDash([8, 5]);
  pen.beginPath();
  pen.moveTo(gutter, y);
  pen.lineTo(frame.width, y);
  pen.stroke();
  pen.setLineDash(solid);
  pen.fillStyle = palette.fault;
  pen.textAlign = 'left';
  pen.fillText(mark.label, gutter + 6, y - 8);
}

function paintDot(
  pen: CanvasRenderingContext2D,
  { at, frame, palette, room }: Written,
  mark: Mark,
): void {
  const [x, y] = [laneX(frame, mark.lane), rowY(frame, mark.step)];
  const isQuiet = mark.kind === 'work' || mark.kind === 'inner';
  const colours: Readonly<Partial<Record<Mark['kind'], string>>> = {
    crash: palette.fault,
    drop: palette.lost,
    duplicate: palette.fault,
    early: palette.timer,
    failed: palette.lost,
    input: palette.input,
    pause: palette.fault,
    timer: palette.timer,
    inner: palette.faint,
    work: palette.faint,
  };
  pen.fillStyle = colours[mark.kind] ?? palette.message;
  disc(pen, x, y, isQuiet ? 3 : 5);
  room.take({ left: x - 8, width: 16, y });
  if (mark.isDeparture) ring(pen, palette.accent, { radius: 8, x, y });
  if (mark.step === at) ring(pen, palette.accent, { radius: 11, x, y });
  if (frame.rowHeight < labelled || mark.kind === 'message') return;
  const words = isQuiet ? mark.label : `${mark.kind} ${mark.label}`;
  pen.fillStyle = isQuiet ? palette.faint : pen.fillStyle;
  pen.textAlign = 'left';
  const text = fit(pen, mark.label === mark.kind ? mark.label : words, frame.laneWidth - 20);
  room.take({ left: x + 11, width: pen.measureText(text).width + 4, y });
  pen.fillText(text, x + 13, y);
}

/** Virtual microseconds in the room of six letters. */
function timeOf(at: number): string {
  if (at < 1_000) return `${at}µs`;
  return at < 1_000_000 ? `${Math.round(at / 100) / 10}ms` : `${Math.round(at / 10_000) / 100}s`;
}
