/** Rules that name what does not exist, or count what cannot be counted, are mistakes. */
import { invariant } from '../core/errors.ts';
import { inputWord } from './inputs.ts';
import type { Declared, NodeFault, Rules } from './rules.ts';

/**
 * Checks the rules of a system once, before anything runs.
 *
 * @throws {SimulationError} `kernel/bad-rules` for a node or partition that no one declares, a budget
 * that is no count, or an input that is declared twice.
 */
export function checkRules({ actors, budgets, partitions, plan }: Rules): void {
  const nodes = new Set<string>(actors.map(({ node }) => node));
  for (const { groups, name } of partitions) {
    for (const node of groups.flat()) requireKnown(nodes, node, `The partition "${name}"`);
    const all = groups.flat();
    invariant(
      new Set(all).size === all.length,
      'kernel/bad-rules',
      `The partition "${name}" has a node in two groups. Each node belongs to one of them at most.`,
    );
  }
  const names = new Set(partitions.map(({ name }) => name));
  for (const { fault } of plan) checkFault(fault, { names, nodes });
  for (const [what, budget] of Object.entries(budgets)) requireCount(budget, `of "${what}"`);
  for (const declared of actors) checkInputs(declared);
}

interface Known {
  readonly names: ReadonlySet<string>;
  readonly nodes: ReadonlySet<string>;
}

function checkFault(fault: NodeFault, { names, nodes }: Known): void {
  if (fault.type === 'heal') return;
  if (fault.type === 'partition') {
    requireKnown(names, fault.partition, 'The fault plan');
    return;
  }
  requireKnown(nodes, fault.node, 'The fault plan');
}

function checkInputs(declared: Declared): void {
  const { address, inputs } = declared;
  const words = new Set(inputs.map((input) => inputWord(declared, input)));
  invariant(
    words.size === inputs.length,
    'kernel/bad-rules',
    `"${address}" declares one input twice. Declare it once, with the sum of its budgets.`,
  );
  for (const { budget, event } of inputs) requireCount(budget, `of the input "${event.type}"`);
}

function requireKnown(known: ReadonlySet<string>, name: string, where: string): void {
  invariant(
    known.has(name),
    'kernel/bad-rules',
    `${where} names "${name}", which no one declares. Known are: ${[...known].join(', ') || 'none'}.`,
  );
}

function requireCount(budget: number | undefined, what: string): void {
  invariant(
    budget === undefined || (Number.isSafeInteger(budget) && budget >= 0),
    'kernel/bad-rules',
    `The budget ${what} is ${budget}. Give a whole number from 0.`,
  );
}
