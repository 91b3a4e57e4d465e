/** Guided tours of the museum: a bug, its fix that is a bug itself, and what is right. */

/** A tour; a page of `docs/races` is named like it. */
export interface Tour {
  readonly slug: string;
  readonly title: string;
  /** What it is about, in a few sentences. */
  readonly about: string;
  /** The exhibits, in turn, each with what leads to it. */
  readonly stops: readonly { readonly id: string; readonly before: string }[];
  /** What is right in the end. */
  readonly end: string;
}

/** All tours. */
export const tours: readonly Tour[] = [
  {
    slug: 'idempotent-is-not-commutative',
    title: 'Idempotent is not commutative',
    about:
      'Messages that control references are sent again when no answer comes, so each may come twice. That was loud ' +
      'once, and the fix made it quiet: what is unknown is taken for a duplicate. But what is unknown may also ' +
      'be early.',
    stops: [
      {
        id: 'control-message-not-idempotent',
        before:
          'Handlers assume that a message comes once. It comes twice where its answer is lost.',
      },
      {
        id: 'delete-overtakes-create',
        before:
          'So a delete of an unknown reference is a duplicate, and harmless. Unless it is not late, but early.',
      },
      {
        id: 'late-duplicate-fork-request',
        before:
          'The other way round: a message that adds is repeated after the one that takes away.',
      },
      {
        id: 'rmi-late-dirty',
        before:
          'Java RMI had the same choice in 1997. Without its numbers it would fail in the same way.',
      },
    ],
    end:
      'Remember what was undone: a tombstone for each id (the switches `rref.deleteUnknownForkIsNoop` and ' +
      '`rref.noTombstones` off), or a number that only grows, as in RMI.',
  },
  {
    slug: 'who-completes-the-pass',
    title: 'Who completes the pass?',
    about:
      'Two threads of the autograd engine may both see that a backward pass has nothing left to do. One of them is ' +
      'to complete it.',
    stops: [
      {
        id: 'graph-task-completed-twice',
        before: 'Each moves the results out under the lock and completes the future without it.',
      },
      {
        id: 'loser-returns-before-winner-finished',
        before:
          'So a flag says who is first. Whoever is second returns at once, as if all were done.',
      },
    ],
    end: 'Whoever is second waits for the future itself: that somebody has begun is not that it is done.',
  },
  {
    slug: 'answered-is-not-done',
    title: 'Answered is not done',
    about:
      'An agent counts the calls that are open, so that a shutdown knows when all is quiet. When is a call over: ' +
      'when its answer is there, or when its callbacks have run?',
    stops: [
      {
        id: 'termination-decrement-before-callbacks',
        before:
          'Count down first: the shutdown slips in between an answer and the call that its callback makes.',
      },
      {
        id: 'throwing-callback-skips-bookkeeping',
        before: 'Count down last: a callback that throws takes the counting with it.',
      },
      {
        id: 'pool-counts-after-the-hook',
        before:
          'It is not PyTorch that is special: any pool that runs somebody else\u2019s code has the choice.',
      },
    ],
    end: 'Count down last, on every way out: a scope guard around the callbacks.',
  },
  {
    slug: 'waiting-opens-a-window',
    title: 'Waiting opens a window',
    about:
      'A function that gets a reference as an argument could run before the owner knew that its worker has one. Now it ' +
      'waits. What waits can be overtaken.',
    stops: [
      {
        id: 'udf-before-args-confirmed',
        before: 'The function runs at once, and drops or shares what the owner has not heard of.',
      },
      {
        id: 'cleanup-overtakes-forward',
        before:
          'So the call waits for the owner. Meanwhile its autograd context is left: the clean-up finds nothing to ' +
          'clean, and then the call makes it.',
      },
    ],
    end: 'A context that was cleaned up is remembered, and is not made again: a tombstone, once more.',
  },
  {
    slug: 'parking-is-not-answering',
    title: 'Parking is not answering',
    about:
      'Whoever asks the owner for a value that is not there yet has to wait. If a thread of the pool waits, the pool may ' +
      'run out; so the request is parked. But what is parked must be let go of in every case.',
    stops: [
      {
        id: 'unpickle-blocks-pool-thread',
        before: 'The thread waits, and what it waits for stands behind it in the queue.',
      },
      {
        id: 'fetch-parks-after-delete',
        before:
          'So the request is parked. It may come after the reference was deleted, and is parked for ever.',
      },
      {
        id: 'creation-failure-strands-fetchers',
        before:
          'Or the value never comes, because its creation has failed: that has no representation.',
      },
      {
        id: 'akka-watch-after-death',
        before: 'Actors have it too: that somebody is gone is an answer.',
      },
    ],
    end: 'Represent what went wrong: a deleted reference and a failed creation answer whoever waits for them.',
  },
  {
    slug: 'late-replies',
    title: 'Late replies',
    about: 'A time-out is no cancellation: the work is still done, and its answer still comes.',
    stops: [
      {
        id: 'erlang-late-reply',
        before: 'The next call finds the reply of the last and takes it.',
      },
      {
        id: 'erlang-mailbox-leak',
        before: 'So each call takes only its own reply. Then nobody takes those that are late.',
      },
    ],
    end: 'An address that ends with the call: since OTP 24 replies are sent to an alias.',
  },
];
