/** A machine's own definition as the nodes and edges of its statechart. */
import type { AnyActorLogic, AnyStateNode } from 'xstate';

import { isMachine, nodesOf } from '../../../runtime/sources.ts';

/** A statechart. */
export interface Statechart {
  readonly name: string;
  readonly states: readonly ChartState[];
  readonly transitions: readonly ChartTransition[];
}

/** A state; `id` is its path in the machine, with dots, and `parent` the path of the state that holds it. */
export interface ChartState {
  readonly id: string;
  readonly label: string;
  readonly kind: 'atomic' | 'compound' | 'parallel' | 'final' | 'history';
  readonly parent?: string;
  readonly isInitial: boolean;
  /** The names of what it does on entry and exit. */
  readonly notes: readonly string[];
}

/** A transition; without a target it stays where it is. */
export interface ChartTransition {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

/** The statechart of a logic; `undefined` for what is no machine or has only one state. */
export function statechartOf(logic: AnyActorLogic): Statechart | undefined {
  if (!isMachine(logic)) return undefined;
  const nodes = [...nodesOf(logic.root)].filter((node) => node !== logic.root);
  if (nodes.length === 0) return undefined;
  return {
    name: logic.id,
    states: nodes.map((node) => stateOf(node, logic.root)),
    transitions: [logic.root, ...nodes].flatMap((node) => transitionsOf(node, logic.root)),
  };
}

/** The paths of the states that a state value says are active. */
export function activeStates(value: unknown, prefix = ''): readonly string[] {
  if (typeof value === 'string') return [`${prefix}${value}`];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, below]) => [
    `${prefix}${key}`,
    ...activeStates(below, `${prefix}${key}.`),
  ]);
}

function stateOf(node: AnyStateNode, root: AnyStateNode): ChartState {
  const { parent } = node;
  const initial = parent?.type === 'compound' ? parent.initial.target[0] : undefined;
  return {
    id: pathOf(node),
    isInitial: initial === node,
    kind: node.type,
    label: node.key,
    notes: [
      ...node.entry.map((action) => `entry / ${wordOf(action)}`),
      ...node.exit.map((action) => `exit / ${wordOf(action)}`),
      ...node.invoke.map(({ id }) => `invoke ${id}`),
    ],
    ...(parent === undefined || parent === root ? {} : { parent: pathOf(parent) }),
  };
}

function transitionsOf(node: AnyStateNode, root: AnyStateNode): readonly ChartTransition[] {
  const all = [...[...node.transitions.values()].flat(), ...(node.always ?? [])];
  return all.flatMap(({ actions, eventType, guard, target }) =>
    (target ?? []).map((to) => ({
      from: node === root ? '' : pathOf(node),
      label: [
        wordOfEvent(eventType),
        ...(guard === undefined ? [] : [`[${wordOf(guard)}]`]),
        ...(actions.length === 0 ? [] : [`/ ${actions.map(wordOf).join(', ')}`]),
      ].join(' '),
      to: pathOf(to),
    })),
  );
}

function pathOf({ path }: AnyStateNode): string {
  return path.join('.');
}

/** `after` events are named by XState after their delay and state. */
function wordOfEvent(type: string): string {
  if (type === '') return 'always';
  const after = /^xstate\.after\.([^.]+)\./.exec(type);
  return after === null ? type : `after ${after[1]}`;
}

/** The name of an action or a guard: a text, a record with a type, or a function of that name. */
function wordOf(named: unknown): string {
  if (typeof named === 'string') return named;
  if (typeof named === 'function') return 'name' in named && named.name !== '' ? named.name : '…';
  if (typeof named === 'object' && named !== null && 'type' in named) return String(named.type);
  return '…';
}
