import { getIn, setIn } from '../../src/core/persistent-map.ts';
import { isOn } from '../switches/switches.ts';
import type { RRefKey } from './ids.ts';
import type { RRefTables } from './tables.ts';

/**
 * Records on a reference that its creation timed out, or was made to fail: what is done with it later fails.
 * PyTorch made its handlers once, for the first reference that failed, so that one is flagged each time; if
 * it is gone, none is.
 *
 * @see PyTorch, `rref_impl.cpp`, `RRef::handleError`.
 */
export function flagTimedOut(tables: RRefTables, key: RRefKey): RRefTables {
  if (!isOn(tables.switches, 'rref.staticErrorHandler')) return flag(tables, key);
  const first = tables.firstFailed ?? key;
  return flag({ ...tables, firstFailed: first }, first);
}

function flag(tables: RRefTables, key: RRefKey): RRefTables {
  const user = getIn(tables.users, key);
  if (user !== undefined) {
    return { ...tables, users: setIn(tables.users, key, { ...user, timedOut: true }) };
  }
  const owner = getIn(tables.ownerRRefs, key);
  if (owner === undefined) return tables;
  return { ...tables, ownerRRefs: setIn(tables.ownerRRefs, key, { ...owner, timedOut: true }) };
}
