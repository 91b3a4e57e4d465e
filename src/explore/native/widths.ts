/** How wide the slots of worlds should be. */
import { firstActorSlot, globalSlot, monitorSlot } from '../interned/space.ts';
import type { Space } from '../interned/space.ts';
import { bitsFor, layOut, widthMax } from '../interned/visited/layout.ts';

const [roomyBits, roomySlotsMax] = [2, 64];

/** Widths with room for every number that a space knows. */
export function widthsFor(space: Space): Uint8Array {
  return roomy(Uint8Array.from(largestNumbers(space), bitsFor));
}

/**
 * Wider by some bits where that costs no word, the widest first, which grow most: threads halt, and all is
 * written anew, when a number outgrows its slot.
 */
function roomy(widths: Uint8Array): Uint8Array {
  const { words } = layOut(widths);
  const slots = [...widths.keys()].toSorted(
    (one, other) => (widths[other] ?? 0) - (widths[one] ?? 0),
  );
  let wide = widths;
  for (const slot of slots.slice(0, roomySlotsMax)) {
    const wider = wide.slice();
    wider[slot] = Math.min((wide[slot] ?? 0) + roomyBits, widthMax);
    if (layOut(wider).words === words) wide = wider;
  }
  return wide;
}

function largestNumbers(space: Space): readonly number[] {
  return space.slots.map((slot, index) => {
    if (index === globalSlot) return space.globals.all.length;
    if (index === monitorSlot) return space.monitorStates.all.length;
    return index < firstActorSlot ? 0 : (slot?.cells.all.length ?? 0);
  });
}
