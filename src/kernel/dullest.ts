/**
 * The first of all candidates, found without a look at the others: what comes first of a part of the links
 * or timers is remembered with that part, and a step leaves most parts as they were.
 */
import { createSummary } from '../core/map-summary.ts';
import { getIn } from '../core/persistent-map.ts';
import { nextSlot } from './agenda.ts';
import {
  afterMessages,
  candidates,
  deliverChoice,
  inOrderOfSending,
  momentsOf,
  plannedCandidates,
} from './candidates.ts';
import type { Candidate } from './candidates.ts';
import type { Choice } from './choice.ts';
import { offeredBy } from './links.ts';
import type { Mechanics } from './mechanics.ts';
import { nameAtWindow, nameOfReading } from './names.ts';
import { isOffered, timesOf } from './offers.ts';
import type { Envelope, Link, Timer, TimerGroup, World } from './world.ts';

/** What comes first of something, and how it is chosen. */
interface First {
  readonly after: number;
  readonly choose: (world: World) => Choice | undefined;
  readonly rank: number;
  readonly seq: number;
}

/** The first of `candidates`, without the others where the agenda of a node or what is due next says it. */
export function createDullest(mechanics: Mechanics): (world: World) => Choice | undefined {
  const firstOfLinks = createSummary({ join: earlier, of: createFirstOfLink(mechanics) });
  const firstOfTimers = createSummary({ join: earlier, of: createFirstOfTimers(mechanics) });
  return (world) => {
    const next = nextInAgenda(mechanics, world);
    if (next !== undefined) return next;
    if (!isPlain(mechanics, world)) return candidates(mechanics, world)[0];
    const found = [
      firstOfLinks(world.links),
      firstOfTimers(world.timers),
      ...plannedCandidates(mechanics, world).map(firstOf),
    ];
    return found
      .reduce((first, other) => (first && other ? earlier(first, other) : (first ?? other)))
      ?.choose(world);
  };
}

/** What the agenda of a node says. */
function nextInAgenda(mechanics: Mechanics, world: World): Choice | undefined {
  const slot = nextSlot(world.ledger.agenda);
  const link = slot && getIn(world.links, slot.link);
  const envelope = link?.queue[0];
  if (link === undefined || envelope === undefined || envelope.seq !== slot?.seq) return undefined;
  return isOffered(mechanics, world, { envelope, link })
    ? deliverChoice(link, envelope, { after: 0, name: envelope.name })
    : undefined;
}

/** Whether what may come of a link or a timer depends on nothing else. */
function isPlain({ rules }: Mechanics, { ledger, nodes, partition }: World): boolean {
  return (
    rules.unhandled === 'consume' &&
    ledger.agenda === undefined &&
    nodes.root === undefined &&
    partition === undefined
  );
}

/**
 * Whatever comes first may come: nothing that is due before it forbids it, as nothing is.
 */
function earlier(first: First, second: First): First {
  const order = first.after - second.after || first.rank - second.rank || first.seq - second.seq;
  return order <= 0 ? first : second;
}

function firstOf({ choice, rank, seq }: Candidate): First {
  return { after: choice.after, choose: () => choice, rank, seq };
}

function createFirstOfLink(mechanics: Mechanics): (link: Link) => First | undefined {
  return (link) => {
    const { isLocal, kind } = mechanics.routeOf(link.from, link.to);
    const firsts = offeredBy(link, kind).flatMap((envelope: Envelope): readonly First[] => {
      const { windows } = timesOf(mechanics, envelope.windows, isLocal);
      const [after] = windows;
      if (after === undefined) return [];
      const choose = ({ ledger }: World): Choice => {
        const name = kind === 'persistent' ? nameOfReading(envelope.name, ledger) : envelope.name;
        return deliverChoice(link, envelope, {
          after,
          name: nameAtWindow(name, windows.length - 1),
        });
      };
      return [{ after, choose, rank: inOrderOfSending, seq: envelope.seq }];
    });
    return soonest(firsts);
  };
}

/** An actor may have many timers: only of the first is a choice made. */
function createFirstOfTimers(
  mechanics: Mechanics,
): (groups: readonly TimerGroup[], actor: string) => First | undefined {
  const isTimed = mechanics.rules.time === 'timed';
  return (groups, actor) => {
    let first: Timer | undefined;
    for (const [timer] of groups) {
      if (timer !== undefined && (first === undefined || isEarlier(timer, first))) first = timer;
    }
    if (first === undefined) return undefined;
    const { seq, windows } = first;
    const [after = 0] = windows;
    return {
      after: isTimed ? after : 0,
      choose: () => first && momentsOf(mechanics, actor, first)[0]?.choice,
      rank: isTimed ? inOrderOfSending : afterMessages + after,
      seq,
    };
  };
}

/** In untimed mode too the shorter delay comes first. */
function isEarlier(one: Timer, other: Timer): boolean {
  const difference = (one.windows[0] ?? 0) - (other.windows[0] ?? 0);
  return difference < 0 || (difference === 0 && one.seq < other.seq);
}

function soonest(firsts: readonly First[]): First | undefined {
  return firsts.length === 0 ? undefined : firsts.reduce(earlier);
}
