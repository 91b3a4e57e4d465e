/** The layout library, which is brought in when the first graph is drawn. */
import type * as dagre from '@dagrejs/dagre';

import { SimulationError } from '../../../../core/errors.ts';

/** What of it is used. */
type Library = Pick<typeof dagre, 'Graph' | 'layout'>;

/** A box to be placed; `parent` is the box that it lies in. */
export interface Box {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly parent?: string;
}

/** A line between two boxes, and the room for its label. */
export interface Line {
  readonly from: string;
  readonly to: string;
  readonly labelWidth: number;
}

/** Where everything went; boxes by their middle. */
export interface Placed {
  readonly width: number;
  readonly height: number;
  readonly boxes: ReadonlyMap<string, PlacedBox>;
  /** In the order of the lines. */
  readonly lines: readonly PlacedLine[];
}

/** A box by its middle. */
export interface PlacedBox extends Point {
  readonly width: number;
  readonly height: number;
}

/** The way of a line, and where its label goes. */
export interface PlacedLine {
  readonly points: readonly Point[];
  readonly label: Point | undefined;
}

/** A place, in pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** From top to bottom, or from left to right. */
export type Direction = 'LR' | 'TB';

interface Problem {
  readonly boxes: readonly Box[];
  readonly direction: Direction;
  readonly lines: readonly Line[];
}

const labelHeight = 16;

/**
 * Places boxes and lines.
 *
 * @throws {SimulationError} `viewer/no-layout` where the page came without the library.
 */
export function place({ boxes, direction, lines }: Problem): Placed {
  const { Graph, layout } = library();
  const graph = new Graph({ compound: true, multigraph: true });
  graph.setGraph({ marginx: 8, marginy: 8, nodesep: 24, rankdir: direction, ranksep: 36 });
  for (const { height, id, width } of boxes) graph.setNode(id, { height, width });
  for (const { id, parent } of boxes) if (parent !== undefined) graph.setParent(id, parent);
  for (const [index, { from, labelWidth, to }] of lines.entries()) {
    const room = { height: labelHeight, labelpos: 'c', width: labelWidth };
    graph.setEdge(from, to, labelWidth > 0 ? room : {}, `line ${index}`);
  }
  layout(graph);
  const { height = 0, width = 0 } = graph.graph();
  return {
    boxes: new Map(boxes.map(({ id }) => [id, boxIn(graph.node(id))])),
    height,
    lines: lines.map(({ from, labelWidth, to }, index) => {
      const edge: unknown = graph.edge(from, to, `line ${index}`);
      const line = lineIn(edge, labelWidth > 0);
      // The library leaves room for those that come back to where they start, but draws them awry.
      return from === to ? { ...line, points: loopOf(boxIn(graph.node(from))) } : line;
    }),
    width,
  };
}

function boxIn(node: unknown): PlacedBox {
  return { height: numberIn(node, 'height'), width: numberIn(node, 'width'), ...pointIn(node) };
}

function lineIn(edge: unknown, hasLabel: boolean): PlacedLine {
  const points =
    typeof edge === 'object' && edge !== null && 'points' in edge && Array.isArray(edge.points)
      ? edge.points.map(pointIn)
      : [];
  return { label: hasLabel ? pointIn(edge) : undefined, points };
}

/** From the right side of a box back to it. */
function loopOf({ height, width, x, y }: PlacedBox): readonly Point[] {
  const [side, by] = [x + width / 2, Math.min(12, height / 3)];
  return [
    { x: side, y: y - by },
    { x: side + 22, y: y - by },
    { x: side + 22, y: y + by },
    { x: side, y: y + by },
  ];
}

function pointIn(value: unknown): Point {
  return { x: numberIn(value, 'x'), y: numberIn(value, 'y') };
}

function numberIn(value: unknown, key: string): number {
  if (typeof value !== 'object' || value === null) return 0;
  const found: unknown = Reflect.get(value, key);
  return typeof found === 'number' ? found : 0;
}

function library(): Library {
  const known = loaded();
  if (known !== undefined) return known;
  const code = document.querySelector('#orrery-layout')?.textContent ?? '';
  const script = document.createElement('script');
  script.textContent = code;
  document.head.append(script);
  const now = loaded();
  if (now !== undefined) return now;
  throw new SimulationError(
    'viewer/no-layout',
    'This page came without the library that lays graphs out. Build it with "npm run build".',
  );
}

function loaded(): Library | undefined {
  const found: unknown = Reflect.get(globalThis, 'orreryLayout');
  return isLibrary(found) ? found : undefined;
}

function isLibrary(value: unknown): value is Library {
  return typeof value === 'object' && value !== null && 'Graph' in value && 'layout' in value;
}
