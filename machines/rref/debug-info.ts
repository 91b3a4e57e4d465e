import { sizeOf, valuesOf } from '../../src/core/persistent-map.ts';
import type { RRefTables } from './tables.ts';

/** How full the tables are: what `_get_debug_info` says of RRefs, as texts, and the three it hides. */
export interface RRefDebugInfo {
  readonly confirmed_users: string;
  readonly num_forks: string;
  readonly num_owner_rrefs: string;
  readonly num_pending_futures: string;
  readonly num_pending_users: string;
  readonly pending_children: string;
  readonly pending_owners: string;
}

/** How full the tables are. */
export function debugInfo(tables: RRefTables): RRefDebugInfo {
  const forks = valuesOf(tables.forks).reduce((count, known) => count + sizeOf(known), 0);
  return {
    confirmed_users: String(sizeOf(tables.confirmedUsers)),
    num_forks: String(forks),
    num_owner_rrefs: String(sizeOf(tables.owners)),
    num_pending_futures: String(tables.numPendingFutures),
    num_pending_users: String(sizeOf(tables.pendingUsers)),
    pending_children: String(sizeOf(tables.pendingChildren)),
    pending_owners: String(sizeOf(tables.pendingOwners)),
  };
}

/** Whether nothing is left: no entry in PyTorch's six maps, no control message under way. */
export function isQuiet(tables: RRefTables): boolean {
  const { confirmedUsers, forks, owners, pendingChildren, pendingOwners, pendingUsers } = tables;
  const maps = [confirmedUsers, forks, owners, pendingChildren, pendingOwners, pendingUsers];
  return tables.numPendingFutures === 0 && maps.every((map) => sizeOf(map) === 0);
}
