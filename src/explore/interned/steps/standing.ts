/**
 * What is kept of the world that a walk stands in, slot by slot: who may do what, and the world's hash.
 * A step only takes out what it changed and puts in what it made.
 */
import type { Move } from '../cells/cell.ts';
import { firstActorSlot, globalSlot } from '../space.ts';
import type { Space } from '../space.ts';
import { menuOf, noMenu } from './menu.ts';
import type { Menu } from './menu.ts';
import { createConditions, listAt } from './walker.ts';
import type { Conditions } from './walker.ts';

/** What is kept. */
export interface Standing {
  readonly conditions: () => Conditions;
  /** Puts a cell in, and what it brings. */
  readonly enter: (slot: number, cell: number) => void;
  readonly high: () => number;
  /** How many inputs there may be. */
  readonly inputs: () => number;
  /** Whether time, budgets, faults or the network have a say in what may be done. */
  readonly isSpecial: () => boolean;
  /** Takes a cell out, with what it brought. */
  readonly leave: (slot: number, cell: number) => void;
  readonly low: () => number;
  /** How many moves the system has of its own. */
  readonly own: () => number;
  /** A move by its number, the system's own first; where nothing special has a say. */
  readonly pick: (number: number) => Move | undefined;
}

/** A standing without cells. */
export function createStanding(space: Space): Standing {
  const menuAt = createMenus(space);
  const conditionsOf = createConditions(space);
  const menus: (Menu | undefined)[] = [];
  let conditions = conditionsOf(0);
  let [own, inputs, special] = [0, 0, 0];
  let [high, low] = [0, 0];
  const count = (menu: Menu, sign: 1 | -1): void => {
    own += sign * menu.own.length;
    inputs += sign * menu.inputs.length;
    if (menu.isSpecial) special += sign;
  };
  return {
    conditions: () => conditions,
    enter: (slot, cell) => {
      high = (high + laneA(slot, cell)) | 0;
      low = (low + laneB(slot, cell)) | 0;
      if (slot === globalSlot) conditions = conditionsOf(cell);
      if (slot < firstActorSlot) return;
      const menu = menuAt(slot, cell);
      menus[slot] = menu;
      count(menu, 1);
    },
    high: () => high,
    inputs: () => inputs,
    isSpecial: () => special > 0 || !conditions.isPlain || conditions.faults.moves.length > 0,
    leave: (slot, cell) => {
      high = (high - laneA(slot, cell)) | 0;
      low = (low - laneB(slot, cell)) | 0;
      const menu = menus[slot];
      if (menu === undefined) return;
      menus[slot] = undefined;
      count(menu, -1);
    },
    low: () => low,
    own: () => own,
    pick: (number) => {
      const isOwn = number < own;
      let left = isOwn ? number : number - own;
      for (let slot = firstActorSlot; slot < menus.length; slot += 1) {
        const menu = menus[slot];
        if (menu === undefined) continue;
        const moves = isOwn ? menu.own : menu.inputs;
        if (left < moves.length) return moves[left];
        left -= moves.length;
      }
      return undefined;
    },
  };
}

/** The menus of cells while all nodes are up, each made once. */
function createMenus(space: Space): (slot: number, cell: number) => Menu {
  const known: (Menu | undefined)[][] = [];
  const plain: Conditions = { ...createConditions(space)(0), isPlain: true };
  return (index, cell) => {
    const ofSlot = known[index] ?? [];
    known[index] = ofSlot;
    const seen = ofSlot[cell];
    if (seen !== undefined) return seen;
    const slot = space.slots[index];
    const made =
      slot === undefined ? noMenu : menuOf(slot, listAt(space, plain, { cell, slot: index }));
    ofSlot[cell] = made;
    return made;
  };
}

/** Two mixes of a slot and its cell, after MurmurHash3's finaliser; an empty cell is nothing. */
function laneA(slot: number, cell: number): number {
  if (cell === 0) return 0;
  let mixed = Math.imul(cell, 0x9e3779b1) ^ Math.imul(slot, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

function laneB(slot: number, cell: number): number {
  if (cell === 0) return 0;
  let mixed = (Math.imul(cell, 0xc2b2ae3d) + Math.imul(slot, 0x27d4eb2f)) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return mixed ^ (mixed >>> 15);
}
