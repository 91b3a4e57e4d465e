/** How many tensors an operator takes; `many` is a list of at least one. */
export type Arity = number | 'many' | { readonly least: number; readonly most: number };

/** Whether an operator of this arity takes `count` tensors. */
export function takes(arity: Arity, count: number): boolean {
  if (arity === 'many') return count > 0;
  return typeof arity === 'number' ? count === arity : count >= arity.least && count <= arity.most;
}

/** An arity in words. */
export function formatArity(arity: Arity): string {
  return typeof arity === 'object' ? `${arity.least} to ${arity.most}` : String(arity);
}

/** The most tensors that an operator takes. */
export function mostOf(arity: Arity): number {
  if (arity === 'many') return Infinity;
  return typeof arity === 'number' ? arity : arity.most;
}
