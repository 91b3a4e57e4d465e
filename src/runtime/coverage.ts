/** Which parts of its machines a system has used: what no run ever did, no run has checked. */
/* oxlint-disable typescript/no-unsafe-type-assertion -- XState's internals are known by their shape */
import type { AnyStateMachine, AnyStateNode } from 'xstate';

import { readable } from './event-words.ts';
import type { NamedLogic } from './logic-registry.ts';
import { isMachine, nodesOf } from './sources.ts';

/** What of one machine was used. */
export interface MachineCoverage {
  readonly machine: string;
  /** Its states, by their paths. */
  readonly states: Covered;
  /** The events that it has transitions for. */
  readonly events: Covered;
  /** Its transitions, as `collecting: commit.decided [areAllPrepared] -> committed`. */
  readonly transitions: Covered;
}

/** How many things there are, and which of them never were. */
export interface Covered {
  readonly all: number;
  readonly never: readonly string[];
}

/** Told what steps do as XState takes them. */
export interface Witness {
  /** A microstep, or the first snapshot of an actor. */
  readonly saw: (seen: Seen) => void;
}

/** What XState tells whoever inspects it, as far as it matters here. */
export interface Seen {
  readonly snapshot?: unknown;
  readonly _transitions?: readonly object[];
}

/** A witness that remembers what was used. */
export interface Coverage extends Witness {
  /** What was used of these logics, and what was not. */
  readonly of: (logics: readonly NamedLogic[]) => readonly MachineCoverage[];
}

/** Nothing used yet. */
export function createCoverage(): Coverage {
  const used = new Set<object>();
  return {
    of: (logics) =>
      logics.flatMap(({ logic, name }) =>
        isMachine(logic) ? [coverageOf(logic, name, used)] : [],
      ),
    saw: ({ _transitions: transitions = [], snapshot }) => {
      for (const transition of transitions) used.add(transition);
      const { _nodes: nodes = [] } = (snapshot ?? {}) as { readonly _nodes?: readonly object[] };
      for (const node of nodes) used.add(node);
    },
  };
}

/** What XState knows of a transition. */
interface Transition {
  readonly eventType: string;
  readonly guard?: unknown;
  readonly source: AnyStateNode;
  readonly target?: readonly AnyStateNode[];
}

function coverageOf(
  machine: AnyStateMachine,
  name: string,
  used: ReadonlySet<object>,
): MachineCoverage {
  const nodes = [...nodesOf(machine.root)];
  const transitions = nodes.flatMap((node) => transitionsOf(node));
  const events = new Map<string, boolean>();
  for (const transition of transitions) {
    const { eventType } = transition;
    if (eventType === '') continue;
    events.set(eventType, (events.get(eventType) ?? false) || used.has(transition));
  }
  const states = nodes.filter(({ path }) => path.length > 0);
  return {
    machine: name,
    states: covered(states.map((node) => ({ isUsed: used.has(node), text: node.path.join('.') }))),
    events: covered([...events].map(([type, isUsed]) => ({ isUsed, text: readable(type) }))),
    transitions: covered(
      transitions.map((transition) => ({ isUsed: used.has(transition), text: textOf(transition) })),
    ),
  };
}

function covered(all: readonly { readonly isUsed: boolean; readonly text: string }[]): Covered {
  return { all: all.length, never: all.flatMap(({ isUsed, text }) => (isUsed ? [] : [text])) };
}

/** Those of a state itself: on events, after delays, when something is done, and eventless ones. */
function transitionsOf(node: AnyStateNode): readonly Transition[] {
  const { always = [], transitions } = node as unknown as {
    readonly always?: readonly Transition[];
    readonly transitions: ReadonlyMap<string, readonly Transition[]>;
  };
  return [...transitions.values(), always].flat();
}

function textOf({ eventType, guard, source, target }: Transition): string {
  const where = source.path.length === 0 ? '' : `${source.path.join('.')}: `;
  const what = eventType === '' ? 'always' : readable(eventType);
  const when = guard === undefined ? '' : ` [${guardName(guard)}]`;
  const goal = (target ?? []).map(({ path }) => path.join('.')).join(', ');
  return `${where}${what}${when}${goal === '' ? '' : ` -> ${goal}`}`;
}

function guardName(guard: unknown): string {
  if (typeof guard === 'string') return guard;
  if (typeof guard === 'function') return guard.name === '' ? 'guard' : guard.name;
  const { type } = (guard ?? {}) as { readonly type?: unknown };
  return typeof type === 'string' ? type : 'guard';
}
