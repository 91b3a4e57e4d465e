/** The worlds of a level and of the next, which several threads take and add: packed, with their marks. */
import type { Mark } from '../interned/frontier.ts';
import { word } from './control.ts';

/** Worlds that are taken from a frontier, or reserved in it, together. */
export const chunkSize = 64;

/** What is noted of a world that waits, behind its words: its number, and the slots that sleep in it. */
export const markWords = 2;

/** The mark that lies there. */
export function markAt(source: Int32Array, at: number): Mark {
  return { asleep: source[at + 1] ?? 0, number: source[at] ?? 0 };
}

/** The frontiers as one thread sees them. */
export interface SharedFrontier {
  /** A place in the next level that is this thread's alone. */
  readonly reserve: (target: Int32Array, stride: number) => number;
  /** Takes notice of a new level. */
  readonly renew: () => void;
  /** Which of the two is the level's. */
  readonly side: () => 0 | 1;
}

/** A view of the frontiers without a place in them. */
export function createSharedFrontier(control: Int32Array): SharedFrontier {
  let level = control[word.level] ?? 0;
  let [reserved, end] = [0, 0];
  return {
    renew: () => {
      if (level === control[word.level]) return;
      level = control[word.level] ?? 0;
      [reserved, end] = [0, 0];
    },
    reserve: (target, stride) => {
      if (reserved === end) {
        reserved = Atomics.add(control, word.nextEnd, chunkSize);
        end = reserved + chunkSize;
        // Those that stay empty say so: no first word of a world is 0.
        for (let place = reserved; place < end; place += 1) target[place * stride] = 0;
      }
      reserved += 1;
      return reserved - 1;
    },
    side: () => ((control[word.level] ?? 0) & 1 ? 1 : 0),
  };
}

/** Writes a packed world and its mark. */
export function writeEntry(target: Int32Array, place: number, world: Entry): void {
  const { asleep, at, number, source, words } = world;
  const start = place * (words + markWords);
  for (let next = 0; next < words; next += 1) target[start + next] = source[at + next] ?? 0;
  target[start + words] = number;
  target[start + words + 1] = asleep;
}

/** A packed world that waits. */
export interface Entry extends Mark {
  readonly at: number;
  readonly source: Int32Array;
  readonly words: number;
}
