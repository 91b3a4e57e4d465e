/** Writes what is asked of each world, and the answers so far, to the shared memory. */
import type { Asked } from '../exhaustive/watch.ts';
import type { Question } from '../interned/questions/decision.ts';
import * as field from './fields.ts';
import type { Heap } from './heap.ts';

/** What is asked, as all see it. */
export interface Questions {
  /** Writes what is new. */
  readonly sync: () => void;
}

const kinds = {
  always: field.mustHold,
  never: field.mustNotHold,
  rest: field.mustHoldAtRest,
  sometimes: field.mayHold,
} as const;

const few = 8;

/** The questions of a watch. */
export function createQuestions(heap: Heap, all: readonly Asked[]): Questions {
  const made = all.map((asked) => createLook(heap, asked));
  const list = heap.ints(Math.max(1, made.length));
  list.set(made.map(({ look }) => look.byteOffset));
  const words = heap.words();
  words[field.headAt / 4 + field.looks] = list.byteOffset;
  words[field.headAt / 4 + field.lookCount] = made.length;
  const sync = (): void => {
    for (const look of made) look.sync();
  };
  sync();
  return { sync };
}

interface Look extends Questions {
  readonly look: Int32Array;
}

function createLook(heap: Heap, { isOver, isUnseen, kind, questions: asked }: Asked): Look {
  const questions = asked.map((one) => createPrinted(heap, one));
  const look = heap.ints(field.lookFirst + questions.length);
  look[field.lookQuestions] = questions.length;
  look.set(
    questions.map(({ at }) => at.byteOffset),
    field.lookFirst,
  );
  return {
    look,
    sync: () => {
      for (const question of questions) question.sync();
      const now = isUnseen() ? field.mustBeNoted : kinds[kind];
      Atomics.store(look, field.lookKind, isOver() ? field.isAnswered : now);
    },
  };
}

interface Printed extends Questions {
  readonly at: Int32Array;
}

/** A question. Who reads it asks first how many there are of something, and then where they lie. */
function createPrinted(heap: Heap, { lookouts, tree, version }: Question): Printed {
  const at = heap.ints(field.questionWords);
  let list = heap.ints(few * field.lookoutWords);
  let seen = -1;
  return {
    at,
    sync: () => {
      if (seen === version()) return;
      seen = version();
      const all = lookouts.all();
      const length = all.length * field.lookoutWords;
      if (length > list.length) list = heap.ints(length * 2);
      for (const [index, { count, slot, values }] of all.entries()) {
        const to = index * field.lookoutWords;
        list[to + field.lookoutSlot] = slot;
        list[to + field.lookoutValues] = values;
        Atomics.store(list, to + field.lookoutCount, count);
      }
      at[field.questionLookouts] = list.byteOffset;
      Atomics.store(at, field.questionLookoutCount, all.length);
      Atomics.store(at, field.questionTree, tree().byteOffset);
    },
  };
}
