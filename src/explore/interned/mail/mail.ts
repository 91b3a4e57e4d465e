/**
 * The mail of one actor as numbers: links side by side, a FIFO's in its order, a multiset's sorted, so
 * that equal mail is one list.
 */
import type { Parcel } from './parcel.ts';

/** Parcels by number. */
export type Mail = readonly number[];

/** What the functions here look parcels up in. */
export type ParcelTable = readonly Parcel[];

/** The mail with one more parcel; a persistent link takes equal parcels once. */
export function addParcel(mail: Mail, number: number, table: ParcelTable): Mail {
  const parcel = table[number];
  if (parcel === undefined) return mail;
  const { kind, link } = parcel;
  if (kind === 'persistent' && mail.includes(number)) return mail;
  const at = mail.findIndex((other) => {
    const otherLink = table[other]?.link ?? 0;
    return otherLink > link || (kind !== 'fifo' && otherLink === link && other > number);
  });
  return at < 0 ? [...mail, number] : mail.toSpliced(at, 0, number);
}

/** The mail without the first parcel of that number. */
export function removeParcel(mail: Mail, number: number): Mail {
  const at = mail.indexOf(number);
  return at < 0 ? mail : mail.toSpliced(at, 1);
}

/** A parcel in the mail, and its place in its link. */
export interface Placed {
  readonly index: number;
  readonly number: number;
  readonly position: number;
}

/** What may be delivered: the head of each FIFO, one of each group of equal parcels otherwise. */
export function offeredMail(mail: Mail, table: ParcelTable): readonly Placed[] {
  const distinct = distinctMail(mail, table);
  const isHeld = ({ number, position }: Placed): boolean =>
    position > 0 && table[number]?.kind === 'fifo';
  return distinct.some(isHeld) ? distinct.filter((placed) => !isHeld(placed)) : distinct;
}

/** What may be lost: any in a FIFO, one of each group of equal parcels otherwise. */
export function distinctMail(mail: Mail, table: ParcelTable): readonly Placed[] {
  const found: Placed[] = [];
  let position = 0;
  let before = -1;
  let link = -1;
  let index = 0;
  for (const number of mail) {
    const parcel = table[number];
    const its = parcel?.link ?? 0;
    const isFirst = index === 0 || its !== link;
    position = isFirst ? 0 : position + 1;
    if (isFirst || parcel?.kind === 'fifo' || before !== number) {
      found.push({ index, number, position });
    }
    before = number;
    link = its;
    index += 1;
  }
  return found;
}

/** The mail between nodes. */
export function remoteMail(mail: Mail, table: ParcelTable): Mail {
  return mail.filter((number) => table[number]?.isLocal === false);
}

/** Without the mail of the own node, up to the start of a successor. */
export function mailForSuccessor(mail: Mail, table: ParcelTable): Mail {
  const starting = new Set<number>();
  return mail.filter((number) => {
    const parcel = table[number];
    if (parcel === undefined) return false;
    if (parcel.content.type === 'start') starting.add(parcel.link);
    return !parcel.isLocal || starting.has(parcel.link);
  });
}

/** Numbers of parcels without order may have changed, so their order has to be made again. */
export function sortedMail(mail: Mail, table: ParcelTable): Mail {
  let sorted: Mail = [];
  for (const number of mail) sorted = addParcel(sorted, number, table);
  return sorted;
}
