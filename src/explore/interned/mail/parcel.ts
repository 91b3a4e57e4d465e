/** Messages and timers by number: what a cell of an interned world holds. */
import type { Address } from '../../../core/brand.ts';
import { digest, formatDigest } from '../../../core/digest.ts';
import type { EventObject } from '../../../kernel/effect.ts';
import type { LinkKind } from '../../../kernel/rules.ts';
import type { Content } from '../../../kernel/world.ts';
import { createInterner } from '../interner.ts';
import type { Interner } from '../interner.ts';

/** A message in flight, without its place in the order of sending. */
export interface Parcel {
  readonly content: Content;
  readonly from: Address;
  readonly isLocal: boolean;
  readonly kind: LinkKind;
  /** The number of the link that it travels. */
  readonly link: number;
  readonly to: Address;
  readonly windows: readonly number[];
}

/** A set timer. */
export interface TimerValue {
  readonly events: readonly EventObject[];
  readonly id?: string;
  /** Whether `to` is another name, which is looked up in the very step that sets the timer. */
  readonly isAlias?: true;
  readonly to: Address;
  readonly windows: readonly number[];
}

/** All messages, timers and events that a search has met. */
export interface Parcels {
  readonly events: Interner<EventObject>;
  /** The number of the event that the parcel of a number brings. */
  readonly broughtBy: (parcel: number) => number;
  readonly eventOf: (event: EventObject) => number;
  readonly parcels: Interner<Parcel>;
  readonly parcelOf: (parcel: Omit<Parcel, 'link'>) => number;
  readonly timers: Interner<TimerValue>;
  readonly timerOf: (timer: TimerValue) => number;
}

/** Numbers for messages, timers and events. */
export function createParcels(): Parcels {
  const events = createInterner<EventObject>();
  const links = createInterner<string>();
  const parcels = createInterner<Parcel>();
  const timers = createInterner<TimerValue>();
  const brought: (number | undefined)[] = [];
  const eventOf = (event: EventObject): number =>
    events.intern(formatDigest(digest(event)), () => event);
  return {
    broughtBy: (parcel) => {
      const content = parcels.all[parcel]?.content;
      return (brought[parcel] ??= eventOf(
        content?.type === 'event' ? content.event : { type: `xstate.${content?.type}` },
      ));
    },
    events,
    eventOf,
    parcels,
    parcelOf: (parcel) => {
      const { content, from, to, windows } = parcel;
      const link = links.intern(`${to}<${from}`, () => `${to}<${from}`);
      const key = `${link}|${formatDigest(digest(content))}|${windows.join(',')}`;
      return parcels.intern(key, () => ({ ...parcel, link }));
    },
    timers,
    timerOf: (timer) => {
      const { events: all, id = '', isAlias = false, to, windows } = timer;
      const what = all.map((event) => formatDigest(digest(event))).join(',');
      return timers.intern(`${id}|${what}|${isAlias}${to}|${windows.join(',')}`, () => timer);
    },
  };
}
