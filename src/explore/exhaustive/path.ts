/** The way from the start to a world that a search found. */
import { SimulationError } from '../../core/errors.ts';
import { runSystem } from '../../kernel/run.ts';
import type { Run } from '../../kernel/run.ts';
import type { System } from '../../runtime/system.ts';
import type { Label } from '../interned/cell.ts';
import { choiceOf } from '../interned/label.ts';
import type { Visited } from '../interned/visited.ts';
import type { Walker } from '../interned/walker.ts';

/** For each world the one from which it was found first. */
export interface Parents {
  readonly add: (state: number, parent: number) => void;
  readonly bytes: () => number;
  readonly of: (state: number) => number;
}

const pageBits = 16;
const pageMask = (1 << pageBits) - 1;

/** Parents of no worlds yet. */
export function createParents(): Parents {
  const pages: Int32Array[] = [];
  return {
    add: (state, parent) => {
      const page = pages[state >>> pageBits];
      if (page === undefined) pages[state >>> pageBits] = createPage(state, parent);
      else page[state & pageMask] = parent;
    },
    bytes: () => pages.length * (pageMask + 1) * 4,
    of: (state) => pages[state >>> pageBits]?.[state & pageMask] ?? 0,
  };
}

function createPage(state: number, parent: number): Int32Array {
  const page = new Int32Array(pageMask + 1);
  page[state & pageMask] = parent;
  return page;
}

/** A search that has found something. */
export interface Found {
  readonly parents: Parents;
  readonly state: number;
  readonly visited: Visited;
  readonly walker: Walker;
}

/** The run that leads to a world, on the plain kernel: its steps have names and can be replayed. */
export function runTo(system: System, found: Found): Run {
  const labels = labelsTo(found);
  return runSystem(system, {
    chooser: (options, world) => {
      const label = labels[world.ledger.steps];
      if (label === undefined) return 0;
      const choices = options.flatMap((option) => (option === undefined ? [] : [option]));
      const choice = choiceOf(found.walker.space, label, { choices, world });
      if (choice === undefined) throw lostPath(label);
      return options.indexOf(choice);
    },
    until: ({ ledger }) => ledger.steps >= labels.length,
  });
}

/** The moves from the start to a world. */
function labelsTo({ parents, state, visited, walker }: Found): readonly Label[] {
  const numbers: number[] = [];
  for (let at = state; at !== 0; at = parents.of(at)) numbers.push(at);
  let vector = walker.first();
  return numbers.toReversed().map((wanted) => {
    const step = stepTo(walker, visited, { vector, wanted });
    vector = step.vector;
    return step.label;
  });
}

interface LabelledStep {
  readonly label: Label;
  readonly vector: Int32Array;
}

function stepTo(
  walker: Walker,
  visited: Visited,
  { vector, wanted }: { readonly vector: Int32Array; readonly wanted: number },
): LabelledStep {
  const { change, space } = walker;
  const found: LabelledStep[] = [];
  visited.load(vector);
  walker.expand(vector, ({ label }) => {
    if (found.length > 0) return;
    visited.stage(change);
    visited.settle();
    if (~(visited.settled()[0] ?? 0) !== wanted) return;
    found.push({ label, vector: Int32Array.from(space.slots, (_, slot) => change.at(slot)) });
  });
  const [step] = found;
  if (step !== undefined) return step;
  throw new SimulationError(
    'explore/lost-path',
    'A world that was found cannot be reached again. A machine is not deterministic: run with the audit on.',
  );
}

function lostPath(label: Label): SimulationError {
  return new SimulationError(
    'explore/lost-path',
    `The kernel does not offer "${label.type}" where the search took it. ` +
      'The interned and the plain path disagree: please report this system.',
  );
}
