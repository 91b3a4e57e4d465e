/**
 * What taking transitions in a configuration comes to: what is done, and in which configuration it ends.
 * It depends on both alone, so it is worked out once. History, invoked actors, outputs of states and the
 * end of the machine are XState's.
 *
 * @see SCXML, "Algorithm for SCXML Interpretation", `exitStates`, `enterStates`; XState 5.33,
 * `stateUtils.ts`, `microstep`.
 */
import type { AnyStateMachine, AnyStateNode } from 'xstate';

import type { Configuration, Configurations } from './configuration.ts';
import { deedsOf, tellDone } from './deed.ts';
import type { Deed } from './deed.ts';
import { entriesOf, exitsOf, isHistory, withoutConflicts } from './entry.ts';
import type { Transitions } from './selection.ts';

/** One microstep. */
export interface Plan {
  readonly deeds: readonly Deed[];
  readonly end: Configuration;
  /** XState keeps nodes in the order of their entry, which a microstep that follows would notice. */
  readonly isInOrder: boolean;
}

/** Where a plan is made. */
export interface PlanPlace {
  readonly configurations: Configurations;
  readonly from: Configuration;
  readonly machine: AnyStateMachine;
}

/** The plan of taking `selected`; `undefined` where it is XState's. */
export function planOf(place: PlanPlace, selected: Transitions): Plan | undefined {
  const { configurations, from, machine } = place;
  const taken = withoutConflicts(selected, from.nodes);
  const exits = [...exitsOf(taken, from.nodes)].toSorted((a, b) => b.order - a.order);
  const entries = entriesOf(taken);
  if (entries === undefined || exits.some(isXStates)) return undefined;
  const active = new Set(from.nodes);
  for (const node of exits) active.delete(node);
  const deeds: (readonly Deed[] | undefined)[] = [
    deedsOf(machine, [
      ...exits.flatMap((node) => node.exit),
      ...taken.flatMap((transition) => transition.actions),
    ]),
  ];
  for (const node of [...entries.nodes].toSorted((a, b) => a.order - b.order)) {
    if (node.invoke.length > 0) return undefined;
    active.add(node);
    const initial = entries.byDefault.has(node) ? node.initial.actions : [];
    deeds.push(deedsOf(machine, [...node.entry, ...initial]));
    if (node.type === 'final') deeds.push(doneBy(node, active)?.map(({ id }) => tellDone(id)));
  }
  if (deeds.includes(undefined)) return undefined;
  const nodes = [...active];
  const isSame = nodes.length === from.nodes.length && from.nodes.every((node) => active.has(node));
  const end = isSame ? from : configurations.ofNodes(nodes);
  // Targets that exclude each other leave XState with nodes that no state value tells of.
  if (end.nodes.length !== nodes.length) return undefined;
  return {
    deeds: deeds.flatMap((all) => all ?? []),
    end,
    isInOrder: isSame || isInDocumentOrder(nodes),
  };
}

/** What it leaves behind is known by XState alone: a history of it, or the end of an actor. */
function isXStates(node: AnyStateNode): boolean {
  return node.invoke.length > 0 || Object.values(node.states).some(isHistory);
}

/** The nodes that a final one completes, innermost first; `undefined` if the machine is one of them. */
function doneBy(
  node: AnyStateNode,
  active: ReadonlySet<AnyStateNode>,
): readonly AnyStateNode[] | undefined {
  const { output, parent } = node;
  if (parent === undefined || output !== undefined) return undefined;
  const done = parent.type === 'compound' ? [parent] : [];
  let above = parent.type === 'parallel' ? parent : parent.parent;
  while (above?.type === 'parallel' && isComplete(above, active)) {
    done.push(above);
    above = above.parent;
  }
  return above === undefined ? undefined : done;
}

function isComplete(node: AnyStateNode, active: ReadonlySet<AnyStateNode>): boolean {
  const children = Object.values(node.states).filter((child) => !isHistory(child));
  if (node.type === 'compound') {
    return children.some((child) => child.type === 'final' && active.has(child));
  }
  return node.type === 'parallel'
    ? children.every((child) => isComplete(child, active))
    : node.type === 'final';
}

function isInDocumentOrder(nodes: readonly AnyStateNode[]): boolean {
  return nodes.every((node, index) => index === 0 || (nodes[index - 1]?.order ?? 0) < node.order);
}
