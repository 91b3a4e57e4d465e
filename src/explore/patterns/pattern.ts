/** A kind of mistake that many protocols make, as something to watch a system for. */
import type { Fact, Monitor } from '../../kernel/monitor.ts';
import type { FaultBudget } from '../../kernel/rules.ts';
import type { Property } from '../../runtime/property.ts';
import type { SystemDefinition } from '../../runtime/system.ts';

/** What is added to a definition: folds over what happens, what must hold, and faults that must be borne. */
export interface Pattern {
  readonly monitors: readonly Monitor[];
  readonly properties: readonly Property[];
  readonly faults?: FaultBudget;
}

/** Where in what happens a pattern finds what it speaks of. */
export interface Reading<Mark> {
  /** The facts that are read; announcements (`emitted`) unless said otherwise. */
  readonly facts?: readonly Fact['type'][];
  /** What a fact says; `undefined` where it says nothing of the matter. Pure. */
  readonly read: (fact: Fact) => Mark | undefined;
}

/** The definition with all that the patterns add. Budgets of faults add up. */
export function withPatterns(
  definition: SystemDefinition,
  patterns: readonly Pattern[],
): SystemDefinition {
  return {
    ...definition,
    faults: patterns.reduce(
      (faults, pattern) => sumOf(faults, pattern.faults ?? {}),
      definition.faults ?? {},
    ),
    monitors: [...(definition.monitors ?? []), ...patterns.flatMap(({ monitors }) => monitors)],
    properties: [
      ...(definition.properties ?? []),
      ...patterns.flatMap(({ properties }) => properties),
    ],
  };
}

/** A monitor that folds marks, and takes no notice of facts without one. */
export function folding<State, Mark>(
  name: string,
  { facts = ['emitted'], read }: Reading<Mark>,
  fold: { readonly initial: State; readonly after: (state: State, mark: Mark) => State },
): Monitor {
  return {
    facts,
    initial: fold.initial,
    name,
    step: (state: State, fact) => {
      const mark = read(fact);
      return mark === undefined ? state : fold.after(state, mark);
    },
  };
}

function sumOf(one: FaultBudget, two: FaultBudget): FaultBudget {
  const kinds = new Set([...keysOf(one), ...keysOf(two)]);
  return Object.fromEntries([...kinds].map((kind) => [kind, (one[kind] ?? 0) + (two[kind] ?? 0)]));
}

function keysOf(budget: FaultBudget): readonly (keyof FaultBudget)[] {
  // cast -- the keys of a budget are its kinds
  return Object.keys(budget) as (keyof FaultBudget)[];
}
