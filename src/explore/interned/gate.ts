/**
 * Where what was never seen before gets its numbers. Threads that learn the same in the same order have
 * the same numbers; so only one of them learns by itself, and the others as it did.
 */

/** A gate that all learning of one space goes through. */
export interface Gate {
  isShut: boolean;
  /** How often something was learned. */
  learned: number;
}

/** Thrown where something would have to be learned while the gate is shut. Nothing was changed then. */
export const unlearned = new Error('This thread does not know that yet.');

/** An open gate. */
export function createGate(): Gate {
  return { isShut: false, learned: 0 };
}

/**
 * Notes that something is learned.
 *
 * @throws `unlearned` if the gate is shut.
 */
export function pass(gate: Gate): void {
  if (gate.isShut) throw unlearned;
  gate.learned += 1;
}
