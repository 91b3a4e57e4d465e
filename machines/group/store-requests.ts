/**
 * What is asked of the store that the workers of a group meet at.
 *
 * @see PyTorch, `torch/csrc/distributed/c10d/Store.hpp`, `TCPStore.cpp`.
 */

/** One operation; keys are whole, with the prefix of their group. */
export type StoreRequest =
  /** Adds to a number, which is 0 before; the answer is the sum. */
  | { readonly type: 'add'; readonly amount: number; readonly key: string }
  /**
   * One of `size` members comes with a value; each is answered when all have come, with all values by rank.
   * PyTorch's agent does it by `add`, `set` and `wait` on three keys, its process group by messages of Gloo.
   */
  | {
      readonly type: 'arrive';
      readonly key: string;
      readonly rank: number;
      readonly size: number;
      readonly value: unknown;
    }
  /** Sets a key that has the expected value, or is missing while '' is expected; the answer is its value. */
  | {
      readonly type: 'compare-set';
      readonly desired: string;
      readonly expected: string;
      readonly key: string;
    }
  /** The answer is whether there was one. */
  | { readonly type: 'delete'; readonly key: string }
  /** The values of these keys, once all are there. */
  | { readonly type: 'get'; readonly keys: readonly string[] }
  | { readonly type: 'set'; readonly key: string; readonly value: unknown }
  /** Answered when all of these keys are there. */
  | { readonly type: 'wait'; readonly keys: readonly string[] };

/** An operation on its way to the store. */
export interface StoreAsked {
  readonly type: 'store.asked';
  /** The address of who asks. */
  readonly from: string;
  /** Named by who asks; the answer has it too. */
  readonly id: string;
  readonly request: StoreRequest;
}

/** What an operation gave. */
export interface StoreAnswered {
  readonly type: 'store.answered';
  readonly id: string;
  readonly value: unknown;
}
