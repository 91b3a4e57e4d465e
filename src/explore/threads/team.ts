/** A crew that gets ready while the search has begun, and all that it must be told. */
import type { Expansion } from '../exhaustive/expansion.ts';
import type { Walker } from '../interned/walker.ts';
import { controlBytes, helperWordsOf, rouse, status, word } from './control.ts';
import type { HelperWords } from './control.ts';
import type { Crew, Order } from './crew.ts';

/** A crew that has been told to get ready. */
export interface Team {
  readonly control: Int32Array;
  readonly crew: Crew;
  readonly helpers: readonly HelperWords[];
  /** Whether all of them are ready, and know what this thread does; what they lack they are taught meanwhile. */
  readonly isReady: () => boolean;
  /** Expands a world; what that teaches is noted for the others. */
  readonly noting: (expand: Expansion['expand'], asleep: () => number) => Expansion['expand'];
  /** Sends what was noted. */
  readonly teach: () => void;
}

/** Worlds to be learned from for which nobody waits. */
const notedFew = 8;

/** Tells a crew to get ready. */
export function enlist(crew: Crew, { space }: Walker): Team {
  const { links } = crew;
  const buffer = new SharedArrayBuffer(controlBytes(links.length));
  const control = new Int32Array(buffer);
  control[word.parties] = links.length + 1;
  const helpers = links.map((_, helper) => helperWordsOf(buffer, helper));
  const send = (order: Order): void => {
    for (const link of links) link.send(order);
  };
  for (const [helper, link] of links.entries()) {
    link.send({ control: buffer, helper, type: 'begin' });
  }
  let notes: number[] = [];
  let [noted, lessons] = [0, 0];
  const teach = (): void => {
    if (noted === 0) return;
    send({ type: 'learn', worlds: Int32Array.from(notes) });
    lessons += 1;
    notes = [];
    noted = 0;
  };
  const haveLearned = (one: HelperWords): boolean => Atomics.load(control, one.lessons) === lessons;
  return {
    control,
    crew,
    helpers,
    isReady: () => {
      const areHalted = helpers.every((one) => Atomics.load(control, one.status) === status.halted);
      if (!areHalted || !helpers.every(haveLearned)) return false;
      if (noted <= notedFew) return true;
      // They sleep; what is sent first may be read first, or not before they are woken again.
      rouse(control, word.epoch);
      teach();
      rouse(control, word.epoch);
      return false;
    },
    noting: (expand, asleep) => (vector) => {
      const { learned } = space.gate;
      const slots = space.slots.length;
      const rest = expand(vector);
      if (space.gate.learned === learned) return rest;
      notes.push(slots, asleep(), ...vector.subarray(0, slots));
      noted += 1;
      return rest;
    },
    teach,
  };
}
