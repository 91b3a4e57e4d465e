/**
 * What has still to be taken from a world: sequences of steps in a tree, as far as they are known.
 *
 * @see Abdulla, Aronis, Jonsson and Sagonas, "Source Sets: A Foundation for Optimal Dynamic Partial
 * Order Reduction", JACM 64(4), 2017, section 6 (wakeup trees, `insert`).
 */
import { areDependent } from './footprint.ts';
import type { Taken } from './footprint.ts';

/** A step to take, and what to take after it: any that there is, where nothing is said. */
export interface Branch {
  readonly after: Branch[];
  readonly taken: Taken;
}

/** Whether a run that begins with `steps`, or with what is equivalent to it, may begin with `first`. */
export function mayBeginWith(first: Taken, steps: readonly Taken[]): boolean {
  for (const step of steps) {
    if (step.offer.id === first.offer.id) return true;
    if (areDependent(first, step)) return false;
  }
  return true;
}

/** The steps before which none that they depend on stands. */
export function initialsOf(steps: readonly Taken[]): readonly Taken[] {
  return steps.filter((step, index) =>
    steps.slice(0, index).every((earlier) => !areDependent(earlier, step)),
  );
}

/** Adds a sequence to a tree, unless the tree leads to it in any case. */
export function insert(tree: Branch[], steps: readonly Taken[]): void {
  let level = tree;
  let rest = steps;
  for (;;) {
    const here = rest;
    const branch = level.find(({ taken }) => mayBeginWith(taken, here));
    if (branch === undefined) {
      level.push(...chainOf(rest));
      return;
    }
    if (branch.after.length === 0) return;
    const { id } = branch.taken.offer;
    const at = rest.findIndex(({ offer }) => offer.id === id);
    rest = at < 0 ? rest : rest.toSpliced(at, 1);
    level = branch.after;
  }
}

function chainOf(steps: readonly Taken[]): Branch[] {
  let after: Branch[] = [];
  for (const taken of steps.toReversed()) after = [{ after, taken }];
  return after;
}
