/**
 * A question about interned worlds that is answered once for what it reads: a tree that asks for the
 * numbers in the order in which the question itself did.
 */
import type { View } from '../../../runtime/view.ts';
import type { Space } from '../space.ts';
import { createLookouts } from './lookouts.ts';
import type { Lookouts } from './lookouts.ts';
import { createRecordingView } from './view-of-vector.ts';
import type { Read } from './view-of-vector.ts';

/** The answer for the world that a vector stands for. */
export type Decision<Answer extends boolean | number = boolean> = (vector: Int32Array) => Answer;

/** A question that is answered with yes or no, and where what is known of it lies. */
export interface Question {
  readonly decide: Decision;
  /** Notes what is known already of the cells of a world; nobody is asked. */
  readonly glance: (vector: Int32Array) => void;
  readonly lookouts: Lookouts;
  /** A table of branches; see `branch`. No is answer 0, yes is answer 1. */
  readonly tree: () => Int32Array;
  /** Another one whenever something was learned. */
  readonly version: () => number;
}

/** The answers to a question. */
export function createDecision<Answer extends boolean | number>(
  space: Space,
  ask: (view: View) => Answer,
): Decision<Answer> {
  return createMemory(space, ask, []).decide;
}

/** A question that nobody has asked yet. */
export function createQuestion(space: Space, ask: (view: View) => boolean): Question {
  return createMemory(space, ask, [false, true]);
}

interface Memory<Answer extends boolean | number> extends Omit<Question, 'decide'> {
  readonly decide: Decision<Answer>;
}

/** What was answered, and the answers by number that are known before. */
function createMemory<Answer extends boolean | number>(
  space: Space,
  ask: (view: View) => Answer,
  expected: readonly Answer[],
): Memory<Answer> {
  const lookouts = createLookouts(space);
  const tree = createTree(space, lookouts);
  // By number: those that were given so far.
  const answers = [...expected];
  let asked = 0;
  const decide: Decision<Answer> = (vector) => {
    const known = tree.find(vector);
    const answer = known < 0 ? undefined : answers[known];
    if (answer !== undefined) return answer;
    const { reads, view } = createRecordingView(space, vector);
    const given = ask(view);
    asked += 1;
    const index = answers.indexOf(given);
    tree.grow(vector, reads, index < 0 ? answers.push(given) - 1 : index);
    return given;
  };
  return {
    decide,
    glance: tree.find,
    lookouts,
    tree: tree.table,
    version: () => asked + lookouts.version(),
  };
}

/** Answers by what is read. */
interface Tree {
  /** The number of the answer, or -1. */
  readonly find: (vector: Int32Array) => number;
  readonly grow: (vector: Int32Array, reads: readonly Read[], answer: number) => void;
  readonly table: () => Int32Array;
}

/**
 * Where a branch lies in the table: its lookout, how many values it has room for, and then where to go on
 * by value. That is 0 for nowhere, a place in the table, or -1 - the number of an answer.
 */
const branch = { lookout: 0, room: 1, first: 2 } as const;
const roomLeast = 4;
const lengthFirst = 1 << 8;

function createTree({ journal }: Space, { lookoutOf, valueAt, valueOf }: Lookouts): Tree {
  // At 0 it says where to begin.
  let table = journal.ints(lengthFirst);
  let end = 1;
  /** A branch with so much room; what `from` has is moved there. */
  const grown = (lookout: number, room: number, from: number): number => {
    const at = end;
    end += branch.first + room;
    if (end > table.length) {
      const longer = journal.ints(Math.max(end, table.length * 2));
      longer.set(table);
      table = longer;
    }
    const old = from === 0 ? 0 : (table[from + branch.room] ?? 0);
    table.copyWithin(at + branch.first, from + branch.first, from + branch.first + old);
    table[at + branch.lookout] = lookout;
    table[at + branch.room] = room;
    return at;
  };
  return {
    find: (vector) => {
      let at = table[0] ?? 0;
      while (at > 0) {
        const value = valueAt(table[at] ?? 0, vector);
        const isIn = value < (table[at + branch.room] ?? 0);
        at = isIn ? (table[at + branch.first + value] ?? 0) : 0;
      }
      return -1 - at;
    },
    grow: (vector, reads, answer) => {
      let link = 0;
      for (const read of reads) {
        let at = table[link] ?? 0;
        // What was asked first is asked first again; so only a branch that is new reads something else.
        const lookout = at > 0 ? (table[at] ?? 0) : lookoutOf(read);
        const value = valueOf(lookout, vector);
        const room = at > 0 ? (table[at + branch.room] ?? 0) : 0;
        if (value >= room) {
          at = grown(lookout, Math.max(roomLeast, value + 1, room * 2), at);
          Atomics.store(table, link, at);
        }
        link = at + branch.first + value;
      }
      Atomics.store(table, link, -1 - answer);
    },
    table: () => table,
  };
}
