/**
 * A run as a picture that stands alone: time goes down, a line for each node, a slanted arrow for each message
 * from the step that sent it to the step in which it arrived. Names and labels are escaped: they come from
 * anywhere.
 */
import { unreachable } from '../../core/errors.ts';
import type { Step } from '../../kernel/step.ts';
import type { RowOptions } from '../rows.ts';
import { cut, moment } from '../words.ts';
import { causedRun, networkLane, wordsOf } from './causes.ts';
import type { CausedEvent } from './causes.ts';
import { escapeMarkup } from './markup.ts';

/** How the picture looks. */
export interface SvgOptions extends RowOptions {
  /** Events after which the rest is only counted; 500 unless given. */
  readonly rowsMax?: number;
  /** What the picture is called for those who cannot see it. */
  readonly title?: string;
}

const rowsMaxDefault = 500;
const gutter = 60;
const head = 60;
const labelMax = 30;
const margin = 40;
const pitch = 240;
const rowHeight = 24;

/** The text of the picture, in pixels. */
export function svg(steps: readonly Step[], options: SvgOptions = {}): string {
  const { rowsMax = rowsMaxDefault, title = 'A run' } = options;
  const { events, lanes } = causedRun(steps, options);
  const shown = events.slice(0, rowsMax);
  const columns = lanes.filter((lane) => lane !== networkLane);
  const scene: Scene = {
    events: shown,
    x: (lane) => gutter + pitch * columns.indexOf(lane) + pitch / 2,
    y: (place) => head + rowHeight * place + rowHeight / 2,
  };
  const left = events.length - shown.length;
  const [width, bottom] = [
    gutter + pitch * columns.length + margin,
    head + rowHeight * shown.length,
  ];
  const height = bottom + 2 * rowHeight;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">`,
    `<title id="title">${escapeMarkup(title)}</title>`,
    `<style>${style}</style>`,
    '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path class="head" d="M0 0 8 4 0 8z"/></marker></defs>',
    `<rect class="page" width="${width}" height="${height}"/>`,
    ...columns.flatMap((lane) => laneParts(scene, lane, bottom)),
    ...shown.flatMap((event, place) => eventParts(scene, event, place)),
    ...(left > 0 ? [text([gutter, bottom + rowHeight], `… and ${left} more events`, 'time')] : []),
    '</svg>',
  ];
  return `${parts.join('\n')}\n`;
}

const style = `
  text { font: 12px system-ui, sans-serif; fill: #1c2430; paint-order: stroke; stroke: #fff; stroke-width: 3px; }
  .page { fill: #fff; } .lane { stroke: #9aa5b4; } .down { stroke: #c0392b; stroke-dasharray: 3 4; }
  .name { font-weight: 600; text-anchor: middle; } .time { fill: #667; font-size: 11px; }
  .own { fill: #556; font-size: 11px; } .mid { text-anchor: middle; }
  .message { stroke: #2563ab; fill: none; } .arrow { marker-end: url(#head); } .head, .dot { fill: #2563ab; }
  .lost { stroke: #c0392b; fill: none; stroke-dasharray: 5 3; } .fault { fill: #c0392b; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e8ecf2; stroke: #12161d; } .page { fill: #12161d; } .time, .own { fill: #a7b1c0; }
    .message { stroke: #6fb1ff; } .head, .dot { fill: #6fb1ff; } .lost, .down { stroke: #ff8a7a; } .fault { fill: #ff8a7a; }
  }
`;

interface Scene {
  readonly events: readonly CausedEvent[];
  readonly x: (lane: string) => number;
  readonly y: (place: number) => number;
}

function laneParts(scene: Scene, lane: string, bottom: number): readonly string[] {
  const x = scene.x(lane);
  const parts = [text([x, head - 24], cut(lane, labelMax), 'name')];
  let from = head - 12;
  let isDown = false;
  for (const [place, event] of scene.events.entries()) {
    if (event.lane !== lane || (event.kind !== 'crash' && event.kind !== 'restart')) continue;
    parts.push(line([x, from], [x, scene.y(place)], isDown ? 'down' : 'lane'));
    from = scene.y(place);
    isDown = event.kind === 'crash';
  }
  return [...parts, line([x, from], [x, bottom], isDown ? 'down' : 'lane')];
}

function eventParts(scene: Scene, event: CausedEvent, place: number): readonly string[] {
  const y = scene.y(place);
  return [
    text([8, y + 4], `#${event.step} ${moment(event.at)}`, 'time'),
    ...(event.lane === networkLane
      ? networkParts(scene, event, place)
      : [...arrowParts(scene, event, place), ...dotParts(scene, event, y)]),
  ];
}

/** The dot of an event; what no arrow explains has its words beside it. */
function dotParts({ x }: Scene, event: CausedEvent, y: number): readonly string[] {
  const at = x(event.lane);
  const isArrow = event.message !== undefined && event.message.from !== event.message.to;
  const isFault = event.kind === 'crash' || event.kind === 'pause' || event.kind === 'early';
  return [
    `<circle class="${isFault ? 'fault' : 'dot'}" cx="${at}" cy="${y}" r="4"><title>${escapeMarkup(wordsOf(event))}</title></circle>`,
    ...(isArrow ? [] : [text([at + 9, y + 4], cut(ownWords(event), labelMax / 2 + 4), 'own')]),
  ];
}

function ownWords(event: CausedEvent): string {
  switch (event.kind) {
    case 'deliver':
    case 'fire':
      return event.label;
    case 'crash':
    case 'pause':
    case 'restart':
    case 'resume':
    case 'start':
      return event.kind;
    case 'drop':
    case 'duplicate':
    case 'early':
    case 'heal':
    case 'input':
    case 'partition':
      return wordsOf(event);
    default:
      return unreachable(event.kind);
  }
}

function arrowParts(scene: Scene, event: CausedEvent, place: number): readonly string[] {
  const { label, message } = event;
  if (message === undefined || message.from === message.to) return [];
  const end: Point = [scene.x(message.to), scene.y(place)];
  const start = startOf(scene, event, place);
  return [
    line(start, end, 'message arrow'),
    text([between(start[0], end[0]), between(start[1], end[1]) - 3], cut(label, labelMax), 'mid'),
  ];
}

/** A message that the network loses or doubles ends half way; a partition crosses all lanes. */
function networkParts(scene: Scene, event: CausedEvent, place: number): readonly string[] {
  const { message } = event;
  const y = scene.y(place);
  if (message === undefined) return [text([gutter, y + 4], wordsOf(event), 'fault')];
  const start = startOf(scene, event, place);
  const x = (scene.x(message.from) + scene.x(message.to)) / 2;
  const sign = event.kind === 'duplicate' ? '⧉' : '✕';
  return [
    line(start, [x, y], event.kind === 'duplicate' ? 'message' : 'lost'),
    text([x, y + 4], `${sign} ${cut(event.label, labelMax)}`, 'fault mid'),
  ];
}

/** Nearer to the receiver: beside the sender stand the words of its own step. */
function between(start: number, end: number): number {
  return Math.round(start + (end - start) * 0.65);
}

type Point = readonly [number, number];

/** Where a message left its lane; in its own row where that is not known. */
function startOf(scene: Scene, { cause, message }: CausedEvent, place: number): Point {
  const from = message?.from ?? '';
  const sent = cause === undefined ? undefined : scene.events[cause];
  const isOwn = sent !== undefined && cause !== undefined && sent.lane === from;
  return [scene.x(from), scene.y(isOwn ? cause : place)];
}

function line([x1, y1]: Point, [x2, y2]: Point, name: string): string {
  return `<line class="${name}" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`;
}

function text([x, y]: Point, words: string, name: string): string {
  return `<text class="${name}" x="${x}" y="${y}">${escapeMarkup(words)}</text>`;
}
