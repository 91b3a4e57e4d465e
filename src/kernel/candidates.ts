/**
 * What the system itself may do next: deliveries, timers and planned faults, each with the time that
 * passes first. In timed mode nothing may be passed over: whatever is due at the latest in d
 * microseconds forbids all that would come later than that.
 */
import { address } from '../core/brand.ts';
import { entriesOf, valuesOf } from '../core/persistent-map.ts';
import { ranks } from './agenda.ts';
import type { Choice, MessageChoice } from './choice.ts';
import { eventOf, offeredBy } from './links.ts';
import type { Mechanics } from './mechanics.ts';
import { nameAtWindow, nameOfOutcome, nameOfReading } from './names.ts';
import { plannedChoice } from './node-faults.ts';
import { isOffered, isStill, never, timesOf } from './offers.ts';
import type { Envelope, Link, Timer, World } from './world.ts';

/** A choice and what ranks it. */
export interface Candidate {
  readonly choice: Choice & { readonly after: number };
  /** The system may not let more time pass than this. */
  readonly deadline: number;
  /** Its place in the agenda of the node, after which the order of sending counts. */
  readonly rank: number;
  readonly seq: number;
}

/** The rank of what no agenda orders: the order of sending decides. */
export const inOrderOfSending = 1e15;
/** Untimed timers come after messages. */
export const afterMessages = 2e15;

/** What may happen without the environment's help, dullest first. */
export function candidates(mechanics: Mechanics, world: World): readonly Choice[] {
  const found = [
    ...messageCandidates(mechanics, world),
    ...timerCandidates(mechanics, world),
    ...plannedCandidates(mechanics, world),
  ];
  const deadline = found.reduce((least, candidate) => Math.min(least, candidate.deadline), never);
  return found
    .filter(({ choice }) => choice.after <= deadline)
    .toSorted(byDullness)
    .map(({ choice }) => choice);
}

/** The choice to deliver a message after `after` microseconds. */
export function deliverChoice(
  link: Link,
  envelope: Envelope,
  { after, name }: { readonly after: number; readonly name: string },
): MessageChoice {
  return {
    type: 'deliver',
    name,
    after,
    event: eventOf(envelope.content),
    from: link.from,
    to: link.to,
  };
}

function messageCandidates(mechanics: Mechanics, world: World): readonly Candidate[] {
  const rankOf = ranks(world.ledger.agenda);
  return valuesOf(world.links).flatMap((link) => {
    const kind = mechanics.kindOf(link.from, link.to);
    const isLocal = mechanics.isLocal(link.from, link.to);
    return offeredBy(link, kind).flatMap((envelope): readonly Candidate[] => {
      if (!isOffered(mechanics, world, { envelope, link })) return [];
      const { deadline, windows } = timesOf(mechanics, envelope.windows, isLocal);
      const name =
        kind === 'persistent' ? nameOfReading(envelope.name, world.ledger) : envelope.name;
      return windows.map((after, index) => ({
        choice: deliverChoice(link, envelope, {
          after,
          name: nameAtWindow(name, windows.length - index - 1),
        }),
        deadline,
        rank: rankOf.get(envelope.seq) ?? inOrderOfSending,
        seq: envelope.seq,
      }));
    });
  });
}

function timerCandidates(mechanics: Mechanics, world: World): readonly Candidate[] {
  const found: Candidate[] = [];
  for (const [actor, groups] of entriesOf(world.timers)) {
    if (isStill(mechanics, world, address(actor))) continue;
    for (const [timer] of groups) {
      if (timer !== undefined) found.push(...momentsOf(mechanics, actor, timer));
    }
  }
  return found;
}

/** Each moment at which a timer may fire, with each of its outcomes. */
export function momentsOf(mechanics: Mechanics, actor: string, timer: Timer): readonly Candidate[] {
  const { events, id, seq } = timer;
  const { deadline, windows } = timesOf(mechanics, timer.windows, false);
  const rank =
    mechanics.rules.time === 'timed' ? inOrderOfSending : afterMessages + (timer.windows[0] ?? 0);
  return windows.flatMap((after, index) => {
    const named = nameAtWindow(timer.name, windows.length - index - 1);
    return events.map((event, outcome) => ({
      choice: {
        type: 'fire',
        name: nameOfOutcome(named, { outcome, outcomes: events.length }),
        actor: address(actor),
        after,
        event,
        ...(id === undefined ? {} : { id }),
      },
      deadline,
      rank,
      seq,
    }));
  });
}

/** The plan's order holds; what else is due at that moment goes first. */
export function plannedCandidates(mechanics: Mechanics, world: World): readonly Candidate[] {
  const choice = plannedChoice(mechanics, world);
  if (choice === undefined) return [];
  const isTimed = mechanics.rules.time === 'timed';
  return [
    {
      choice,
      deadline: isTimed ? choice.after : never,
      rank: isTimed ? inOrderOfSending : afterMessages,
      seq: never,
    },
  ];
}

function byDullness(first: Candidate, second: Candidate): number {
  return (
    first.choice.after - second.choice.after ||
    compare(first.rank, second.rank) ||
    compare(first.seq, second.seq)
  );
}

function compare(first: number, second: number): number {
  if (first === second) return 0;
  return first < second ? -1 : 1;
}
