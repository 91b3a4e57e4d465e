/**
 * Which worlds the runs of a campaign have come to, and what that says of those that they have not.
 * Worlds are told apart by 64 bits of their contents.
 */

/** Worlds by hash. */
export interface Sightings {
  /** Whether several runs have come to a world: then nothing changes if another does. */
  readonly isCommon: (world: number) => boolean;
  /** Notes that run `run` has come to the world of this number; whether it is new. */
  readonly meet: (world: number, run: number) => boolean;
  /** The number of a world, which counts from 0; -1 where there is no room for it. */
  readonly numberOf: (high: number, low: number) => number;
  readonly size: () => number;
  /** Whether there was no room for all of them: then what is said is said of those that had room. */
  readonly isFull: () => boolean;
  /** Of the runs, how many came to a world that no other came to. */
  readonly lonely: () => number;
  /** Worlds that only one run has come to. */
  readonly once: () => number;
}

const roomStart = 1024;
const nobody = -1;
const several = -2;

/** No worlds yet; at most `worldsMax` are remembered. */
export function createSightings(worldsMax: number): Sightings {
  let table = createTable(roomStart);
  // The run that came to a world, by the world's number.
  let owners = new Int32Array(roomStart).fill(nobody);
  let size = 0;
  let isFull = false;
  const tally = createTally();
  const add = (place: number, high: number, low: number): number => {
    if (size >= worldsMax) {
      isFull = true;
      return -1;
    }
    put(table, place, { high, low, number: size });
    size += 1;
    if (size * 2 > table.mask + 1) table = widened(table);
    if (size > owners.length) owners = longer(owners);
    return size - 1;
  };
  return {
    isCommon: (world) => owners[world] === several,
    isFull: () => isFull,
    lonely: tally.lonely,
    meet: (world, run) => {
      const owner = owners[world] ?? several;
      if (owner === several || owner === run) return false;
      if (owner === nobody) {
        owners[world] = run;
        tally.gain(run);
        return true;
      }
      owners[world] = several;
      tally.lose(owner);
      return false;
    },
    numberOf: (high, low) => {
      const place = placeOf(table, high | 0, low | 0);
      const number = (table.words[place * 3 + 2] ?? 0) - 1;
      return number < 0 ? add(place, high | 0, low | 0) : number;
    },
    once: tally.once,
    size: () => size,
  };
}

/** Two words of hash and the number of the world, + 1; 0 where there is nothing. */
interface Table {
  readonly mask: number;
  readonly words: Int32Array;
}

interface Entry {
  readonly high: number;
  readonly low: number;
  readonly number: number;
}

function createTable(room: number): Table {
  return { mask: room - 1, words: new Int32Array(room * 3) };
}

/** Where a hash stands in a table, or would. */
function placeOf({ mask, words }: Table, high: number, low: number): number {
  let place = low & mask;
  for (;;) {
    const at = place * 3;
    if (words[at + 2] === 0 || (words[at] === high && words[at + 1] === low)) return place;
    place = (place + 1) & mask;
  }
}

function put({ words }: Table, place: number, { high, low, number }: Entry): void {
  words[place * 3] = high;
  words[place * 3 + 1] = low;
  words[place * 3 + 2] = number + 1;
}

function widened(old: Table): Table {
  const table = createTable((old.mask + 1) * 2);
  for (let at = 0; at < old.words.length; at += 3) {
    const number = (old.words[at + 2] ?? 0) - 1;
    const [high, low] = [old.words[at] ?? 0, old.words[at + 1] ?? 0];
    if (number >= 0) put(table, placeOf(table, high, low), { high, low, number });
  }
  return table;
}

function longer(owners: Int32Array): Int32Array<ArrayBuffer> {
  const made = new Int32Array(owners.length * 2).fill(nobody, owners.length);
  made.set(owners);
  return made;
}

interface Tally extends Pick<Sightings, 'lonely' | 'once'> {
  readonly gain: (run: number) => void;
  readonly lose: (run: number) => void;
}

/** How many worlds each run has for itself. */
function createTally(): Tally {
  let once = 0;
  const own = new Map<number, number>();
  return {
    gain: (run) => {
      own.set(run, (own.get(run) ?? 0) + 1);
      once += 1;
    },
    lonely: () => own.size,
    lose: (run) => {
      const count = own.get(run) ?? 0;
      if (count > 1) own.set(run, count - 1);
      else own.delete(run);
      once -= 1;
    },
    once: () => once,
  };
}
