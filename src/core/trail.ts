/** Where a value lies in data, for errors. */

/** A member and what it lies in, kept as a chain because it is written out only in errors. */
export interface Trail {
  readonly up: Trail | undefined;
  readonly depth: number;
  readonly step: string | number;
}

/** `rm1.context.callbacks[0]`. */
export function formatTrail({ up, step }: Trail): string {
  if (up === undefined) return String(step);
  return `${formatTrail(up)}${typeof step === 'number' ? `[${step}]` : `.${step}`}`;
}

/** Of a way that goes round and round, the part up to where it first comes back. */
export function onceRound(path: Trail): Trail {
  const ways: Trail[] = [];
  for (let at: Trail | undefined = path; at !== undefined; at = at.up) ways.unshift(at);
  const goesRound = (from: number, length: number): boolean =>
    ways.every((way, index) => index <= from + length || way.step === ways[index - length]?.step);
  for (let end = 1; end < ways.length / 2; end += 1) {
    const way = ways[end];
    for (let length = 1; length <= end; length += 1)
      if (way !== undefined && goesRound(end - length, length)) return way;
  }
  return path;
}
