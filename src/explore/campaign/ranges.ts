/** Sets of whole numbers as ranges: which schedules were made. */

/** Numbers from `from` up to, not including, `end`. */
export interface Span {
  readonly end: number;
  readonly from: number;
}

/** Spans in order, none of which touches another. */
export type Spans = readonly Span[];

/** Whether a span has no number in common with the others. */
export function isApart(spans: Spans, { end, from }: Span): boolean {
  return spans.every((span) => end <= span.from || from >= span.end);
}

/** The spans with one more. */
export function withSpan(spans: Spans, added: Span): Spans {
  if (added.end <= added.from) return spans;
  const merged: Span[] = [];
  for (const span of [...spans, added].toSorted((one, other) => one.from - other.from)) {
    const last = merged.at(-1);
    if (last === undefined || last.end < span.from) merged.push(span);
    else merged.splice(-1, 1, { end: Math.max(last.end, span.end), from: last.from });
  }
  return merged;
}

/** The first numbers below `max` that are in no span; `undefined` where there are none. */
export function firstGap(spans: Spans, max: number): Span | undefined {
  let from = 0;
  for (const span of spans) {
    if (span.from > from) break;
    from = Math.max(from, span.end);
  }
  const next = spans.find((span) => span.from > from)?.from ?? max;
  return from >= max ? undefined : { end: Math.min(next, max), from };
}

/** How many numbers there are. */
export function sizeOf(spans: Spans): number {
  return spans.reduce((sum, { end, from }) => sum + end - from, 0);
}
