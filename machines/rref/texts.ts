import type { ForkId, RRefId } from './ids.ts';
import { formatId } from './ids.ts';
import type { UserRRef } from './tables.ts';

/** What every use of an RRef says whose creation timed out. */
export const timedOutText =
  'RRef creation via rpc.remote() timed out, and it is possible that the RRef on the owner node does ' +
  'not exist.';

/** A UserRRef as texts of errors name it. */
export function userText({ forkId, rrefId }: UserNames): string {
  return `UserRRef(rref_id=${formatId(rrefId)}, fork_id=${formatId(forkId)})`;
}

/** What a fetch of a deleted copy says. */
export function deletedText(user: UserNames): string {
  return `${userText(user)} has been deleted. Cannot call to_here() on it after deletion.`;
}

/** The names of a UserRRef. */
export type UserNames = Pick<UserRRef, 'forkId' | 'rrefId'>;

/** `str()` of an RRef; of an OwnerRRef when there is no fork. */
export function printRRef(id: RRefId, fork?: ForkId): string {
  return fork === undefined
    ? `OwnerRRef(${formatId(id)})`
    : `UserRRef(RRefId = ${formatId(id)}, ForkId = ${formatId(fork)})`;
}
