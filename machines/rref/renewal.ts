import { emptyMap, entriesOf, hasIn, setIn } from '../../src/core/persistent-map.ts';
import type { PersistentMap } from '../../src/core/persistent-map.ts';
import type { RRefTables } from './tables.ts';
import { newRRefTables } from './tables.ts';

/**
 * The tables for another agent of the same process: names go on, and what user code still holds stays, though
 * nobody is told of its end any more.
 */
export function renewTables(tables: RRefTables, workerId: number): RRefTables {
  const { handles, nextLocalId, ownerRRefs, switches, users } = tables;
  const held = <Value>(all: PersistentMap<Value>): readonly (readonly [string, Value])[] =>
    [...entriesOf(all)].filter(([key]) => hasIn(handles, key));
  return {
    ...newRRefTables(workerId, switches),
    handles,
    nextLocalId,
    ownerRRefs: mapOf(held(ownerRRefs)),
    users: mapOf(
      held(users).map(([key, user]) => [key, { ...user, deletedOnOwner: true }] as const),
    ),
  };
}

function mapOf<Value>(entries: readonly (readonly [string, Value])[]): PersistentMap<Value> {
  return entries.reduce<PersistentMap<Value>>(
    (all, [key, value]) => setIn(all, key, value),
    emptyMap(),
  );
}
