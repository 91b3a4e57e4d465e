/** Messages that are lost, or come twice. */
import { valuesOf } from '../core/persistent-map.ts';
import { hasBudget } from './budgets.ts';
import type { MessageChoice } from './choice.ts';
import { eventOf, offeredBy } from './links.ts';
import type { Mechanics } from './mechanics.ts';
import type { Link, World } from './world.ts';

/** All that a budget allows. */
export function messageFaults(mechanics: Mechanics, world: World): readonly MessageChoice[] {
  const types = (['drop', 'duplicate'] as const).filter((type) => hasBudget(world, type));
  if (types.length === 0) return [];
  const links = valuesOf(world.links).filter((link) => isAtRisk(mechanics, link));
  return types.flatMap((type) => links.flatMap((link) => faultsOfLink(mechanics, link, type)));
}

/** Whether messages of a link can be lost or come twice. */
export function isAtRisk(
  { isLocal, isSteadfast, nodeOf }: Mechanics,
  { from, to }: Pick<Link, 'from' | 'to'>,
): boolean {
  return !isLocal(from, to) && !isSteadfast(nodeOf(from)) && !isSteadfast(nodeOf(to));
}

/** In a FIFO any message can be lost, not only the head; of equal ones the first stands for all. */
function faultsOfLink(
  mechanics: Mechanics,
  link: Link,
  type: 'drop' | 'duplicate',
): readonly MessageChoice[] {
  const kind = mechanics.kindOf(link.from, link.to);
  // A set holds each message once.
  if (kind === 'persistent' && type === 'duplicate') return [];
  const queue = kind === 'fifo' ? link.queue : offeredBy(link, kind);
  return queue.map(({ content, name }) => ({
    type,
    name: `${type}:${name}`,
    after: 0,
    event: eventOf(content),
    from: link.from,
    to: link.to,
  }));
}
