/** How many different worlds were seen after how many schedules. */

/** A point of the curve. */
export interface Point {
  readonly schedules: number;
  readonly worlds: number;
}

/** A curve in the making; it keeps its shape with few points. */
export interface Curve {
  readonly add: (point: Point) => void;
  readonly points: () => readonly Point[];
}

const pointsMax = 400;

/** A curve without points. */
export function createCurve(): Curve {
  let points: readonly Point[] = [{ schedules: 0, worlds: 0 }];
  return {
    add: (point) => {
      if (point.schedules <= (points.at(-1)?.schedules ?? 0)) return;
      points = [...points, point];
      if (points.length > pointsMax)
        points = points.filter((_, index) => index % 2 === 0 || index === points.length - 1);
    },
    points: () => points,
  };
}

const bars = '▁▂▃▄▅▆▇█';
const width = 24;

/** The curve in one line of bars: alike where nothing new comes any more. */
export function sparkline(points: readonly Point[]): string {
  const last = points.at(-1);
  if (last === undefined || last.schedules === 0) return '';
  return Array.from({ length: width }, (_, index) => {
    const until = (last.schedules * (index + 1)) / width;
    const seen = points.findLast(({ schedules }) => schedules <= until)?.worlds ?? 0;
    const height = Math.round((seen / Math.max(1, last.worlds)) * (bars.length - 1));
    return bars[Math.min(bars.length - 1, height)] ?? '';
  }).join('');
}
