/** Whether and when what is in flight may arrive. */
import type { Address } from '../core/brand.ts';
import { digest, isSameDigest } from '../core/digest.ts';
import { frozen } from '../core/frozen.ts';
import { getIn } from '../core/persistent-map.ts';
import type { Mechanics } from './mechanics.ts';
import type { Partition } from './rules.ts';
import type { Envelope, Link, World } from './world.ts';

/** The moments at which something may happen, and after which one it must have happened. */
export interface Times {
  readonly deadline: number;
  /** Ascending. */
  readonly windows: readonly number[];
}

/** The deadline of what need not happen. */
export const never = Number.POSITIVE_INFINITY;

const now: readonly number[] = frozen([0]);
const anyMoment: Times = frozen({ deadline: never, windows: now });
const atOnce: Times = frozen({ deadline: 0, windows: now });

/** When something with these windows may happen. */
export function timesOf({ rules }: Mechanics, windows: readonly number[], isLocal: boolean): Times {
  if (rules.time === 'untimed') return anyMoment;
  // Within a node mail takes no time, so the clock waits for it. A persistent message has no
  // windows and no deadline: it may be read at any moment.
  if (windows.length === 0) return isLocal ? atOnce : anyMoment;
  return { deadline: windows.at(-1) ?? 0, windows };
}

/** Whether a message that its link offers may arrive in this world. */
export function isOffered(
  mechanics: Mechanics,
  world: World,
  { envelope, link }: Arrival,
): boolean {
  if (isStill(mechanics, world, link.to) || isHeld(mechanics, world, link)) return false;
  return mechanics.rules.unhandled === 'consume' || moves(mechanics, world, { envelope, link });
}

/** A message and its way. */
export interface Arrival {
  readonly envelope: Envelope;
  readonly link: Link;
}

/** Whether an actor's node stands still. */
export function isStill({ nodeOf }: Mechanics, world: World, actor: Address): boolean {
  return world.nodes.root !== undefined && getIn(world.nodes, nodeOf(actor)) === 'paused';
}

/** Whether a partition in force keeps what this link carries. */
export function isHeld(mechanics: Mechanics, world: World, link: Link): boolean {
  return cutOf(mechanics, world, link)?.messages === 'hold';
}

/** The partition in force, if it lies between the ends of this link. Who is in no group hears all. */
export function cutOf(
  { rules, nodeOf }: Mechanics,
  { partition: inForce }: World,
  { from, to }: Pick<Link, 'from' | 'to'>,
): Partition | undefined {
  if (inForce === undefined) return undefined;
  const partition = rules.partitions.find(({ name }) => name === inForce);
  const groupOf = (at: Address): number =>
    partition?.groups.findIndex((group) => group.includes(nodeOf(at))) ?? -1;
  const sides = [groupOf(from), groupOf(to)] as const;
  return sides[0] < 0 || sides[1] < 0 || sides[0] === sides[1] ? undefined : partition;
}

/** Whether a delivery would change or send anything. */
function moves({ kindOf, rules, stepper }: Mechanics, world: World, arrival: Arrival): boolean {
  const { content } = arrival.envelope;
  const { from, to } = arrival.link;
  const actor = getIn(world.actors, to);
  if (content.type !== 'event') return true;
  // What is lost at a node that is down leaves its link, unless nothing ever does.
  if (actor === undefined)
    return rules.toDownNode === 'refused' || kindOf(from, to) !== 'persistent';
  if (actor.local.status !== 'active') return false;
  const site = { address: to, logic: actor.logic };
  const outcome = stepper.step(site, actor.local, stepper.inward(content.event, to));
  if (outcome.effects.length > 0) return true;
  return outcome.local !== actor.local && !isSameDigest(digest(outcome.local), digest(actor.local));
}
