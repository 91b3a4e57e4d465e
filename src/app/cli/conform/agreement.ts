/**
 * When two outcomes of one program agree: the same shape, texts and flags, and numbers as near as sums
 * in another order can be expected to come.
 */

/** Numbers may differ by this share of the greater one. */
const relativeTolerance = 1e-4;
/** Outcomes are rounded to 6 digits, so what is near zero may differ by two such roundings. */
const absoluteTolerance = 2e-6;

/** The first place where `found` is not as `expected`, in words; `undefined` where they agree. */
export function firstDifference(found: unknown, expected: unknown, path = ''): string | undefined {
  if (typeof found === 'number' && typeof expected === 'number') {
    return isNear(found, expected) ? undefined : told(path, found, expected);
  }
  if (Array.isArray(found) && Array.isArray(expected)) {
    return found.length === expected.length
      ? firstIn(found, expected, path)
      : told(path, found, expected);
  }
  if (isRecord(found) && isRecord(expected)) return firstIn(found, expected, path);
  return Object.is(found, expected) ? undefined : told(path, found, expected);
}

/**
 * The first place where an outcome is not as recorded. A record is compared in what it has: some tell gradients
 * alone, others only how the program ended.
 */
export function firstDisagreement(found: object, recorded: object): string | undefined {
  const theirs = Object.entries(recorded);
  const mine = new Map<string, unknown>(Object.entries(found));
  const common = Object.fromEntries(theirs.map(([key]) => [key, mine.get(key)]));
  return firstDifference(common, Object.fromEntries(theirs));
}

function isNear(found: number, expected: number): boolean {
  if (Object.is(found, expected)) return true;
  const most = Math.max(Math.abs(found), Math.abs(expected));
  return Math.abs(found - expected) <= relativeTolerance * most + absoluteTolerance;
}

/** Keys in any order; one that only one side has is a difference. */
function firstIn(found: object, expected: object, path: string): string | undefined {
  const theirs = new Map<string, unknown>(Object.entries(expected));
  const mine = new Map<string, unknown>(Object.entries(found));
  for (const key of new Set([...mine.keys(), ...theirs.keys()])) {
    const place = path === '' ? key : `${path}.${key}`;
    const difference = firstDifference(mine.get(key), theirs.get(key), place);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function told(path: string, found: unknown, expected: unknown): string {
  return `${path === '' ? 'outcome' : path} is ${inWords(found)}, expected ${inWords(expected)}`;
}

const wordsMax = 120;

function inWords(value: unknown): string {
  const text = value === undefined ? 'absent' : JSON.stringify(value);
  return text.length > wordsMax ? `${text.slice(0, wordsMax)}…` : text;
}
