/**
 * Gathers: each member of a set of names gives an object, and each gets all. The member whose name comes
 * first leads.
 *
 * @see PyTorch, `torch/distributed/rpc/api.py`, `AllGatherStates`, `_gather_to_leader`,
 * `_broadcast_to_followers`.
 */
import { TorchError } from '../engine/torch-error.ts';

/** One gather as one member knows it. */
export interface Gather {
  /** Whether all have reported, or the leader says that they have. */
  readonly isProceeding: boolean;
  /** By the names of members. */
  readonly objects: Readonly<Record<string, unknown>>;
}

/** A gather of which nothing is known. */
export const newGather: Gather = Object.freeze({ isProceeding: false, objects: {} });

/** What tells one set of names from another; glued together, two sets may be told apart by nothing. */
export function gatherKey(
  names: readonly string[],
  { isGlued }: { readonly isGlued: boolean },
): string {
  const sorted = names.toSorted();
  return isGlued ? sorted.join('') : JSON.stringify(sorted);
}

/** What a member brings. */
export interface Report {
  readonly id: string;
  readonly names: readonly string[];
  readonly object: unknown;
  readonly worker: string;
}

/**
 * The gather with what a member brought.
 *
 * @throws {TorchError} `AssertionError` for a worker that is not expected, or one that has reported.
 */
export function withReport(gather: Gather, { id, names, object, worker }: Report): Gather {
  assertThat(names.includes(worker), `${worker} is not expected by leader.`);
  assertThat(
    !Object.hasOwn(gather.objects, worker),
    `${worker} reported intent sequence id ${id} twice. `,
  );
  return { ...gather, objects: { ...gather.objects, [worker]: object } };
}

/** Whether exactly these have reported. */
export function isComplete({ objects }: Gather, names: readonly string[]): boolean {
  const reported = Object.keys(objects);
  return reported.length === names.length && names.every((name) => reported.includes(name));
}

/**
 * The gather after its leader has told what all brought.
 *
 * @throws {TorchError} `AssertionError` if it was told before.
 */
export function withBroadcast(gather: Gather, { id, objects }: Broadcast): Gather {
  assertThat(!gather.isProceeding, `Termination signal sequence id ${id} got set twice.`);
  return { isProceeding: true, objects };
}

/** What a leader tells. */
export interface Broadcast {
  readonly id: string;
  readonly objects: Readonly<Record<string, unknown>>;
}

function assertThat(condition: boolean, message: string): void {
  if (!condition) throw new TorchError('AssertionError', message);
}
