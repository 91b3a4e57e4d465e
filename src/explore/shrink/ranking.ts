/**
 * What ranks the choices of a world, dullest first, and is no part of its hash: the order in which what is in
 * flight was sent, and timers were set. Worlds that differ in nothing else go on alike, but what is dull in one of
 * them departs in the other.
 */
import { digest, formatDigest } from '../../core/digest.ts';
import { entriesOf } from '../../core/persistent-map.ts';
import { ranks } from '../../kernel/agenda.ts';
import type { World } from '../../kernel/world.ts';

/** The ranking of a world as a text: worlds of one hash and one ranking have the same dullest run. */
export function rankingOf({ ledger, links, timers }: World): string {
  const inNode = ranks(ledger.agenda);
  const sent = [...entriesOf(links)].flatMap(([link, { queue }]) =>
    queue.map(({ content, seq }) => ({
      seq,
      what: `${link} ${formatDigest(digest(content))} ${inNode.get(seq) ?? ''}`,
    })),
  );
  const set = [...entriesOf(timers)].flatMap(([address, groups]) =>
    groups.flat().map(({ events, seq }) => ({
      seq,
      what: `${address} ${formatDigest(digest(events))}`,
    })),
  );
  return [...sent, ...set]
    .toSorted((one, other) => one.seq - other.seq)
    .map(({ what }) => what)
    .join('\n');
}
