/** Virtual time goes by in the world in the making. */
import { elapsed } from '../cells/cell-ops.ts';
import { emptyCell } from '../cells/cell.ts';
import { elapsedGlobal, internGlobal } from '../globals.ts';
import { firstActorSlot, globalSlot, internCell } from '../space.ts';
import type { Slot, Space } from '../space.ts';
import type { Change } from './change.ts';

/** Lets `span` microseconds go by at all slots. */
export function createElapse(space: Space, change: Change): (span: number) => void {
  return (span) => {
    const global = space.globals.all[change.at(globalSlot)];
    if (global !== undefined && global.planned < space.mechanics.rules.plan.length) {
      change.put(globalSlot, internGlobal(space, elapsedGlobal(global, span)));
    }
    for (let index = firstActorSlot; index < space.slots.length; index += 1) {
      const slot = space.slots[index];
      const cell = change.at(index);
      if (slot === undefined || cell === 0) continue;
      const next = cellAfter(space, slot, { cell, span });
      if (next !== cell) change.put(index, next);
    }
  };
}

interface Waiting {
  readonly cell: number;
  readonly span: number;
}

function cellAfter(space: Space, slot: Slot, { cell, span }: Waiting): number {
  const known = slot.elapsed.get(span) ?? [];
  const seen = known[cell];
  if (seen !== undefined) return seen;
  const made = internCell(slot, elapsed(space, slot.cells.all[cell] ?? emptyCell, span));
  known[cell] = made;
  slot.elapsed.set(span, known);
  return made;
}
