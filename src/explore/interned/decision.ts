/**
 * A predicate over interned worlds that is computed once for what it reads: a tree that asks for the
 * numbers in the order in which the predicate itself did.
 */
import type { Predicate } from '../../runtime/property.ts';
import type { Space } from './space.ts';
import { createRecordingView, readOf } from './view-of-vector.ts';
import type { Read } from './view-of-vector.ts';

/** Whether the predicate holds in the world that a vector stands for. */
export type Decision = (vector: Int32Array) => boolean;

type Node = Branch | boolean;

interface Branch {
  /** By the number that stands at the slot: many cells hold one local state. */
  readonly byCell: (Node | undefined)[];
  readonly byRead: Map<number, Node>;
  readonly read: Read;
  /** The slot that is read; -1 where it is none. */
  readonly slot: number;
}

/** A predicate with memory. */
export function createDecision(space: Space, predicate: Predicate): Decision {
  let root: Node | undefined;
  const learn = (vector: Int32Array): boolean => {
    const { reads, view } = createRecordingView(space, vector);
    const result = predicate(view);
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
function nextOf(space: Space, vector: Int32Array, branch: Branch): Node | undefined {
  const next = branch.byRead.get(readOf(space, vector, branch.read));
  if (branch.slot >= 0 && next !== undefined) branch.byCell[vector[branch.slot] ?? 0] = next;
  return next;
}

interface Learned {
  readonly reads: readonly Read[];
  readonly result: boolean;
  readonly space: Space;
  readonly vector: Int32Array;
}

/** The tree with one more path; what was learned before stays. */
function grown(root: Node | undefined, depth: number, learned: Learned): Node {
  const { reads, result, space, vector } = learned;
  const read = reads[depth];
  if (read === undefined) return result;
  const branch = typeof root === 'object' ? root : branchOn(read);
  const value = readOf(space, vector, branch.read);
  branch.byRead.set(value, grown(branch.byRead.get(value), depth + 1, learned));
  return branch;
}

function branchOn(read: Read): Branch {
  return { byCell: [], byRead: new Map(), read, slot: read.type === 'slots' ? -1 : read.slot };
}
