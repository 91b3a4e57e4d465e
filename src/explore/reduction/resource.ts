/** What steps can be in one another's way about, as numbers: a kind, and which one of it. */

/** The kinds. */
const kinds = {
  /** An actor's local state and its timers; by slot. */
  actor: 0,
  /** Whether there is an actor, running and not about to be stopped; by slot. */
  presence: 1,
  /** Where the next message of a FIFO is put; by link. */
  tail: 2,
  /** Which message of a FIFO is next; by link. */
  head: 3,
  /** A message that has no order; by parcel. */
  parcel: 4,
  /** The state of a monitor; by its place. */
  monitor: 5,
  budget: 6,
  node: 7,
  /** What there is once. */
  single: 8,
  /** The messages that links keep; by slot. */
  kept: 9,
} as const;

/** The number of a resource. */
export function resource(kind: Exclude<keyof typeof kinds, 'single'>, which: number): number {
  return which * 16 + kinds[kind];
}

/** What a resource is, in words. */
export function resourceWords(one: number): string {
  return one % 16 === kinds.single
    ? (singleWords[one >>> 4] ?? 'other')
    : (kindWords[one % 16] ?? 'other');
}

const kindWords: Readonly<Record<number, string>> = {
  [kinds.actor]: 'one actor',
  [kinds.presence]: 'the coming and going of an actor',
  [kinds.tail]: 'the end of one link',
  [kinds.head]: 'the beginning of one link',
  [kinds.parcel]: 'one message',
  [kinds.monitor]: 'one monitor',
  [kinds.budget]: 'one budget',
  [kinds.node]: 'one node',
  [kinds.kept]: 'what links keep',
};
const singleWords = [
  'the partition in force',
  'the plan of faults',
  'the clock',
  'names of actors',
];

/** The partition in force. */
export const partitionResource = kinds.single;
/** The plan of faults. */
export const planResource = 16 + kinds.single;
/** The clock: what moves it changes it, all else reads it. */
export const timeResource = 2 * 16 + kinds.single;
/** Other names of actors. */
export const namesResource = 3 * 16 + kinds.single;
