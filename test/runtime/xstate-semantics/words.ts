/** Actions that many of the small machines here use; each is of the type `never` to fit them all. */
import { assign, emit } from 'xstate';
import type { EventObject } from 'xstate';

/** What the machines here remember: words, in the order in which they came. */
export interface Words {
  readonly log: readonly string[];
}

/** A context without words. */
export const noWords: Words = { log: [] };

/** Adds a word to `context.log`, which keeps the order of actions. */
export function note(word: string): never {
  return assign(({ context }: { readonly context: Words }) => ({
    log: [...context.log, word],
  })) as never;
}

/** Adds the type of the event, and its payload if it has one under `value`. */
export function noteEvent(): never {
  return assign(({ context, event }: { readonly context: Words; readonly event: EventObject }) => ({
    log: [...context.log, 'value' in event ? `${event.type} ${String(event.value)}` : event.type],
  })) as never;
}

/** Announces a word. */
export function said(type: string): never {
  return emit({ type }) as never;
}

/** The announcements of `words`, as reports have them. */
export function announced(...words: readonly string[]): readonly unknown[] {
  return words.map((type) => ({ emit: { type } }));
}
