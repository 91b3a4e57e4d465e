/**
 * Which worlds the runs of a campaign have come to, and what that says of those that they have not.
 * Worlds are told apart by 64 bits of their contents.
 */

/** Worlds by hash. */
export interface Sightings {
  /** Notes that run `run` has come to a world; whether it is new. */
  readonly see: (high: number, low: number, run: number) => boolean;
  readonly size: () => number;
  /** Whether there was no room for all of them: then what is said is said of those that had room. */
  readonly isFull: () => boolean;
  /** Of the runs, how many came to a world that no other came to. */
  readonly lonely: () => number;
  /** Worlds that only one run has come to. */
  readonly once: () => number;
}

const roomStart = 1024;
const several = -1;

/** No worlds yet; at most `worldsMax` are remembered. */
export function createSightings(worldsMax: number): Sightings {
  let room = roomStart;
  // Two words of hash and the run that saw it, + 1; 0 where there is nothing.
  let table = new Int32Array(room * 3);
  let size = 0;
  let once = 0;
  let isFull = false;
  let lonely = 0;
  // How many worlds each run has for itself.
  const own = new Map<number, number>();
  const gain = (run: number): void => {
    const count = own.get(run) ?? 0;
    if (count === 0) lonely += 1;
    own.set(run, count + 1);
    once += 1;
  };
  const lose = (run: number): void => {
    const count = own.get(run) ?? 0;
    if (count === 1) {
      lonely -= 1;
      own.delete(run);
    } else own.set(run, count - 1);
    once -= 1;
  };
  const widen = (): void => {
    const old = table;
    room *= 2;
    table = new Int32Array(room * 3);
    for (let at = 0; at < old.length; at += 3) {
      const owner = old[at + 2] ?? 0;
      if (owner === 0) continue;
      const to = placeOf(table, old[at] ?? 0, old[at + 1] ?? 0);
      table[to] = old[at] ?? 0;
      table[to + 1] = old[at + 1] ?? 0;
      table[to + 2] = owner;
    }
  };
  return {
    isFull: () => isFull,
    lonely: () => lonely,
    once: () => once,
    see: (high, low, run) => {
      const at = placeOf(table, high, low);
      const owner = table[at + 2] ?? 0;
      if (owner !== 0) {
        if (owner === several || owner === run + 1) return false;
        table[at + 2] = several;
        lose(owner - 1);
        return false;
      }
      if (size >= worldsMax) {
        isFull = true;
        return false;
      }
      table[at] = high;
      table[at + 1] = low;
      table[at + 2] = run + 1;
      size += 1;
      gain(run);
      if (size * 2 > room) widen();
      return true;
    },
    size: () => size,
  };
}

/** Where a hash stands in a table, or would. */
function placeOf(table: Int32Array, high: number, low: number): number {
  const mask = table.length / 3 - 1;
  for (let place = low & mask; ; place = (place + 1) & mask) {
    const at = place * 3;
    if (table[at + 2] === 0 || (table[at] === (high | 0) && table[at + 1] === (low | 0))) return at;
  }
}
