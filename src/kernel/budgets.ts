/** What may be spent in a run, by fault and by input. */
import { frozen } from '../core/frozen.ts';
import type { Declared, FaultKind, Rules } from './rules.ts';
import type { World } from './world.ts';

/** What may be spent in all; an input without a budget has no entry. */
export function firstBudgets({ actors, budgets }: Rules): Readonly<Record<string, number>> {
  const inputs = actors.flatMap((declared) =>
    declared.inputs.flatMap(({ budget }, index) =>
      budget === undefined ? [] : [[inputBudget(declared, index), budget] as const],
    ),
  );
  return frozen({ ...budgets, ...Object.fromEntries(inputs) });
}

/** The budget that an input draws on. */
export function inputBudget(declared: Declared, index: number): string {
  return `input:${declared.address}:${index}`;
}

/** Whether one more fault of a kind is allowed. */
export function hasBudget(world: World, fault: FaultKind): boolean {
  return (world.budgets[fault] ?? 0) > 0;
}
