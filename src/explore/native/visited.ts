/** The worlds in shared memory, as the expansion by hand of one of them sees them. */
import type { ExpansionOptions } from '../exhaustive/expansion.ts';
import type { StagedChange } from '../interned/visited/stage.ts';
import type { Core } from './core.ts';

/** What it needs. */
export interface NativeVisited {
  /** The cells of the world in hand. */
  readonly load: (vector: Int32Array) => void;
  readonly visited: ExpansionOptions['visited'];
}

/** What may be missing. */
export interface Missing {
  /** Makes room for more worlds. */
  readonly makeRoom: () => void;
  /** Lays all anew, so that every number finds room; the world in hand stays there. */
  readonly widen: () => void;
}

/** The worlds that a core has. */
export function createNativeVisited(core: Core, { makeRoom, widen }: Missing): NativeVisited {
  let loaded: Int32Array = new Int32Array(0);
  const begin = (): void => {
    if (core.isCrowded() !== 0) {
      core.settle();
      if (core.isFull() !== 0) makeRoom();
    }
    core.begin();
  };
  const isPut = (slot: number, cell: number): boolean =>
    core.field(slot, loaded[slot] ?? 0, cell) !== 0;
  const isPushed = (change: StagedChange): boolean => {
    const [cells, slots, count] = [change.cells(), change.slots(), change.count()];
    begin();
    for (let index = 0; index < count; index += 1) {
      const slot = slots[index] ?? 0;
      if (!isPut(slot, cells[slot] ?? 0)) return false;
    }
    return true;
  };
  return {
    load: (vector) => {
      loaded = vector;
    },
    visited: {
      asleep: core.sleepers,
      lull: core.lull,
      puts: (slot, cells, { at, count, move }) => {
        for (let index = 0; index < count; index += 1) {
          const cell = cells[at + index] ?? 0;
          begin();
          while (!isPut(slot, cell)) {
            widen();
            begin();
          }
          core.add(move + index);
        }
      },
      settle: core.settle,
      stage: (change, move) => {
        while (!isPushed(change)) widen();
        core.add(move);
      },
      staged: core.staged,
    },
  };
}
