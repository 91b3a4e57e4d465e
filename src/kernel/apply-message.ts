/** What may be done with a message in flight: it arrives, is lost, or becomes two. */
import { frozen } from '../core/frozen.ts';
import { getIn, hasIn } from '../core/persistent-map.ts';
import { stopActor, takeStep } from './apply-effects.ts';
import { notOffered } from './choice.ts';
import type { MessageChoice } from './choice.ts';
import { nextSeq, post, take, takeFrom } from './draft.ts';
import type { Draft } from './draft.ts';
import { pass } from './elapse.ts';
import { enqueue, eventOf } from './links.ts';
import type { Route } from './mechanics.ts';
import { countedName, nameAtWindow, nameOfReading, nameOfVariant, readingWord } from './names.ts';
import { cutOf, isHeld, isStill, timesOf } from './offers.ts';
import { count, spend } from './tally.ts';
import type { Envelope, Link } from './world.ts';

/** Lets a message arrive. */
export function deliver(draft: Draft, choice: MessageChoice): void {
  const { link, envelope, route } = findArrival(draft, choice);
  const { mechanics } = draft;
  pass(draft, choice.after);
  if (route.kind === 'persistent') count(draft, readingWord(envelope.name));
  else takeFrom(draft, route, envelope.seq);
  const { from, to } = link;
  const { content } = envelope;
  if (content.type === 'stop') {
    stopActor(draft, to);
    return;
  }
  const event = eventOf(content);
  const actor = getIn(draft.world.actors, to);
  if (cutOf(mechanics, draft.world, link)?.messages === 'drop') {
    draft.happened.push({ type: 'lost', event, from, to, why: 'partition' });
  } else if (actor?.local.status === 'active') {
    takeStep(draft, to, { actor, event });
  } else if (getIn(draft.world.nodes, mechanics.nodeOf(to)) === 'down') {
    draft.happened.push({ type: 'lost', event, from, to, why: 'node-down' });
    if (mechanics.rules.toDownNode === 'refused') refuse(draft, link, envelope);
  } else {
    draft.happened.push({ type: 'lost', event, from, to, why: 'dead-letter' });
  }
}

/** Loses a message. */
export function drop(draft: Draft, choice: MessageChoice): void {
  const { link, envelope } = findVictim(draft, choice);
  spend(draft, 'drop');
  take(draft, link, envelope.seq);
  const { from, to } = link;
  draft.happened.push({ type: 'lost', event: eventOf(envelope.content), from, to, why: 'dropped' });
}

/** Puts a copy of a message behind it. */
export function duplicate(draft: Draft, choice: MessageChoice): void {
  const { link, envelope } = findVictim(draft, choice);
  const { from, to } = link;
  const kind = draft.mechanics.kindOf(from, to);
  // A set holds each message once.
  if (kind === 'persistent') throw notOffered(choice);
  spend(draft, 'duplicate');
  const name = nameOfVariant(envelope.name, countedName(draft.ledger, choice.name));
  count(draft, choice.name);
  const copy = frozen({ ...envelope, name, seq: nextSeq(draft) });
  draft.world.links = enqueue(draft.world.links, {
    key: draft.mechanics.routeOf(from, to).key,
    link,
    envelope: copy,
    kind,
  });
  draft.happened.push({ type: 'sent', event: eventOf(copy.content), from, name, to });
}

/** A refusal travels back like any message, unless the sender is gone or refused itself. */
function refuse(draft: Draft, { from, to }: Link, { content }: Envelope): void {
  const { stepper } = draft.mechanics;
  if (content.type !== 'event') return;
  const event = stepper.refused(to, content.event);
  if (content.event.type === event.type || !hasIn(draft.world.actors, from)) return;
  post(draft, { event, from: to, to: from });
}

interface Found {
  readonly envelope: Envelope;
  readonly link: Link;
}

interface FoundArrival extends Found {
  readonly route: Route;
}

/** The message that may arrive as the choice says. */
function findArrival(draft: Draft, choice: MessageChoice): FoundArrival {
  const { mechanics, world } = draft;
  const route = mechanics.routeOf(choice.from, choice.to);
  const { isLocal, key, kind } = route;
  const link = getIn(world.links, key);
  if (link === undefined || isStill(mechanics, world, link.to) || isHeld(mechanics, world, link)) {
    throw notOffered(choice);
  }
  const { queue } = link;
  // Only the head of a FIFO can arrive; of what has no order, whatever has this name.
  const reach = kind === 'fifo' ? 1 : queue.length;
  for (let place = 0; place < reach; place += 1) {
    const envelope = queue[place];
    if (envelope === undefined || !isNamedAfter(choice, envelope)) continue;
    const { windows } = timesOf(mechanics, envelope.windows, isLocal);
    const position = windows.indexOf(choice.after);
    const named =
      kind === 'persistent' ? nameOfReading(envelope.name, draft.ledger) : envelope.name;
    if (position < 0 || nameAtWindow(named, windows.length - position - 1) !== choice.name)
      continue;
    return { envelope, link, route };
  }
  throw notOffered(choice);
}

/** The choice has the name of its message, with the moment or the reading behind it. */
function isNamedAfter({ name }: MessageChoice, envelope: Envelope): boolean {
  return name === envelope.name || name.startsWith(envelope.name);
}

/** The message between nodes that the fault is about. */
function findVictim({ mechanics, world }: Draft, choice: MessageChoice): Found {
  const { from, name, to, type } = choice;
  const { isLocal, key } = mechanics.routeOf(from, to);
  const link = isLocal ? undefined : getIn(world.links, key);
  const envelope = link?.queue.find((candidate) => `${type}:${candidate.name}` === name);
  if (link === undefined || envelope === undefined) throw notOffered(choice);
  return { envelope, link };
}
