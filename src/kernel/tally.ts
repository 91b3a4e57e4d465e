/** What a draft counts: budgets down, and up how often each thing without a causal name was taken. */
import { invariant } from '../core/errors.ts';
import { frozen } from '../core/frozen.ts';
import type { Draft } from './draft.ts';

/** Takes one off a budget. */
export function spend(draft: Draft, budget: string): void {
  const left = draft.world.budgets[budget] ?? 0;
  invariant(left > 0, 'kernel/not-offered', `No "${budget}" is left in the budget.`);
  draft.world.budgets = frozen({ ...draft.world.budgets, [budget]: left - 1 });
}

/** Counts one `word` more. */
export function count({ ledger }: Draft, word: string): void {
  ledger.counts = frozen({ ...ledger.counts, [word]: (ledger.counts[word] ?? 0) + 1 });
}
