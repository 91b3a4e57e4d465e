/**
 * What the system itself may do next: deliveries, timers and planned faults, each with the time that
 * passes first. In timed mode nothing may be passed over: whatever is due at the latest in d
 * microseconds forbids all that would come later than that.
 */
import { address, type Address } from '../core/brand.ts';
import { digest, isSameDigest } from '../core/digest.ts';
import { entriesOf, getIn, valuesOf } from '../core/persistent-map.ts';
import { nextSlot, ranks } from './agenda.ts';
import type { Choice, MessageChoice } from './choice.ts';
import type { EventObject } from './effect.ts';
import { faultChoice } from './faults.ts';
import { offeredBy } from './links.ts';
import type { Mechanics } from './mechanics.ts';
import { nameAtWindow } from './names.ts';
import type { Content, Envelope, Link, Timer, World } from './world.ts';

/** A choice and what ranks it. */
interface Candidate {
  readonly after: number;
  readonly choice: Choice;
  /** The system may not let more time pass than this. */
  readonly deadline: number;
  /** Its place in the agenda of the node, after which the order of sending counts. */
  readonly rank: number;
  readonly seq: number;
}

const never = Number.POSITIVE_INFINITY;
/** Ranks of what no agenda orders: the order of sending decides; untimed timers come after messages. */
const inOrderOfSending = 1e15;
const afterMessages = 2e15;

/** What may happen without the environment's help, dullest first. */
export function candidates(mechanics: Mechanics, world: World): readonly Choice[] {
  const found = [
    ...messageCandidates(mechanics, world),
    ...timerCandidates(mechanics, world),
    ...plannedCandidates(mechanics, world),
  ];
  const deadline = found.reduce((least, candidate) => Math.min(least, candidate.deadline), never);
  return found
    .filter((candidate) => candidate.after <= deadline)
    .toSorted(byDullness)
    .map((candidate) => candidate.choice);
}

/** The first of `candidates`, without the others where the agenda of a node says it. */
export function dullest(mechanics: Mechanics, world: World): Choice | undefined {
  const slot = nextSlot(world.ledger.agenda);
  const link = slot && getIn(world.links, slot.link);
  const envelope = link?.queue[0];
  if (link !== undefined && envelope !== undefined && envelope.seq === slot?.seq) {
    if (isOffered(mechanics, world, link, envelope))
      return deliverChoice(link, envelope, { after: 0, left: 0 });
  }
  return candidates(mechanics, world)[0];
}

/** The event that a message shows to people and properties. */
export function eventOf(content: Content): EventObject {
  return content.type === 'event' ? content.event : { type: `xstate.${content.type}` };
}

/** The choice to deliver a message after `after` microseconds, when `left` further windows remain. */
function deliverChoice(
  link: Link,
  envelope: Envelope,
  { after, left }: { readonly after: number; readonly left: number },
): MessageChoice {
  return {
    type: 'deliver',
    name: nameAtWindow(envelope.name, left),
    after,
    event: eventOf(envelope.content),
    from: link.from,
    to: link.to,
  };
}

function* messageCandidates(mechanics: Mechanics, world: World): Generator<Candidate> {
  const rankOf = ranks(world.ledger.agenda);
  for (const link of valuesOf(world.links)) {
    for (const envelope of offeredBy(link, mechanics.kindOf(link.from, link.to))) {
      if (!isOffered(mechanics, world, link, envelope)) continue;
      const times = timesOf(mechanics, envelope.windows, mechanics.isLocal(link.from, link.to));
      for (const [index, after] of times.windows.entries()) {
        const left = times.windows.length - index - 1;
        yield {
          after,
          choice: deliverChoice(link, envelope, { after, left }),
          deadline: times.deadline,
          rank: rankOf.get(envelope.seq) ?? inOrderOfSending,
          seq: envelope.seq,
        };
      }
    }
  }
}

function* timerCandidates(mechanics: Mechanics, world: World): Generator<Candidate> {
  for (const [key, groups] of entriesOf(world.timers)) {
    const at = address(key);
    if (isStill(mechanics, world, at)) continue;
    for (const group of groups) {
      const timer = group[0];
      if (timer === undefined) continue;
      const times = timesOf(mechanics, timer.windows, false);
      const rank =
        mechanics.rules.time === 'timed'
          ? inOrderOfSending
          : afterMessages + (timer.windows[0] ?? 0);
      for (const [index, after] of times.windows.entries()) {
        const name = nameAtWindow(timer.name, times.windows.length - index - 1);
        yield* timerAt({ actor: at, after, deadline: times.deadline, name, rank, timer });
      }
    }
  }
}

interface TimerMoment {
  readonly actor: Address;
  readonly after: number;
  readonly deadline: number;
  readonly name: string;
  readonly rank: number;
  readonly timer: Timer;
}

function* timerAt({
  actor,
  after,
  deadline,
  name,
  rank,
  timer,
}: TimerMoment): Generator<Candidate> {
  for (const [index, event] of timer.events.entries()) {
    const outcome = timer.events.length > 1 ? `.${index}` : '';
    const choice: Choice = {
      type: 'fire',
      name: `${name}${outcome}`,
      actor,
      after,
      event,
      ...(timer.id === undefined ? {} : { id: timer.id }),
    };
    yield { after, choice, deadline, rank, seq: timer.seq };
  }
}

/** In untimed mode a fault of the plan may come at any time; the plan's order holds. */
function plannedCandidates(mechanics: Mechanics, world: World): readonly Candidate[] {
  const [next] = world.plan;
  if (next === undefined) return [];
  const isTimed = mechanics.rules.time === 'timed';
  const after = isTimed ? next.after : 0;
  return [
    {
      after,
      choice: { ...faultChoice(world, next.fault), after, planned: true },
      deadline: isTimed ? after : never,
      rank: isTimed ? inOrderOfSending : afterMessages,
      seq: never,
    },
  ];
}

interface Times {
  readonly deadline: number;
  readonly windows: readonly number[];
}

const now: readonly number[] = [0];

function timesOf({ rules }: Mechanics, windows: readonly number[], isLocal: boolean): Times {
  if (rules.time === 'untimed') return { deadline: never, windows: now };
  // Within a node mail takes no time, so the clock waits for it. A persistent message has no
  // windows and no deadline: it may be read at any moment.
  if (windows.length === 0) return { deadline: isLocal ? 0 : never, windows: now };
  return { deadline: windows.at(-1) ?? 0, windows };
}

function isOffered(mechanics: Mechanics, world: World, link: Link, envelope: Envelope): boolean {
  if (isStill(mechanics, world, link.to)) return false;
  if (isHeld(mechanics, world, link)) return false;
  return mechanics.rules.unhandled === 'consume' || moves(mechanics, world, link, envelope);
}

function isStill(mechanics: Mechanics, world: World, actor: string): boolean {
  return getIn(world.nodes, mechanics.nodeOf(address(actor))) === 'paused';
}

/** Whether a partition in force keeps what this link carries. */
function isHeld(mechanics: Mechanics, world: World, link: Link): boolean {
  return isCut(mechanics, world, link)?.messages === 'hold';
}

/** The partition in force, if it lies between the ends of this link. */
export function isCut(
  { rules, nodeOf }: Mechanics,
  world: World,
  link: Pick<Link, 'from' | 'to'>,
): Mechanics['rules']['partitions'][number] | undefined {
  const partition = rules.partitions.find(({ name }) => name === world.partition);
  const from = partition?.groups.findIndex((group) => group.includes(nodeOf(link.from)));
  const to = partition?.groups.findIndex((group) => group.includes(nodeOf(link.to)));
  return from === to ? undefined : partition;
}

function moves({ stepper }: Mechanics, world: World, link: Link, { content }: Envelope): boolean {
  const actor = getIn(world.actors, link.to);
  if (content.type !== 'event' || actor === undefined) return true;
  if (actor.local.status !== 'active') return false;
  const site = { address: link.to, logic: actor.logic };
  const outcome = stepper.step(site, actor.local, stepper.inward(content.event, link.to));
  if (outcome.effects.length > 0) return true;
  return outcome.local !== actor.local && !isSameDigest(digest(outcome.local), digest(actor.local));
}

function byDullness(first: Candidate, second: Candidate): number {
  return (
    first.after - second.after || compare(first.rank, second.rank) || compare(first.seq, second.seq)
  );
}

function compare(first: number, second: number): number {
  if (first === second) return 0;
  return first < second ? -1 : 1;
}
