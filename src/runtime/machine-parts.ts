/** Where a machine's config names what others implement: its actions, guards and delays, each with its place. */
/* oxlint-disable typescript/no-unsafe-type-assertion -- XState's configs are known by their shape */
import type { AnyStateMachine, AnyStateNode } from 'xstate';

/** A list of actions of a state node, and the guard that stands before it. */
export interface MachinePart {
  readonly actions: readonly unknown[];
  readonly guard?: unknown;
  /** `on "go"`, `after "timeout"`, `always`, `entry`. */
  readonly place: string;
}

/** The parts of one state node; those of the nodes below it are theirs. */
export function* partsOf(node: AnyStateNode): Generator<MachinePart> {
  for (const action of node.entry)
    yield { actions: [action], place: placeOfDelay(action) ?? 'entry' };
  yield { actions: node.exit, place: 'exit' };
  if (node.type === 'compound') yield { actions: node.initial.actions, place: 'initial' };
  for (const { actions, guard } of node.always ?? []) yield { actions, guard, place: 'always' };
  for (const [event, transitions] of node.transitions) {
    for (const { actions, delay, guard } of transitions as readonly Delayed[]) {
      const place = delay === undefined ? `on "${event}"` : `after "${delay}"`;
      yield { actions, guard, place };
    }
  }
}

/** An action, and what it is called. */
export interface ResolvedAction {
  /** `undefined` for a name that nobody implements. */
  readonly resolved: unknown;
  readonly type: string;
}

/** What stands behind an action of a config. */
export function resolveAction(machine: AnyStateMachine, action: unknown): ResolvedAction {
  const type =
    typeof action === 'object' && action !== null
      ? (action as { readonly type: string }).type
      : action;
  if (typeof type === 'string') return { resolved: implementation(machine, 'actions', type), type };
  return { resolved: type, type: (typeof type === 'function' && type.name) || '(inline)' };
}

/** What a machine's set-up has under a name. */
export function implementation(
  machine: AnyStateMachine,
  kind: 'actions' | 'delays' | 'guards',
  name: string,
): unknown {
  const all = machine.implementations[kind] as Readonly<Record<string, unknown>>;
  return Object.hasOwn(all, name) ? all[name] : undefined;
}

interface Delayed {
  readonly actions: readonly unknown[];
  readonly delay?: number | string;
  readonly guard?: unknown;
}

/** XState makes a delayed transition of an entry that raises an event later. */
function placeOfDelay(action: unknown): string | undefined {
  if (typeof action !== 'function' || !('id' in action) || !('delay' in action)) return undefined;
  return String(action.id).startsWith('xstate.after.')
    ? `after "${String(action.delay)}"`
    : undefined;
}
