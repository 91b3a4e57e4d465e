/** The threads that help a search, as it sees them: how threads are made is the way in's affair. */

/** Helpers, each of which has made the same system and runs `assist` on it. */
export interface Crew {
  /** Worlds that there is room for at first, a power of two; so many as 32 megabytes hold unless said otherwise. */
  readonly capacity?: number;
  readonly links: readonly HelperLink[];
  /** Told now and then that the search goes on. */
  readonly turn: () => void;
  /** Rests in a row without a sign of life of any helper, after which one is taken for dead; 1,500 unless said otherwise. */
  readonly restsMax?: number;
  /** Waits until `signal` is no longer `seen`, or for a moment. */
  readonly rest: (signal: Int32Array, seen: number) => void;
}

/** The way from one thread to another: what is sent comes in order. */
export interface Link<Sent, Received> {
  /** The next message, if there is one now. */
  readonly receive: () => Received | undefined;
  readonly send: (message: Sent) => void;
}

/** The way from the leader to a helper. */
export type HelperLink = Link<Order, Answer>;

/** The way from a helper to the leader. */
export type LeaderLink = Link<Answer, Order>;

/** What a helper is told. */
export type Order =
  | { readonly type: 'begin'; readonly control: SharedArrayBuffer; readonly helper: number }
  /** Worlds whose expansion taught the leader something, each as its length, the slots that sleep in it, and its cells. */
  | { readonly type: 'learn'; readonly worlds: Int32Array }
  | { readonly type: 'shape'; readonly shape: Shape };

/** What a helper answers: where the worlds that it found came from, or why it cannot go on. */
export type Answer =
  | { readonly type: 'done'; readonly origins: readonly Int32Array[] }
  | { readonly type: 'failed'; readonly message: string };

/** The memory that all threads share, and how worlds lie in it. */
export interface Shape {
  /** Worlds that the table, and each frontier, have room for. */
  readonly capacity: number;
  readonly frontiers: readonly [SharedArrayBuffer, SharedArrayBuffer];
  readonly table: SharedArrayBuffer;
  readonly widths: Uint8Array;
  /** The words of a world. */
  readonly words: number;
}
