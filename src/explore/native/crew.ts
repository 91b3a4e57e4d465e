/** The threads that help a search, as it sees them: how threads are made is the way in's affair. */
import type { Ground } from './core.ts';

/** Helpers, each of which runs `assist` over the same ground. */
export interface Crew {
  /** Worlds that there is room for at first; four thousand unless said otherwise. */
  readonly capacity?: number;
  readonly ground: Ground;
  readonly helpers: number;
  /** Told now and then that the search goes on. */
  readonly turn: () => void;
  /** Rests in a row without a sign of life of any helper, after which one is taken for dead; 1,500 unless said otherwise. */
  readonly restsMax?: number;
  /** Waits until the word at a place is no longer `seen`, or for a moment. */
  readonly rest: (words: Int32Array, at: number, seen: number) => void;
  /** Worlds that a thread adds at most before all halt and room is made; 131,072 unless said otherwise. */
  readonly room?: number;
  /** Successors that a thread looks up together at most; 512 unless said otherwise. */
  readonly staged?: number;
  /** Worlds that the leader expands between turns; 1,024 unless said otherwise. */
  readonly stride?: number;
}
