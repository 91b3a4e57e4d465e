/**
 * The names of remote references. One counter of the worker that makes them feeds both kinds, so a name is
 * unique among all of them. Each constructor makes the text that it brands, hence the casts -- the
 * brand is given nowhere else.
 */
import type { Brand } from '../../src/core/brand.ts';

/** A remote reference, wherever it is used. */
export type RRefId = Brand<string, 'RRefId'>;

/** One user's copy of a remote reference. */
export type ForkId = Brand<string, 'ForkId'>;

/**
 * One OwnerRRef in the memory of the owner. It is the name of the reference, unless local code still holds
 * an object of that name which the owner's table has dropped.
 */
export type OwnerKey = Brand<string, 'OwnerKey'>;

/** What a handle points to: a UserRRef or an OwnerRRef. */
export type RRefKey = ForkId | OwnerKey;

/** The type of what Python made. */
export const pyObject = 'PyObject';

/** The name of the reference that worker `maker` made as its `localId`-th. */
export function rrefId(maker: number, localId: number): RRefId {
  return `w${maker}.${localId}` as RRefId;
}

/** The name of the fork that worker `maker` made as its `localId`-th. */
export function forkId(maker: number, localId: number): ForkId {
  return `w${maker}.${localId}` as ForkId;
}

/** The fork that stands for the owner itself while it creates the value by a call to itself. */
export function selfFork(id: RRefId): ForkId {
  return id as string as ForkId;
}

/** The name of the `copy`-th OwnerRRef of one reference; 0 where there is but one. */
export function ownerKey(id: RRefId, copy = 0): OwnerKey {
  return (copy === 0 ? id : `${id}~${copy}`) as OwnerKey;
}

/** The worker that made the name. */
export function createdOn(id: RRefId | ForkId): number {
  return Number(id.slice(1, id.indexOf('.')));
}

/** Which of the names of its maker it is. */
export function localIdOf(id: RRefId | ForkId): number {
  return Number(id.slice(id.indexOf('.') + 1));
}

/** The name as PyTorch prints it. */
export function formatId(id: RRefId | ForkId): string {
  return `GloballyUniqueId(created_on=${createdOn(id)}, local_id=${localIdOf(id)})`;
}
