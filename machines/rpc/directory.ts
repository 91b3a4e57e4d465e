/**
 * Who is who: the workers that one worker knows, by id and by name.
 *
 * @see PyTorch, `tensorpipe_agent.h`, `workerIdToInfo_`, `workerNameToInfo_`, `workerNameToURL_`.
 */
import type { PersistentMap } from '../../src/core/persistent-map.ts';
import { emptyMap, getIn, setIn, valuesOf } from '../../src/core/persistent-map.ts';

/** A worker, and the process that it is in. */
export interface Peer {
  /** What the system knows its process by. */
  readonly address: string;
  readonly id: number;
  readonly name: string;
}

/** The known workers. */
export interface Directory {
  readonly byId: PersistentMap<Peer>;
  readonly byName: PersistentMap<Peer>;
}

/** A directory of these workers. */
export function directoryOf(peers: readonly Peer[]): Directory {
  return peers.reduce<Directory>(addPeer, { byId: emptyMap(), byName: emptyMap() });
}

/** The worker of this id. */
export function peerById({ byId }: Directory, id: number): Peer | undefined {
  return getIn(byId, idKey(id));
}

/** The worker of this name. */
export function peerByName({ byName }: Directory, name: string): Peer | undefined {
  return getIn(byName, name);
}

/** All of them, by id. */
export function peersOf({ byId }: Directory): readonly Peer[] {
  return valuesOf(byId).toSorted((a, b) => a.id - b.id);
}

function addPeer({ byId, byName }: Directory, peer: Peer): Directory {
  return { byId: setIn(byId, idKey(peer.id), peer), byName: setIn(byName, peer.name, peer) };
}

function idKey(id: number): string {
  return `id${id}`;
}
