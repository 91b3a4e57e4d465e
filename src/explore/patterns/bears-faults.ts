import type { FaultBudget } from '../../kernel/rules.ts';
import { agree } from '../../runtime/property.ts';
import type { Observation } from '../../runtime/property.ts';
import type { Pattern } from './pattern.ts';

/** What is borne, and what must come out. */
export interface BearsFaultsOptions {
  /** The faults that may come beside those of the definition; one message twice unless said otherwise. */
  readonly faults?: FaultBudget;
  /** What of an end is compared. */
  readonly observe: Observation;
}

/**
 * Whether a message comes once or twice, and before or after which other, the system ends alike. A message
 * that may be repeated without harm may still do harm when its repetition comes after what undoes it:
 * idempotent is not commutative. The remedy is a number that says what is old.
 */
export function bearsFaults(name: string, options: BearsFaultsOptions): Pattern {
  const { faults = { duplicate: 1 }, observe } = options;
  return { faults, monitors: [], properties: [agree(name, observe)] };
}
