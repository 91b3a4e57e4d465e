/**
 * The hash of a world is made of what a later moment can depend on. Each part is a Merkle tree whose
 * digests are remembered by node, so that after a step only what changed is hashed again.
 */
import { chain, digest, emptyDigest, formatDigest, join } from '../core/digest.ts';
import type { Digest } from '../core/digest.ts';
import { createMemo } from '../core/memo.ts';
import type { MapNode, PersistentMap } from '../core/persistent-map.ts';
import type { Actor, Envelope, Link, Timer, TimerGroup, World } from './world.ts';

/** Computes hashes of the worlds of one system. */
export interface WorldHash {
  readonly digestWorld: (world: World) => Digest;
  /** 16 hexadecimal digits. */
  readonly hash: (world: World) => string;
}

/** A hash for the worlds of one system. */
export function createWorldHash(placement: WorldPlacement): WorldHash {
  const actors = createMapDigest<Actor>(({ local, logic, systemId }) =>
    chain(chain(digest(logic), digest(local)), digest(systemId)),
  );
  const links = createMapDigest<Link>((link) =>
    placement.isOrdered(link)
      ? digestSequence(link.queue, digestEnvelope)
      : digestBag(link.queue, digestEnvelope),
  );
  const timers = createMapDigest<readonly TimerGroup[]>((groups) =>
    digestBag(groups, (group) => digestSequence(group, (timer) => digestTimer(timer))),
  );
  const plain = createMapDigest<unknown>(digest);
  const digestWorld = (world: World): Digest =>
    [
      actors(world.actors),
      links(world.links),
      timers(world.timers),
      plain(world.nodes),
      plain(world.durable),
      digest(world.budgets),
      digest(world.monitors),
      digest(world.partition),
      digest(world.plan),
      // Which of two actors a name means is seen in neither of them while the first is being stopped.
      ...(world.aliases.root === undefined ? [] : [plain(world.aliases)]),
    ].reduce(chain);
  return { digestWorld, hash: (world) => formatDigest(digestWorld(world)) };
}

/** What the hash asks about links. */
export interface WorldPlacement {
  /** Whether the order in a link's queue is part of the state. */
  readonly isOrdered: (link: Link) => boolean;
}

function digestEnvelope({ content, windows }: Envelope): Digest {
  return windows.length === 0 ? digest(content) : chain(digest(content), digestNumbers(windows));
}

function digestTimer({ events, id, to, windows }: Timer): Digest {
  const what = chain(chain(digestSequence(events, digest), digest(id)), digest(to));
  return chain(what, digestNumbers(windows));
}

function digestNumbers(numbers: readonly number[]): Digest {
  return digestSequence(numbers, digest);
}

function digestSequence<T>(items: readonly T[], digestItem: (item: T) => Digest): Digest {
  let sum = digest(items.length);
  for (const item of items) sum = chain(sum, digestItem(item));
  return sum;
}

function digestBag<T>(items: readonly T[], digestItem: (item: T) => Digest): Digest {
  let sum = digest(items.length);
  for (const item of items) sum = join(sum, digestItem(item));
  return sum;
}

function createMapDigest<V>(digestValue: (value: V) => Digest): (map: PersistentMap<V>) => Digest {
  const memo = createMemo<MapNode<V>, Digest>();
  const visit = (node: MapNode<V> | undefined): Digest => {
    if (node === undefined) return emptyDigest;
    const seen = memo.get(node);
    if (seen !== undefined) return seen;
    const made = chain(
      chain(visit(node.left), chain(digest(node.key), digestValue(node.value))),
      visit(node.right),
    );
    memo.set(node, made);
    return made;
  };
  return (map) => visit(map.root);
}
