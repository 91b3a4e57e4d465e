/** Which names come nearest to one that is none. */

/** How many are told at most. */
const told = 3;

/**
 * The names that share most with what was given, the nearest first; none that share less than a quarter of their
 * pairs of letters. Words may come in another order, or be left out.
 *
 * @see L. R. Dice, "Measures of the Amount of Ecologic Association Between Species", Ecology 26 (1945).
 */
export function nearestTo(given: string, names: readonly string[]): readonly string[] {
  const wanted = pairsOf(given);
  return names
    .map((name) => [name, likeness(wanted, pairsOf(name))] as const)
    .filter(([, share]) => share >= 0.25)
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, told)
    .map(([name]) => name);
}

/** What is told of them: a sentence, or nothing. */
export function nearestWords(given: string, names: readonly string[]): string {
  const nearest = nearestTo(given, names).map((name) => `"${name}"`);
  return nearest.length === 0 ? '' : ` Nearest to it: ${nearest.join(', ')}.`;
}

/** Dice's coefficient: of all pairs of both, the part that both have. */
function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const shared = [...one].filter((pair) => other.has(pair)).length;
  return (2 * shared) / Math.max(1, one.size + other.size);
}

/** Each two letters that follow one another; words begin and end with a mark. */
function pairsOf(name: string): ReadonlySet<string> {
  const text = ` ${name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;
  return new Set(Array.from({ length: text.length - 1 }, (_, at) => text.slice(at, at + 2)));
}
