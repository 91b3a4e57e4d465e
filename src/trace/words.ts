/** Texts for people: without control characters, cut to a width, data in few words. */
import { isLeaf, leafText } from '../core/canonical.ts';
import type { EventObject } from '../kernel/effect.ts';
import { readable } from '../runtime/event-words.ts';

/** Says what a message or event is, in a word or two. */
export type Label = (event: EventObject) => string;

/** The usual label: the type. */
export const typeOf: Label = ({ type }) => readable(type);

/** The text without what would move a terminal's cursor or change its colours. */
export function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
}

/** The text cut to `length`, with an ellipsis where something is gone. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return length < 1 ? '' : `${text.slice(0, length - 1)}…`;
}

/** The text with each of its words cut alike until it fits: `FORWARD_AUTOGRAD_REQ`, `FORW_AUTO_REQ`. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const words = text.split(/(?<=[_.\- (),/:])/);
  const longest = words.reduce((most, word) => Math.max(most, word.length), 0);
  for (let size = longest - 1; size >= 2; size -= 1) {
    const short = words.map((word) => cutWord(word, size)).join('');
    if (short.length <= length) return short;
  }
  return cut(text, length);
}

/** Virtual microseconds as milliseconds, to the microsecond. */
export function moment(at: number): string {
  return `${at % 1_000 === 0 ? at / 1_000 : (at / 1_000).toFixed(3)} ms`;
}

/** Data in at most `length` characters. */
export function brief(value: unknown, length: number): string {
  return plain(cut(write(value, length + 1), length));
}

/** An event's data without its type; empty for none. */
export function briefData(event: EventObject, length: number): string {
  const data = Object.fromEntries(Object.entries(event).filter(([key]) => key !== 'type'));
  return Object.keys(data).length === 0 ? '' : brief(data, length);
}

/** A word with the separator behind it. */
function cutWord(word: string, size: number): string {
  const separator = /[_.\- (),/:]$/.exec(word)?.[0] ?? '';
  return word.slice(0, word.length - separator.length).slice(0, size) + separator;
}

/** Stops as soon as it has enough, so that big data costs no more than small. */
function write(value: unknown, room: number): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, room));
  if (typeof value !== 'object' || value === null) return String(value);
  if (isLeaf(value)) return value[leafText];
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  const isList = Array.isArray(value);
  const [open, close] = isList ? ['[', ']'] : ['{ ', ' }'];
  let text = open;
  for (const [key, member] of Object.entries(value)) {
    if (text.length > room) break;
    const separator = text === open ? '' : ', ';
    text += separator + (isList ? '' : `${key}: `) + write(member, room - text.length);
  }
  return text === open ? open.trim() + close.trim() : text + close;
}
