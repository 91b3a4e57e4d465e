/** Carries out operations in XState's order: what follows from one comes before the next. */
import { parentOf } from '../../../core/address.ts';
import { address } from '../../../core/brand.ts';
import { invariant, SimulationError, unreachable } from '../../../core/errors.ts';
import { resultOf } from '../cells/cell-ops.ts';
import type { Call, GlobalCell, NodeChange, WideOp } from '../cells/cell.ts';
import { globalAfter, internGlobal, isPossible, withAlias } from '../globals.ts';
import { postKnown } from '../mail/post.ts';
import { callOf, globalSlot, slotsBelow, slotsOfNode } from '../space.ts';
import type { OpResult, OpTable, Slot, Space } from '../space.ts';
import type { Change } from './change.ts';

/** Carries out operations on the world in the making. */
export interface Follower {
  /** Carries out calls and what follows from them; whether all of it was possible. */
  readonly follow: (calls: readonly Call[]) => boolean;
  /** Carries out one operation; what follows, or `undefined` where it is not possible. */
  readonly operate: (slot: number, op: number) => readonly Call[] | undefined;
}

const followMax = 100_000;
const noCalls: readonly Call[] = [];

/** A follower that changes `change`. */
export function createFollower(space: Space, change: Change): Follower {
  const operate = (slot: number, op: number): readonly Call[] | undefined => {
    const table = (space.results[slot] ?? [])[op];
    const cell = change.at(slot);
    const known = table?.cells[cell] ?? 0;
    if (known > 0) {
      change.put(slot, known - 1);
      return noCalls;
    }
    const result =
      (known < 0 ? table?.results[-1 - known] : undefined) ?? learn(space, { cell, op, slot });
    if (result.calls !== undefined) change.put(slot, result.cell);
    return result.calls;
  };
  const follow = (calls: readonly Call[]): boolean => {
    const open: Call[] = calls.toReversed();
    for (let done = 0; done < followMax; done += 1) {
      const call = open.pop();
      if (call === undefined) return true;
      const { op, slot } = call;
      const further =
        typeof op === 'number' ? operate(slot, op) : operateWide(space, change, { op, slot });
      if (further === undefined) return false;
      for (let index = further.length - 1; index >= 0; index -= 1) {
        const next = further[index];
        if (next !== undefined) open.push(next);
      }
    }
    throw endless();
  };
  return { follow, operate };
}

/** Computes what an operation makes of a cell, and remembers it. */
function learn(
  space: Space,
  { cell, op, slot }: { readonly cell: number; readonly op: number; readonly slot: number },
): OpResult {
  const tables = space.results[slot] ?? [];
  const table: OpTable = tables[op] ?? { cells: new Int32Array(0), results: [] };
  tables[op] = table;
  const result = resultOf(space, { cell, op, slot });
  if (cell >= table.cells.length) {
    const length = Math.max(cell + 1, table.cells.length * 2, cellsStart);
    const cells = space.journal.ints(length);
    cells.set(table.cells);
    space.size.words += cells.length - table.cells.length;
    table.cells = cells;
  }
  if (result.calls?.length === 0) {
    table.cells[cell] = result.cell + 1;
  } else {
    table.cells[cell] = -1 - table.results.length;
    table.results.push(result);
  }
  space.journal.op(slot, op, table);
  return result;
}

const cellsStart = 16;

interface WideCall {
  readonly op: WideOp;
  readonly slot: number;
}

function operateWide(
  space: Space,
  change: Change,
  { op, slot: index }: WideCall,
): readonly Call[] | undefined {
  const global = space.globals.all[change.at(globalSlot)] ?? noWorld();
  const slot = space.slots[index];
  switch (op.type) {
    case 'alias-post': {
      const { event, from, name } = op;
      return postKnown(space, { event, from, to: global.aliases[name] ?? name });
    }
    case 'throw':
      throw op.error;
    case 'fell-below':
      if (slot === undefined) return noCalls;
      return slotsBelow(space, slot).map((below) => callOf(below, { type: 'fell' }));
    case 'alias-timer': {
      const to = global.aliases[op.name] ?? op.name;
      return slot === undefined ? noCalls : [callOf(slot, { name: op.name, to, type: 'redirect' })];
    }
    case 'give-alias':
      if (slot !== undefined) giveAlias(space, change, { global, name: op.name, slot });
      return noCalls;
    case 'drop-alias':
      if (slot !== undefined && global.aliases[op.name] === slot.address) {
        put(space, change, withAlias(global, op.name, undefined));
      }
      return noCalls;
    case 'crash':
    case 'heal':
    case 'partition':
    case 'pause':
    case 'restart':
    case 'resume':
      return changeNode(space, change, { fault: op, global });
    default:
      return unreachable(op);
  }
}

function changeNode(
  space: Space,
  change: Change,
  { fault, global }: { readonly fault: NodeChange; readonly global: GlobalCell },
): readonly Call[] | undefined {
  const { mechanics } = space;
  const after = globalAfter(mechanics.rules, global, fault);
  if (after === undefined) return undefined;
  put(space, change, after);
  if (!isPossible(global, fault)) return noCalls;
  if (fault.type === 'crash') {
    return slotsOfNode(space, fault.subject).map((slot) => callOf(slot, { type: 'crash' }));
  }
  if (fault.type !== 'restart') return noCalls;
  return mechanics.rules.actors
    .filter(({ node }) => node === fault.subject)
    .map((declared) => callOf(space.slotOf(declared.address), { type: 'restart' }));
}

interface Naming {
  readonly global: GlobalCell;
  readonly name: string;
  readonly slot: Slot;
}

/** Of two actors with one other name the first must be about to stop: then the name is the second's. */
function giveAlias(space: Space, change: Change, { global, name, slot }: Naming): void {
  const holder = global.aliases[name];
  const isFree =
    holder === undefined || holder === slot.address || isStopping(space, change, holder);
  invariant(
    isFree && !space.mechanics.isDeclared(address(name)),
    'kernel/duplicate-system-id',
    `"${slot.address}" starts with the systemId "${name}", which ` +
      `"${holder ?? name}" has. Stop that one first, or give one of them another.`,
  );
  put(space, change, withAlias(global, name, slot.address));
}

/** Whether an actor, or one above it, has still to carry out a stop. */
function isStopping(space: Space, change: Change, at: string): boolean {
  const parent = parentOf(address(at));
  const slot = space.slotAt(at);
  if (parent === undefined || slot === undefined) return false;
  const mail = slot.cells.all[change.at(slot.index)]?.mail ?? [];
  const table = space.parcels.parcels.all;
  return (
    mail.some((number) => table[number]?.content.type === 'stop') ||
    isStopping(space, change, parent)
  );
}

function put(space: Space, change: Change, global: GlobalCell): void {
  change.put(globalSlot, internGlobal(space, global));
}

function noWorld(): never {
  throw new SimulationError(
    'explore/no-world',
    'There is no world to expand. Begin with `first()`.',
  );
}

function endless(): SimulationError {
  return new SimulationError(
    'explore/endless-step',
    `One step started or stopped more than ${followMax} actors. Look for actors that spawn without end.`,
  );
}
