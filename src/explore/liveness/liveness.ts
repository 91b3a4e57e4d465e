/**
 * Decides what must happen at some time, on the graph of worlds: never by counting steps. A property
 * waits in the worlds that can be reached without what it waits for; it is broken by a run that ends
 * among them, or that can go round among them for ever without putting off what is owed.
 *
 * @see Emerson and Lei, "Modalities for Model Checking: Branching Time Logic Strikes Back", 1987,
 * section 3, for the search for fair components.
 */
import { unreachable } from '../../core/errors.ts';
import type { LivenessProperty } from '../../runtime/property.ts';
import type { View } from '../../runtime/view.ts';
import { createDecision } from '../interned/questions/decision.ts';
import type { Walker } from '../interned/steps/walker.ts';
import { askedAgain } from '../verdict.ts';
import { fairLasso } from './lasso.ts';
import { createRegion } from './region.ts';
import type { RegionLimits } from './region.ts';

/** A property and the worlds from which it waits, as far as a search has come. */
export interface Liveness {
  readonly bytes: () => number;
  /** Decides it, once the search has seen all worlds. */
  readonly decide: (limits: RegionLimits) => LivenessVerdict;
  /** Whether no world was seen from which it would wait. */
  readonly isVacuous: () => boolean;
  /** Notes a world if the property waits from there. */
  readonly look: (vector: Int32Array, state: number) => void;
  readonly property: LivenessProperty;
}

/** What came of it. */
export type LivenessVerdict = { readonly type: 'cut' | 'holds' } | BrokenLiveness;

/** A run that breaks it: to a world of the search, from there by moves, and round and round. */
export interface BrokenLiveness {
  readonly type: 'broken';
  readonly from: number;
  readonly moves: readonly number[];
  /** Empty where the run ends. */
  readonly turn: readonly number[];
}

/** A property that no world was looked at for. */
export function createLiveness(walker: Walker, property: LivenessProperty): Liveness {
  const { isWaiting, waits } = questionsOf(property);
  const opens = createDecision(walker.space, waits);
  const region = createRegion(walker, createDecision(walker.space, isWaiting));
  const isFirstOnly = property.type === 'eventually';
  const brokenAt = (state: number, turn: readonly number[]): BrokenLiveness => {
    const moves: number[] = [];
    let origin = region.originOf(state);
    for (; origin.type === 'step'; origin = region.originOf(origin.state)) moves.push(origin.move);
    return { from: origin.state, moves: moves.toReversed(), turn, type: 'broken' };
  };
  return {
    bytes: region.bytes,
    decide: (limits) => {
      const explored = region.explore(limits);
      if (explored.type === 'cut') return { type: 'cut' };
      if (explored.type === 'rest') return brokenAt(explored.state, []);
      const lasso = fairLasso(walker, region);
      return lasso === undefined ? { type: 'holds' } : brokenAt(lasso.state, lasso.turn);
    },
    isVacuous: () => !isFirstOnly && region.size() === 0,
    look: (vector, state) => {
      if ((!isFirstOnly || state === 0) && opens(vector)) region.seed(vector, state);
    },
    property,
  };
}

interface Questions {
  readonly isWaiting: (view: View) => boolean;
  /** Whether it begins to wait, or goes on. */
  readonly waits: (view: View) => boolean;
}

function questionsOf(property: LivenessProperty): Questions {
  switch (property.type) {
    case 'eventually': {
      const holds = askedAgain(property.name, property.holds);
      const isWaiting = (view: View): boolean => !holds(view);
      return { isWaiting, waits: isWaiting };
    }
    case 'leadsTo': {
      const [from, to] = [
        askedAgain(property.name, property.from),
        askedAgain(property.name, property.to),
      ];
      return { isWaiting: (view) => !to(view), waits: (view) => from(view) && !to(view) };
    }
    default:
      return unreachable(property);
  }
}
