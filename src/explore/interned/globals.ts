/** What belongs to no actor: budgets, the state of nodes and network, other names, the fault plan. */
import type { Address } from '../../core/brand.ts';
import { canonical } from '../../core/canonical.ts';
import { unreachable } from '../../core/errors.ts';
import { firstBudgets } from '../../kernel/budgets.ts';
import type { Mechanics } from '../../kernel/mechanics.ts';
import type { Rules } from '../../kernel/rules.ts';
import type { Call, GlobalCell, NodeChange, NodeStatus } from './cells/cell.ts';
import { globalSlot } from './space.ts';
import type { Space } from './space.ts';

/** Before anything happened. */
export function firstGlobal({ rules }: Mechanics): GlobalCell {
  return {
    aliases: {},
    budgets: firstBudgets(rules),
    nodes: {},
    planned: 0,
    planLeft: rules.plan[0]?.after ?? 0,
  };
}

/** The number of what belongs to no actor. */
export function internGlobal(space: Space, cell: GlobalCell): number {
  return space.globals.intern(JSON.stringify(canonical(cell)), () => cell);
}

/** The call that takes one off a budget. */
export function spendCall(space: Space, budget: string): Call {
  return { op: space.budgets.intern(budget, () => budget), slot: globalSlot };
}

/** One less of a budget; `undefined` when nothing is left. */
export function spent(global: GlobalCell, budget: string): GlobalCell | undefined {
  const left = global.budgets[budget] ?? 0;
  if (left <= 0) return undefined;
  return { ...global, budgets: { ...global.budgets, [budget]: left - 1 } };
}

/** `span` microseconds later. */
export function elapsedGlobal(global: GlobalCell, span: number): GlobalCell {
  return { ...global, planLeft: Math.max(0, global.planLeft - span) };
}

/** With another name for an actor, or without the name. */
export function withAlias(
  global: GlobalCell,
  name: string,
  address: Address | undefined,
): GlobalCell {
  return { ...global, aliases: withKey(global.aliases, name, address) };
}

/** Whether a fault can befall the system as it is: only what is up crashes, only what is down restarts. */
export function isPossible(global: GlobalCell, { subject, type }: NodeChange): boolean {
  const status = global.nodes[subject];
  switch (type) {
    case 'crash':
      return status !== 'down';
    case 'restart':
      return status === 'down';
    case 'pause':
      return status === undefined;
    case 'resume':
      return status === 'paused';
    case 'partition':
      return global.partition !== subject;
    case 'heal':
      return global.partition !== undefined;
    default:
      return unreachable(type);
  }
}

/** After a fault, which only comes off the plan where it is not possible; `undefined` without budget. */
export function globalAfter(
  rules: Rules,
  global: GlobalCell,
  change: NodeChange,
): GlobalCell | undefined {
  const { isPlanned, subject, type } = change;
  const paid = paidFor(rules, global, change);
  if (paid === undefined || (isPlanned && !isPossible(global, change))) return paid;
  const { partition: _, ...whole } = paid;
  switch (type) {
    case 'partition':
      return { ...whole, partition: subject };
    case 'heal':
      return whole;
    case 'crash':
    case 'pause':
    case 'restart':
    case 'resume':
      return { ...paid, nodes: withKey(paid.nodes, subject, statusAfter[type]) };
    default:
      return unreachable(type);
  }
}

const statusAfter: Readonly<
  Record<'crash' | 'pause' | 'restart' | 'resume', NodeStatus | undefined>
> = { crash: 'down', pause: 'paused', restart: undefined, resume: undefined };

function paidFor(
  { plan }: Rules,
  global: GlobalCell,
  { isPlanned, type }: NodeChange,
): GlobalCell | undefined {
  if (isPlanned) {
    const planned = global.planned + 1;
    return { ...global, planLeft: plan[planned]?.after ?? 0, planned };
  }
  return type === 'resume' || type === 'heal' ? global : spent(global, type);
}

/** Keys sorted, so that equal records are one. */
function withKey<V>(
  record: Readonly<Record<string, V>>,
  key: string,
  value: V | undefined,
): Readonly<Record<string, V>> {
  const others = Object.entries(record).filter(([name]) => name !== key);
  const all = value === undefined ? others : [...others, [key, value] as const];
  return Object.fromEntries(all.toSorted(([first], [second]) => (first < second ? -1 : 1)));
}
