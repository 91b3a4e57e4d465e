/** What two ways of doing the same cost, taken in turns so that a busy machine slows both alike. */
export interface Comparison {
  /** Medians, in the unit that the ways return. */
  readonly ours: number;
  /** How many times as fast as theirs ours is. */
  readonly ratio: number;
  readonly theirs: number;
}

/** Two ways, each of which returns how long it took. */
export interface Ways {
  readonly ours: () => number;
  readonly theirs: () => number;
}

const warmUps = 10;
const turns = 41;

/** Runs both ways in turn and compares their medians. */
export function alternate({ ours, theirs }: Ways): Comparison {
  for (let turn = 0; turn < warmUps; turn += 1) {
    theirs();
    ours();
  }
  const spans = Array.from({ length: turns }, () => ({ theirs: theirs(), ours: ours() }));
  const [our, their] = [
    median(spans.map((span) => span.ours)),
    median(spans.map((span) => span.theirs)),
  ];
  // The median of ratios, not the ratio of medians: the two of one turn share the weather.
  return { ours: our, ratio: median(spans.map((span) => span.theirs / span.ours)), theirs: their };
}

/** The middle one. */
export function median(values: readonly number[]): number {
  return values.toSorted((first, second) => first - second)[values.length >> 1] ?? 0;
}
