import type { FaultBudget, Rules } from '../kernel/rules.ts';
import { defineSystem } from './system.ts';
import type { System, SystemDefinition } from './system.ts';

/** What may be said of a system from outside, without a word in its definition. */
export interface Variant {
  /** How many faults of each kind may come, instead of what the definition says of that kind. */
  readonly faults?: FaultBudget;
  readonly time?: Rules['time'];
}

/** The definition as the variant has it. */
export function variantOf(
  definition: SystemDefinition,
  { faults, time }: Variant,
): SystemDefinition {
  return {
    ...definition,
    ...(faults === undefined ? {} : { faults: { ...definition.faults, ...faults } }),
    ...(time === undefined ? {} : { time }),
  };
}

/** The system as the variant has it; itself where that says nothing. */
export function varied(system: System, variant: Variant = {}): System {
  const isSame = variant.faults === undefined && variant.time === undefined;
  return isSame ? system : defineSystem(variantOf(system.definition, variant));
}
