/**
 * One place among the interned worlds of a system, moved step by step: for walks, which take one of
 * the moves that a world offers without carrying out the others.
 */
import { SimulationError } from '../../../core/errors.ts';
import type { Mechanics } from '../../../kernel/mechanics.ts';
import type { Move } from '../cells/cell.ts';
import type { Space } from '../space.ts';
import { createChange } from './change.ts';
import { createGeneralMenu } from './general-menu.ts';
import { createStanding } from './standing.ts';
import { createTaker, createWalker, cutOf } from './walker.ts';

/** A place among worlds. */
export interface Place {
  /** The cells of the world; to be read before the next step. */
  readonly cells: () => Int32Array;
  /** The hash of the world, in two lanes, of this space's numbers: equal worlds have equal ones. */
  readonly high: () => number;
  readonly low: () => number;
  /** How many moves the system has of its own, how many inputs and faults there may be. */
  readonly faults: () => number;
  readonly inputs: () => number;
  readonly own: () => number;
  /** Goes to the world of these cells, which must be one that it has been to. */
  readonly load: (cells: Int32Array) => void;
  /** Goes to the first world. */
  readonly reset: () => void;
  readonly space: Space;
  /** Takes a move by its number: first the system's own, then inputs, then faults. */
  readonly take: (number: number) => Move;
}

/** A place at the first world of a system. */
export function createPlace(mechanics: Mechanics): Place {
  const walker = createWalker(mechanics);
  const { space } = walker;
  const start = walker.first();
  const change = createChange();
  const carryOut = createTaker(space, change);
  const standing = createStanding(space);
  const general = createGeneralMenu(space);
  /** Goes on to the world in the making. */
  const settle = (): void => {
    const [base, cells, slots] = [change.base(), change.cells(), change.slots()];
    for (let at = change.count() - 1; at >= 0; at -= 1) {
      const slot = slots[at] ?? 0;
      standing.leave(slot, base[slot] ?? 0);
      standing.enter(slot, cells[slot] ?? 0);
    }
    change.commit();
    if (standing.isSpecial()) general.look(change.cells(), standing.conditions());
  };
  const load = (cells: Int32Array): void => {
    change.begin();
    for (let slot = 0; slot < space.slots.length; slot += 1) change.put(slot, cells[slot] ?? 0);
    settle();
  };
  const moveAt = (number: number): Move | undefined => {
    if (!standing.isSpecial()) return standing.pick(number);
    const { faults, inputs, own } = general;
    if (number < own.length) return own[number];
    return inputs[number - own.length] ?? faults[number - own.length - inputs.length];
  };
  load(start);
  return {
    cells: () => change.cells(),
    faults: () => (standing.isSpecial() ? general.faults.length : 0),
    high: standing.high,
    inputs: () => (standing.isSpecial() ? general.inputs.length : standing.inputs()),
    load,
    low: standing.low,
    own: () => (standing.isSpecial() ? general.own.length : standing.own()),
    reset: () => {
      load(start);
    },
    space,
    take: (number) => {
      const move = moveAt(number);
      const { global, isPlain } = standing.conditions();
      const isLost = !isPlain && move !== undefined && cutOf(space, global, move) === 'drop';
      if (move === undefined || carryOut(move, isLost) === 'impossible') throw noMove(number);
      settle();
      return move;
    },
  };
}

function noMove(number: number): SimulationError {
  return new SimulationError(
    'explore/lost-path',
    `A world offers no move ${number}, or cannot carry it out. The interned and the plain path disagree: ` +
      'please report this system.',
  );
}
