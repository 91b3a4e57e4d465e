import type { System, World } from '../../src/index.ts';

/** What a plain search over `choices` and `apply` finds. */
export interface Found {
  /** Worlds in which nothing can happen any more. */
  readonly ends: readonly World[];
  readonly states: number;
}

/** Visits every world of a system once. Worlds are told apart by their hashes alone. */
export function breadthFirst(system: System, statesMax = 10_000): Found {
  const first = system.start().world;
  const seen = new Set([system.hash(first)]);
  const ends: World[] = [];
  let frontier: readonly World[] = [first];
  while (frontier.length > 0 && seen.size <= statesMax) {
    const next: World[] = [];
    for (const world of frontier) {
      const choices = system.choices(world);
      if (choices.length === 0) ends.push(world);
      for (const choice of choices) {
        const after = system.apply(world, choice).world;
        const hash = system.hash(after);
        if (seen.has(hash)) continue;
        seen.add(hash);
        next.push(after);
      }
    }
    frontier = next;
  }
  return { ends, states: seen.size };
}
