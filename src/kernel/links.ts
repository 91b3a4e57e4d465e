/** Messages in flight: how each kind of link takes them in, offers them and lets them go. */
import { digest, isSameDigest } from '../core/digest.ts';
import { frozen } from '../core/frozen.ts';
import { deleteIn, getIn, setIn } from '../core/persistent-map.ts';
import type { PersistentMap } from '../core/persistent-map.ts';
import type { EventObject } from './effect.ts';
import type { LinkKind } from './rules.ts';
import type { Content, Envelope, Link } from './world.ts';

type Links = PersistentMap<Link>;

/** The links with `envelope` in flight; a persistent link takes equal messages once. */
export function enqueue(links: Links, { key, link, envelope, kind }: Arrival): Links {
  const known = getIn(links, key);
  if (known === undefined) return setIn(links, key, linkOf(link, [envelope]));
  if (kind === 'persistent' && known.queue.some((other) => isSameMessage(other, envelope))) {
    return links;
  }
  return setIn(links, key, linkOf(known, [...known.queue, envelope]));
}

/** What `enqueue` is told. */
export interface Arrival {
  readonly key: string;
  readonly link: Omit<Link, 'queue'>;
  readonly envelope: Envelope;
  readonly kind: LinkKind;
}

/** The links without the message of that place in the order of sending. */
export function removeMessage(links: Links, key: string, seq: number): Links {
  const link = getIn(links, key);
  if (link === undefined) return links;
  if (link.queue.length === 1 && link.queue[0]?.seq === seq) return deleteIn(links, key);
  const queue =
    link.queue[0]?.seq === seq
      ? link.queue.slice(1)
      : link.queue.filter((envelope) => envelope.seq !== seq);
  if (queue.length === 0) return deleteIn(links, key);
  return setIn(links, key, linkOf(link, queue));
}

/**
 * The link with another queue. Written out: V8 gives each object that is spread from a thawed one and
 * then frozen a hidden class of its own, which makes all code that meets it slow.
 */
export function linkOf({ from, to }: Omit<Link, 'queue'>, queue: readonly Envelope[]): Link {
  return frozen({ from, queue: frozen(queue), to });
}

/** What a link offers: the head of a FIFO, one of each group of equal messages otherwise. */
export function offeredBy(link: Link, kind: LinkKind): readonly Envelope[] {
  if (kind === 'fifo' || link.queue.length === 1) return link.queue.slice(0, 1);
  return link.queue.filter(
    (envelope, index) =>
      !link.queue.slice(0, index).some((other) => isSameMessage(other, envelope)),
  );
}

/** The event that a message shows to people and properties. */
export function eventOf(content: Content): EventObject {
  return content.type === 'event' ? content.event : { type: `xstate.${content.type}` };
}

/** Whether two messages in flight cannot be told apart by what they are and when they may arrive. */
function isSameMessage(first: Envelope, second: Envelope): boolean {
  return (
    isSameDigest(digest(first.content), digest(second.content)) &&
    first.windows.length === second.windows.length &&
    first.windows.every((window, index) => window === second.windows[index])
  );
}
