/** A kind of mistake that many protocols make, as something to watch a system for. */
import type { Fact, Monitor } from '../../kernel/monitor.ts';
import type { FaultBudget } from '../../kernel/rules.ts';
import type { Property } from '../../runtime/property.ts';
import type { SystemDefinition } from '../../runtime/system.ts';
import type { View } from '../../runtime/view.ts';

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

/** A fold over marks, and its state in a world. */
export interface Fold<State> {
  readonly monitor: Monitor;
  readonly stateIn: (view: View) => State;
}

/** A monitor that folds marks, and takes no notice of facts without one. */
export function folding<State, Mark>(
  name: string,
  { facts = ['emitted'], read }: Reading<Mark>,
  fold: { readonly initial: State; readonly after: (state: State, mark: Mark) => State },
): Fold<State> {
  return {
    monitor: {
      facts,
      initial: fold.initial,
      name,
      step: (state: State, fact) => {
        const mark = read(fact);
        return mark === undefined ? state : fold.after(state, mark);
      },
    },
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the state of this monitor
    stateIn: (view) => view.monitor(name) as State,
  };
}

function sumOf(one: FaultBudget, two: FaultBudget): FaultBudget {
  const counts = new Map<string, number>(Object.entries(one));
  for (const [kind, count] of Object.entries(two))
    counts.set(kind, (counts.get(kind) ?? 0) + count);
  return Object.fromEntries(counts);
}
