/** A few words of shared memory by which threads know of each other. */

/** Where each word lies. */
export const word = {
  /** Changes when helpers are to go on; they sleep on it. */
  epoch: 0,
  /** Changes when a helper has something to say; the leader sleeps on it. */
  signal: 1,
  /** Whether helpers must halt as soon as they can. */
  halt: 2,
  /** Whether all is over. */
  isOver: 3,
  /** Chunks of the level that were taken. */
  claimed: 4,
  /** Entries of the level. */
  levelEnd: 5,
  /** Entries of the next level, as far as they were reserved. */
  nextEnd: 6,
  /** The level; whether it is even says which of the two frontiers is its own. */
  level: 7,
  /** Worlds that a thread may add before it has to halt. */
  room: 8,
  /** How many threads there are. */
  parties: 9,
} as const;

/** What a helper has to say of itself. */
export const status = { absent: 0, halted: 1, running: 2, failed: 3 } as const;

const headWords = 16;
const helperWords = 16;
const postWords = 1 << 10;

/** The words of one helper. */
export interface HelperWords {
  /** Where the control has what changes as long as it is alive and not halted. */
  readonly beat: number;
  /** The worlds that it found, and its transitions. */
  readonly counts: Float64Array;
  /** Where the control says how many lessons it has learned. */
  readonly lessons: number;
  /** Where its status is in the control. */
  readonly status: number;
  readonly post: Post;
}

/** The bytes that control of so many helpers takes. */
export function controlBytes(helpers: number): number {
  return (headWords + helpers * (helperWords + postWords)) * 4;
}

/** The words of a helper. */
export function helperWordsOf(buffer: SharedArrayBuffer, helper: number): HelperWords {
  const control = new Int32Array(buffer);
  const at = headWords + helper * (helperWords + postWords);
  return {
    beat: at + 8,
    counts: new Float64Array(buffer, (at + 4) * 4, 2),
    lessons: at + 3,
    post: createPost(control, at),
    status: at,
  };
}

/** Numbers from a helper to the leader, in order. */
export interface Post {
  /** The oldest one, or -1. */
  readonly take: () => number;
  /** Whether there was room. */
  readonly put: (number: number) => boolean;
}

function createPost(control: Int32Array, at: number): Post {
  const [head, tail, first] = [at + 1, at + 2, at + helperWords];
  return {
    take: () => {
      const next = Atomics.load(control, head);
      if (next === Atomics.load(control, tail)) return -1;
      const number = control[first + (next & (postWords - 1))] ?? 0;
      Atomics.store(control, head, (next + 1) | 0);
      return number;
    },
    put: (number) => {
      const next = Atomics.load(control, tail);
      if (((next - Atomics.load(control, head)) | 0) >= postWords) return false;
      control[first + (next & (postWords - 1))] = number;
      Atomics.store(control, tail, (next + 1) | 0);
      return true;
    },
  };
}

/** Says that a helper has ended before all was over. */
export function mourn(buffer: SharedArrayBuffer, helper: number): void {
  const control = new Int32Array(buffer);
  if (Atomics.load(control, word.isOver) !== 0) return;
  Atomics.store(control, helperWordsOf(buffer, helper).status, status.failed);
  rouse(control, word.signal);
}

/** Changes a word that somebody sleeps on. */
export function rouse(control: Int32Array, at: number): void {
  Atomics.add(control, at, 1);
  Atomics.notify(control, at);
}
