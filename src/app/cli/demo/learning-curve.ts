/** The curve of a run that trains, as a picture of characters and as SVG. */
import { lineY, plot, ruleY } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import asciiChart from 'simple-ascii-chart';

/** What a tutorial measured, by worker. */
export interface Curves {
  readonly curves: Readonly<Record<string, readonly number[]>>;
  readonly measure: string;
}

/** The curves of what a run ended with, if it has some. */
export function curvesOf(value: unknown): Curves | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!('curves' in value) || !('measure' in value) || typeof value.measure !== 'string') {
    return undefined;
  }
  const { curves } = value;
  if (typeof curves !== 'object' || curves === null) return undefined;
  const lines = Object.entries(curves).filter((entry): entry is [string, readonly number[]] =>
    isNumbers(entry[1]),
  );
  return { curves: Object.fromEntries(lines), measure: value.measure };
}

/** The curves drawn with characters, at most so wide; several share one picture. */
export function drawCurves({ curves, measure }: Curves, width: number): string {
  const lines = Object.values(curves).map((values) =>
    values.map((value, step): [number, number] => [step + 1, value]),
  );
  return asciiChart(lines, {
    formatter: (value, { axis }) => (axis === 'y' ? Number(value.toPrecision(3)) : value),
    height: heightInLines,
    title: `${measure} of ${Object.keys(curves).join(', ')}`,
    width: Math.max(widthMin, width - margin),
  });
}

/** The curves as an SVG file. */
export function svgOf({ curves, measure }: Curves): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const points = Object.entries(curves).flatMap(([worker, values]) =>
    values.map((value, step) => ({ step: step + 1, value, worker })),
  );
  const figure = plot({
    document,
    marks: [ruleY([0]), lineY(points, { stroke: 'worker', x: 'step', y: 'value' })],
    x: { label: 'step' },
    y: { grid: true, label: measure },
  });
  figure.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return `${figure.outerHTML}\n`;
}

const heightInLines = 14;
// Labels of the axis, and the least that shows a line at all.
const margin = 14;
const widthMin = 20;

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'number');
}
