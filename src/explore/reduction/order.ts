/**
 * The steps of the run in hand, and which of them happen before which: the transitive closure of the
 * order of dependent steps, and of sending before arriving.
 */
import { areDependent } from './footprint.ts';
import type { Taken } from './footprint.ts';

/** A run as a partial order. */
export interface Order {
  /** The step that sent the message which a step is about; -1 where the run began with it. */
  readonly causeOf: (step: number) => number;
  /** Whether the later of two steps happens after the earlier. */
  readonly isAfter: (later: number, earlier: number) => boolean;
  /** The steps that a step comes right after: it is dependent on them, and nothing lies between. */
  readonly nearest: (step: number) => readonly number[];
  /** Takes the last step back. */
  readonly pop: () => void;
  /**
   * Adds a step; `copies`: how many messages like that which it is about there were. What only might come
   * is told to nobody.
   */
  readonly push: (taken: Taken, copies: number, isProspect?: boolean) => void;
  readonly steps: readonly Taken[];
}

interface Place {
  readonly cause: number;
  readonly nearest: readonly number[];
  /** Bit `n` is set where step `n` happens before this one. */
  readonly past: Int32Array;
}

/** A run without steps; `onPair` is told of each two steps of which the later comes right after the earlier. */
export function createOrder(onPair: (earlier: Taken, later: Taken) => void): Order {
  const steps: Taken[] = [];
  const places: Place[] = [];
  return {
    causeOf: (step) => places[step]?.cause ?? -1,
    isAfter: (later, earlier) => has(places[later]?.past, earlier),
    nearest: (step) => places[step]?.nearest ?? [],
    pop: () => {
      steps.pop();
      places.pop();
    },
    push: (taken, copies, isProspect = false) => {
      const past = new Int32Array((steps.length >>> 5) + 1);
      const nearest: number[] = [];
      const cause = causeAmong(steps, taken, copies);
      for (let index = steps.length - 1; index >= 0; index -= 1) {
        const other = steps[index];
        if (other === undefined || has(past, index)) continue;
        if (index !== cause) {
          if (!areDependent(other, taken)) continue;
          if (!isProspect) onPair(other, taken);
          nearest.push(index);
        }
        add(past, places[index]?.past, index);
      }
      steps.push(taken);
      places.push({ cause, nearest, past });
    },
    steps,
  };
}

/** Of equal messages the oldest is taken: as many steps that sent one lie behind it as there are. */
function causeAmong(steps: readonly Taken[], { offer }: Taken, copies: number): number {
  const { label } = offer.move;
  if (!('parcel' in label)) return -1;
  let left = copies;
  for (let index = steps.length - 1; index >= 0 && left > 0; index -= 1) {
    for (const number of steps[index]?.added ?? []) if (number === label.parcel) left -= 1;
    if (left <= 0) return index;
  }
  return -1;
}

function has(past: Int32Array | undefined, step: number): boolean {
  return (((past?.[step >>> 5] ?? 0) >>> (step & 31)) & 1) === 1;
}

/** Adds a step and all that happens before it. */
function add(past: Int32Array, other: Int32Array | undefined, step: number): void {
  if (other !== undefined) {
    for (let word = 0; word < other.length; word += 1) {
      past[word] = (past[word] ?? 0) | (other[word] ?? 0);
    }
  }
  past[step >>> 5] = (past[step >>> 5] ?? 0) | (1 << (step & 31));
}
