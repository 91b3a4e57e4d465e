/** Copies of references that travelled, or were about to, and that nobody takes. */
import { isOn } from '../switches/switches.ts';
import { sendControl } from './control.ts';
import { delForkOfOwner } from './forks.ts';
import type { ForkData } from './pickling.ts';
import { delPendingChild } from './pickling.ts';
import type { Done, RRefTables } from './tables.ts';
import { acceptChild } from './unpickling.ts';

/** Whether copies that nobody takes are given back; PyTorch registers them when they are pickled, and has no undo. */
export function givesForksBack({ switches }: Pick<RRefTables, 'switches'>): boolean {
  return !isOn(switches, 'rref.noForkRollback');
}

/** The worker that pickled the copy takes it back: nobody got it, and nobody will. */
export function takeBackFork(tables: RRefTables, fork: ForkData): Done {
  return fork.parentId === fork.ownerId
    ? delForkOfOwner(tables, fork)
    : delPendingChild(tables, fork.forkId);
}

/**
 * The worker that the copy was meant for does not take it: the owner that registered it early is told that it
 * is gone, and a user that holds its own copy for it may let go.
 */
export function declineFork(tables: RRefTables, fork: ForkData): Done {
  const { forkId, ownerId, parentId, rrefId } = fork;
  if (parentId === tables.workerId) return takeBackFork(tables, fork);
  if (parentId !== ownerId) return acceptChild(tables, { forkId, parentId });
  const message = { forkId, rrefId, type: 'RREF_USER_DELETE' } as const;
  return sendControl(tables, { message, to: ownerId });
}
