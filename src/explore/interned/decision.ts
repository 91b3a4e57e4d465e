/**
 * A question about interned worlds that is answered once for what it reads: a tree that asks for the
 * numbers in the order in which the question itself did.
 */
import type { View } from '../../runtime/view.ts';
import type { Space } from './space.ts';
import { createRecordingView, readOf } from './view-of-vector.ts';
import type { Read } from './view-of-vector.ts';

/** The answer for the world that a vector stands for. */
export type Decision<Answer extends boolean | number = boolean> = (vector: Int32Array) => Answer;

type Node<Answer> = Branch<Answer> | Answer;

interface Branch<Answer> {
  /** By the number that stands at the slot: many cells hold one local state. */
  readonly byCell: (Node<Answer> | undefined)[];
  readonly byRead: Map<number, Node<Answer>>;
  readonly read: Read;
  /** The slot that is read; -1 where it is none. */
  readonly slot: number;
}

/** A question with memory. */
export function createDecision<Answer extends boolean | number>(
  space: Space,
  ask: (view: View) => Answer,
): Decision<Answer> {
  let root: Node<Answer> | undefined;
  const learn = (vector: Int32Array): Answer => {
    const { reads, view } = createRecordingView(space, vector);
    const result = ask(view);
    root = grown(root, 0, { reads, result, space, vector });
    return result;
  };
  return (vector) => {
    let node = root;
    while (typeof node === 'object') {
      const cell = node.slot < 0 ? -1 : (vector[node.slot] ?? 0);
      node =
        cell < 0 ? nextOf(space, vector, node) : (node.byCell[cell] ?? nextOf(space, vector, node));
    }
    return node ?? learn(vector);
  };
}

/** The next node by what is read; remembered for the cell that holds it. */
function nextOf<Answer>(
  space: Space,
  vector: Int32Array,
  branch: Branch<Answer>,
): Node<Answer> | undefined {
  const next = branch.byRead.get(readOf(space, vector, branch.read));
  if (branch.slot >= 0 && next !== undefined) branch.byCell[vector[branch.slot] ?? 0] = next;
  return next;
}

interface Learned<Answer> {
  readonly reads: readonly Read[];
  readonly result: Answer;
  readonly space: Space;
  readonly vector: Int32Array;
}

/** The tree with one more path; what was learned before stays. */
function grown<Answer extends boolean | number>(
  root: Node<Answer> | undefined,
  depth: number,
  learned: Learned<Answer>,
): Node<Answer> {
  const { reads, result, space, vector } = learned;
  const read = reads[depth];
  if (read === undefined) return result;
  const branch = typeof root === 'object' ? root : branchOn<Answer>(read);
  const value = readOf(space, vector, branch.read);
  branch.byRead.set(value, grown(branch.byRead.get(value), depth + 1, learned));
  return branch;
}

function branchOn<Answer>(read: Read): Branch<Answer> {
  return { byCell: [], byRead: new Map(), read, slot: read.type === 'slots' ? -1 : read.slot };
}
