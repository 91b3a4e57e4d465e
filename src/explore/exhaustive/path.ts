/** The way from the start to a world that a search found. */
import { SimulationError } from '../../core/errors.ts';
import type { Run } from '../../kernel/run.ts';
import type { System } from '../../runtime/system.ts';
import type { Label } from '../interned/cells/cell.ts';
import { plainRun } from '../interned/steps/plain-run.ts';
import type { Walker } from '../interned/steps/walker.ts';
import type { Representative } from '../symmetry/representative.ts';
import type { Origins } from './origins.ts';

/** The moves from the start to a world, each by its place among those of its world. */
export function movesTo(origins: Origins, state: number): readonly number[] {
  const moves: number[] = [];
  for (let at = state; at !== 0; at = origins.parentOf(at)) moves.push(origins.moveOf(at));
  return moves.toReversed();
}

/** A search that has found worlds. */
export interface Found {
  readonly origins: Origins;
  readonly representative?: Representative;
  readonly system: System;
  readonly walker: Walker;
}

/** The run that leads to a world, or to one that it stands for. */
export function runTo({ origins, representative, system, walker }: Found, state: number): Run {
  const moves = movesTo(origins, state);
  if (representative === undefined) return runAlong(system, walker, moves);
  return runAlong(system, walker, unfolded(walker, representative, moves));
}

/** The moves between worlds as they are, where those given are between their representatives. */
function unfolded(
  walker: Walker,
  representative: Representative,
  moves: readonly number[],
): readonly number[] {
  let folded = walker.first();
  let vector = folded;
  return moves.map((wanted) => {
    folded = representative(stepBy(walker, { vector: folded, wanted }).vector);
    const target = folded.join();
    const found: { readonly move: number; readonly vector: Int32Array }[] = [];
    let move = 0;
    walker.expand(vector, () => {
      const next = Int32Array.from(walker.space.slots, (_, slot) => walker.change.at(slot));
      if (found.length === 0 && representative(next).join() === target)
        found.push({ move, vector: next });
      move += 1;
    });
    const [step] = found;
    if (step === undefined) throw lostWorld();
    vector = step.vector;
    return step.move;
  });
}

/** The run that takes these moves, on the plain kernel: its steps have names and can be replayed. */
export function runAlong(system: System, walker: Walker, moves: readonly number[]): Run {
  return plainRun(system, { labels: labelsOf(walker, moves), space: walker.space });
}

function labelsOf(walker: Walker, moves: readonly number[]): readonly Label[] {
  let vector = walker.first();
  return moves.map((wanted) => {
    const step = stepBy(walker, { vector, wanted });
    vector = step.vector;
    return step.label;
  });
}

interface LabelledStep {
  readonly label: Label;
  readonly vector: Int32Array;
}

/** A world has the same moves in the same order whenever it is expanded. */
function stepBy(
  { change, expand, space }: Walker,
  { vector, wanted }: { readonly vector: Int32Array; readonly wanted: number },
): LabelledStep {
  const found: LabelledStep[] = [];
  let move = 0;
  expand(vector, ({ label }) => {
    if (move === wanted) {
      found.push({ label, vector: Int32Array.from(space.slots, (_, slot) => change.at(slot)) });
    }
    move += 1;
  });
  const [step] = found;
  if (step !== undefined) return step;
  throw lostWorld();
}

function lostWorld(): SimulationError {
  return new SimulationError(
    'explore/lost-path',
    'A world that was found cannot be reached again. A machine is not deterministic: look for a module ' +
      'variable, a clock or a random number.',
  );
}
