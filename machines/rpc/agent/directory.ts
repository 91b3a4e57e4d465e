/**
 * Who is who: the workers that one worker knows, by id and by name.
 *
 * @see PyTorch, `tensorpipe_agent.h`, `workerIdToInfo_`, `workerNameToInfo_`, `workerNameToURL_`.
 */
import type { PersistentMap } from '../../../src/core/persistent-map.ts';
import {
  deleteIn,
  emptyMap,
  getIn,
  hasIn,
  setIn,
  valuesOf,
} from '../../../src/core/persistent-map.ts';

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
  /** Those that have left: pipes still lead there. By id. */
  readonly left?: PersistentMap<Peer>;
  /** How often it was changed; absent where it never is. */
  readonly version?: number;
}

/** A directory of these workers. */
export function directoryOf(peers: readonly Peer[]): Directory {
  return peers.reduce<Directory>(withPeer, { byId: emptyMap(), byName: emptyMap() });
}

/** The worker of this id. */
export function peerById({ byId }: Directory, id: number): Peer | undefined {
  return getIn(byId, idKey(id));
}

/** The worker of this name. */
export function peerByName({ byName }: Directory, name: string): Peer | undefined {
  return getIn(byName, name);
}

/** Where messages to the worker of this id go, also after it has left. */
export function addressById(directory: Directory, id: number): string | undefined {
  const peer = peerById(directory, id) ?? (directory.left && getIn(directory.left, idKey(id)));
  return peer?.address;
}

/** The directory with one that has joined; who is known already stays. */
export function addPeer(directory: Directory, peer: Peer): Directory {
  const { version = 0 } = directory;
  const isKnown = hasIn(directory.byId, idKey(peer.id)) || hasIn(directory.byName, peer.name);
  return { ...(isKnown ? directory : withPeer(directory, peer)), version: version + 1 };
}

/** The directory without one that has left. */
export function removePeer(directory: Directory, id: number): Directory {
  const { byId, byName, left = emptyMap<Peer>(), version = 0 } = directory;
  const peer = peerById(directory, id);
  if (peer === undefined) return directory;
  return {
    byId: deleteIn(byId, idKey(id)),
    byName: deleteIn(byName, peer.name),
    left: setIn(left, idKey(id), peer),
    version: version + 1,
  };
}

/** All of them, by id. */
export function peersOf({ byId }: Directory): readonly Peer[] {
  return valuesOf(byId).toSorted((a, b) => a.id - b.id);
}

function withPeer({ byId, byName, ...rest }: Directory, peer: Peer): Directory {
  return {
    ...rest,
    byId: setIn(byId, idKey(peer.id), peer),
    byName: setIn(byName, peer.name, peer),
  };
}

function idKey(id: number): string {
  return `id${id}`;
}
