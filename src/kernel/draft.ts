/** A world in the making, while one choice is applied to it. Nothing of it is seen before it is sealed. */
import { rootOf } from '../core/address.ts';
import { address } from '../core/brand.ts';
import type { Address } from '../core/brand.ts';
import { chain, digest } from '../core/digest.ts';
import type { Digest } from '../core/digest.ts';
import { SimulationError } from '../core/errors.ts';
import { frozen } from '../core/frozen.ts';
import { deleteIn, entriesUnder, getIn, hasIn, setIn } from '../core/persistent-map.ts';
import {
  frozenAgenda,
  noSlots,
  pushFrame,
  removeSlot,
  removeSlots,
  unwind,
  withoutSlots,
} from './agenda.ts';
import type { Frame, Slot } from './agenda.ts';
import type { EventObject } from './effect.ts';
import { enqueue, linkOf, removeMessage } from './links.ts';
import type { Mechanics, Route } from './mechanics.ts';
import { nameOfSend } from './names.ts';
import type { Happening } from './step.ts';
import type { Actor, Content, Ledger, Link, World } from './world.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** The world so far, what happened so far, and the frames that are open. */
export interface Draft {
  readonly happened: Happening[];
  readonly ledger: Writable<World['ledger']>;
  readonly mechanics: Mechanics;
  readonly open: Frame[];
  /** The causal name of the running step, and how many sends it has made. */
  readonly origin: {
    readonly cause: Digest;
    /** The order of sending reached this place when the step began. */
    readonly firstSeq: number;
    sends: number;
  };
  readonly world: Writable<World>;
}

/** A draft of what follows `world`; `cause` names the step. */
export function openDraft(mechanics: Mechanics, world: World, cause: Digest): Draft {
  return {
    happened: [],
    ledger: nextLedger(world.ledger),
    mechanics,
    open: [],
    origin: { cause, firstSeq: world.ledger.nextSeq, sends: 0 },
    world: thawed(world),
  };
}

/** Written out like the world below: to spread what is frozen takes V8 ten times as long. */
function nextLedger({ agenda, clock, counts, nextSeq: seq, steps }: Ledger): Draft['ledger'] {
  return { agenda, clock, counts, nextSeq: seq, steps: steps + 1 };
}

function thawed(world: World): Draft['world'] {
  const { partition } = world;
  const copy: Draft['world'] = {
    actors: world.actors,
    aliases: world.aliases,
    budgets: world.budgets,
    durable: world.durable,
    ledger: world.ledger,
    links: world.links,
    monitors: world.monitors,
    nodes: world.nodes,
    plan: world.plan,
    timers: world.timers,
  };
  if (partition !== undefined) copy.partition = partition;
  return copy;
}

/** The world that the draft has become. */
export function sealDraft({ ledger, world }: Draft): World {
  ledger.agenda = frozenAgenda(unwind(ledger.agenda));
  world.ledger = frozen(ledger);
  return frozen(world);
}

/** Opens the frame of a step of `actor`; what it sends goes there until `closeFrame`. */
export function openFrame(draft: Draft, actor: Address): void {
  draft.open.push({ actor, mail: noSlots, todo: noSlots });
}

/** Closes the innermost open frame: into the one around it, or on top of the agenda. */
export function closeFrame(draft: Draft): void {
  const frame = draft.open.pop();
  if (frame === undefined) return;
  const outer = draft.open.at(-1);
  if (outer === undefined) draft.ledger.agenda = pushFrame(draft.ledger.agenda, frame);
  else addTodo(draft, frame);
}

/** The causal name of what the running step sends or sets next. */
export function nextName(draft: Draft, from: string, to: string): string {
  return nextNameBetween(draft, chain(digest(from), digest(to)));
}

function nextNameBetween({ origin }: Draft, ends: Digest): string {
  const index = origin.sends;
  origin.sends += 1;
  return nameOfSend(origin.cause, { ends, index });
}

/** The next place in the order of sending. */
export function nextSeq(draft: Draft): number {
  const seq = draft.ledger.nextSeq;
  draft.ledger.nextSeq += 1;
  return seq;
}

/** Sends an event with absolute references: within a node at once, between nodes by the network's rules. */
export function post(draft: Draft, parcel: Parcel): void {
  const { from, to, event } = parcel;
  const { mechanics } = draft;
  const route = mechanics.routeOf(from, to);
  if (!route.isToDeclared && !canReach(draft, parcel)) return;
  const name = nextNameBetween(draft, route.ends);
  draft.happened.push({ type: 'sent', event, from, name, to });
  const content: Content = frozen({ event, type: 'event' });
  if (route.isLocal) {
    putOnRoute(draft, { from, to, content, name }, route);
    return;
  }
  const { nodeOf, rules } = mechanics;
  const transit = { event, from, fromNode: nodeOf(from), to, toNode: nodeOf(to) };
  const verdict = rules.verdict(transit);
  if (verdict.type === 'drop') {
    draft.happened.push({ type: 'lost', event, from, to, why: 'rule' });
    return;
  }
  const { key, kind } = route;
  const hasTime = rules.time === 'timed' && kind !== 'persistent';
  const envelope = frozen({
    content,
    name,
    seq: nextSeq(draft),
    windows: frozen(hasTime ? [...verdict.after] : []),
  });
  const arrival = { key, link: { from, to }, envelope, kind };
  draft.world.links = enqueue(draft.world.links, arrival);
}

/**
 * Mail to a child of the own node that has ended is a dead letter; to a name nobody has, a mistake. A
 * declared actor of the own node is up, or about to start with it.
 */
function canReach({ happened, mechanics, world }: Draft, { from, to, event }: Parcel): boolean {
  const isKnown = mechanics.isDeclared(rootOf(to));
  if (!isKnown && mechanics.rules.unknownActors === 'error') {
    throw unknownActor({ event, from, to });
  }
  if (isKnown && (!mechanics.isLocal(from, to) || hasIn(world.actors, to))) return true;
  happened.push({ type: 'lost', event, from, to, why: 'dead-letter' });
  return false;
}

/** The error of mail to a name that nobody has. */
export function unknownActor({ event, from, to }: Parcel): SimulationError {
  return new SimulationError(
    'runtime/unknown-actor',
    `"${from}" sent "${event.type}" to "${to}", but there is no such actor. ` +
      "Declare it in the system, correct the name, or set unknownActors: 'dead-letter'.",
  );
}

/** What `post` takes: an event between two actors. */
export interface Parcel {
  readonly event: EventObject;
  readonly from: Address;
  readonly to: Address;
}

/** Puts mail or a parent's signal on its way within a node. */
export function putLocal(draft: Draft, mail: LocalMail): void {
  putOnRoute(draft, mail, draft.mechanics.routeOf(mail.from, mail.to));
}

function putOnRoute(draft: Draft, { from, to, content, name }: LocalMail, { key }: Route): void {
  const seq = nextSeq(draft);
  const envelope = frozen({ content, name, seq, windows: noWindows });
  draft.world.links = enqueue(draft.world.links, {
    key,
    link: { from, to },
    envelope,
    kind: 'fifo',
  });
  addTodo(
    draft,
    content.type === 'stop' ? { isStop: true, link: key, seq, to } : { link: key, seq, to },
  );
}

/** Mail or a signal within a node. */
export interface LocalMail {
  readonly content: Content;
  readonly from: Address;
  readonly name: string;
  readonly to: Address;
}

/** Takes a message out of its link and of the agenda. */
export function take(draft: Draft, link: Link, seq: number): void {
  takeFrom(draft, draft.mechanics.routeOf(link.from, link.to), seq);
}

/** The same for a link whose route is known. */
export function takeFrom(draft: Draft, { isLocal, key }: Route, seq: number): void {
  draft.world.links = removeMessage(draft.world.links, key, seq);
  if (isLocal) {
    draft.ledger.agenda = removeSlot(draft.ledger.agenda, seq);
  }
}

/** Sets what an actor has become. */
export function putActor(draft: Draft, at: Address, actor: Actor): void {
  draft.world.actors = setIn(draft.world.actors, at, frozen(actor));
}

/**
 * Removes one actor, its timers, and the mail of its own node that waits for it: all of it, or what came
 * before the start of a successor, which is still to come when only this actor has gone.
 */
export function removeActor(draft: Draft, at: Address, successor: 'none' | 'waits'): void {
  const { world, mechanics } = draft;
  const actor = getIn(world.actors, at);
  const alias = actor?.systemId;
  if (alias !== undefined && getIn(world.aliases, alias) === at) {
    world.aliases = deleteIn(world.aliases, alias);
  }
  world.actors = deleteIn(world.actors, at);
  world.timers = deleteIn(world.timers, at);
  for (const [key, link] of entriesUnder(world.links, `${at}<`)) {
    if (mechanics.isLocal(link.from, at)) purge(draft, key, { link, successor });
  }
}

/** Forgets what waits in a link. */
function purge(draft: Draft, key: string, { link, successor }: Purging): void {
  const { world, ledger } = draft;
  const isLast = successor === 'none';
  const start = isLast ? -1 : link.queue.findIndex(({ content }) => content.type === 'start');
  const gone = start < 0 ? link.queue : link.queue.slice(0, start);
  const queue = start < 0 ? [] : link.queue.slice(start);
  world.links =
    queue.length === 0 ? deleteIn(world.links, key) : setIn(world.links, key, linkOf(link, queue));
  const seqs = new Set(gone.map(({ seq }) => seq));
  ledger.agenda = removeSlots(ledger.agenda, seqs);
  for (const [index, frame] of draft.open.entries()) draft.open[index] = withoutSlots(frame, seqs);
}

interface Purging {
  readonly link: Link;
  readonly successor: 'none' | 'waits';
}

/** Removes an actor and all below it, children first; only its own successor may wait. */
export function removeTree(draft: Draft, at: Address): void {
  const below = [...entriesUnder(draft.world.actors, `${at}/`)].map(([key]) => address(key));
  for (const actor of [...below.toReversed(), at]) {
    if (!hasIn(draft.world.actors, actor)) continue;
    removeActor(draft, actor, actor === at ? 'waits' : 'none');
    draft.happened.push({ type: 'stopped', actor });
  }
}

const noWindows: readonly number[] = frozen([]);

function addTodo(draft: Draft, item: Slot | Frame): void {
  const inner = draft.open.at(-1);
  if (inner === undefined) return;
  const { actor, mail, todo } = inner;
  const longer = todo.length === 0 ? [item] : [...todo, item];
  draft.open[draft.open.length - 1] = { actor, mail, todo: longer };
}
