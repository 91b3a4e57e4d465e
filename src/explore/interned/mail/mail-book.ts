/**
 * The mail of one actor by number, so that cells are told apart without reading it: equal mail is one list
 * here, and what became of a list with one more or one less parcel is remembered.
 */
import { addParcel, removeParcel } from './mail.ts';
import type { Mail, ParcelTable } from './mail.ts';

/** Lists of mail. */
export interface MailBook {
  readonly numberOf: (mail: Mail) => number;
  /** The list that is kept of those with a number. */
  readonly of: (number: number) => Mail;
  /** The mail with one more parcel. */
  readonly with: (mail: Mail, parcel: number, table: ParcelTable) => Mail;
  /** The mail without the first parcel of that number. */
  readonly without: (mail: Mail, parcel: number) => Mail;
}

/** A book without mail. */
export function createMailBook(): MailBook {
  const all: Mail[] = [];
  const byList = new Map<Mail, number>();
  const byText = new Map<string, number>();
  const [grown, shrunk] = [new Map<number, Mail>(), new Map<number, Mail>()];
  const numberOf = (mail: Mail): number => {
    const known = byList.get(mail);
    if (known !== undefined) return known;
    const text = mail.join();
    const equal = byText.get(text);
    if (equal !== undefined) return equal;
    const number = all.push(mail) - 1;
    byText.set(text, number);
    byList.set(mail, number);
    return number;
  };
  const remembered = (
    memory: Map<number, Mail>,
    { mail, parcel }: { readonly mail: Mail; readonly parcel: number },
    make: () => Mail,
  ): Mail => {
    const key = numberOf(mail) * parcelsMost + parcel;
    const known = memory.get(key);
    if (known !== undefined) return known;
    const made = all[numberOf(make())] ?? mail;
    memory.set(key, made);
    return made;
  };
  return {
    numberOf,
    of: (number) => all[number] ?? [],
    with: (mail, parcel, table) =>
      remembered(grown, { mail, parcel }, () => addParcel(mail, parcel, table)),
    without: (mail, parcel) =>
      remembered(shrunk, { mail, parcel }, () => removeParcel(mail, parcel)),
  };
}

/** More parcels than there can be; so often there is room for the numbers of lists in an exact number. */
const parcelsMost = 2 ** 26;
