/** The world in the making: the cells of the world that is expanded, some of them changed. */
import { at, put } from './memory';
import { cells, changedSlots, markOf, olds, slotCount } from './state';

let count: i32 = 0;
let mark: i32 = 1;

/** How many slots were changed. */
export function changes(): i32 {
  return count;
}

/** Undoes all that was changed. */
export function undo(): void {
  for (let index = 0; index < count; index += 1) {
    const slot = at(changedSlots, index);
    put(cells, slot, at(olds, slot));
  }
  count = 0;
  mark += 1;
  if (mark == 0) forget();
}

/** Begins again with the first mark, after four thousand million of them. */
function forget(): void {
  for (let slot = 0; slot < slotCount; slot += 1) put(markOf, slot, 0);
  mark = 1;
}

/** Gives a slot another cell. */
export function change(slot: i32, cell: i32): void {
  const now = at(cells, slot);
  if (now == cell) return;
  if (at(markOf, slot) != mark) {
    put(markOf, slot, mark);
    put(olds, slot, now);
    put(changedSlots, count, slot);
    count += 1;
  }
  put(cells, slot, cell);
}
