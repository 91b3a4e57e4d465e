/**
 * What keeps an RRef alive. PyTorch counts shared pointers; here handles are counted by what they point
 * to, and the tables that hold an object strongly are looked at. A function that makes an RRef gives its
 * caller one handle; a copy takes another.
 */
import { invariant } from '../../src/core/errors.ts';
import { deleteIn, getIn, hasIn, setIn } from '../../src/core/persistent-map.ts';
import type { RRefEffect } from './effects.ts';
import type { RRefKey } from './ids.ts';
import type { Done, RRefTables } from './tables.ts';

/** One more handle to a living RRef. */
export function holdHandle(tables: RRefTables, key: RRefKey): Done {
  invariant(
    isHeld(tables, key),
    'rref/dead-handle',
    `A handle was taken to ${key}, which nothing on worker ${tables.workerId} holds any more.`,
  );
  const handles = setIn(tables.handles, key, (getIn(tables.handles, key) ?? 0) + 1);
  return { effects: [], tables: { ...tables, handles } };
}

/** One handle less; the last one lets go of the RRef. */
export function dropHandle(tables: RRefTables, key: RRefKey): Done {
  const count = getIn(tables.handles, key);
  invariant(
    count !== undefined,
    'rref/dead-handle',
    `A handle to ${key} was dropped on worker ${tables.workerId}, but there is none.`,
  );
  const handles =
    count === 1 ? deleteIn(tables.handles, key) : setIn(tables.handles, key, count - 1);
  return letGo({ ...tables, handles }, key);
}

/** Whether a handle or a table holds the RRef. */
export function isHeld(tables: RRefTables, key: RRefKey): boolean {
  if (hasIn(tables.handles, key)) return true;
  const owner = getIn(tables.ownerRRefs, key);
  if (owner !== undefined) return getIn(tables.owners, owner.rrefId) === key;
  return hasIn(tables.pendingUsers, key) || hasIn(tables.parents, key);
}

/** What is to be done once a table or a handle let go of an RRef: its destructor, if that was the last. */
export function letGo(tables: RRefTables, key: RRefKey): Done {
  if (isHeld(tables, key)) return { effects: [], tables };
  const owner = getIn(tables.ownerRRefs, key);
  if (owner === undefined) return { effects: unreferenced(tables, key), tables };
  const { rrefId, state } = owner;
  const dropped = { owner: owner.key, rrefId, type: 'owner.dropped' } as const;
  return {
    effects: [state.type === 'value' ? { ...dropped, value: state.value } : dropped],
    tables: { ...tables, ownerRRefs: deleteIn(tables.ownerRRefs, key) },
  };
}

function unreferenced({ users }: RRefTables, key: RRefKey): readonly RRefEffect[] {
  const user = getIn(users, key);
  return user === undefined ? [] : [{ forkId: user.forkId, type: 'user.unreferenced' }];
}
