/**
 * The active state nodes of a machine, once for each state value: what XState would look up anew at
 * every event is kept with them.
 */
/* oxlint-disable typescript/no-unsafe-type-assertion -- XState's snapshots are known by their shape */
import type { AnyMachineSnapshot, AnyStateMachine, AnyStateNode } from 'xstate';

import { canonical } from '../../core/canonical.ts';
import { createMemo } from '../../core/memo.ts';
import type { Local } from '../../kernel/effect.ts';

/** Nodes that are active together. */
export interface Configuration {
  /** Whether any of them has a transition that needs no event. */
  readonly hasAlways: boolean;
  /** In document order. */
  readonly nodes: readonly AnyStateNode[];
  /** A snapshot of XState in this configuration, whose methods and tags all others share. */
  readonly template: AnyMachineSnapshot;
  /** Canonical, and one object for all local states in this configuration. */
  readonly value: unknown;
}

/** All configurations of one machine that came up. */
export interface Configurations {
  /** The configuration of a canonical state value. */
  readonly ofValue: (value: unknown) => Configuration;
  /** The configuration of these nodes; their order does not matter. */
  readonly ofNodes: (nodes: readonly AnyStateNode[]) => Configuration;
}

/** The configurations of a machine; there are as many as it has state values. */
export function createConfigurations(machine: AnyStateMachine): Configurations {
  const byText = new Map<string, Configuration>();
  const byName = new Map<string, Configuration>();
  const byObject = createMemo<object, Configuration>();
  const find = (value: unknown): Configuration => {
    const text = JSON.stringify(value);
    const seen = byText.get(text);
    if (seen !== undefined) return seen;
    const made = configurationOf(machine, nodesIn(machine.root, value));
    byText.set(text, made);
    if (typeof value === 'string') byName.set(value, made);
    return made;
  };
  const ofValue = (value: unknown): Configuration => {
    if (typeof value !== 'object' || value === null) {
      return (typeof value === 'string' ? byName.get(value) : undefined) ?? find(value);
    }
    const seen = byObject.get(value);
    if (seen !== undefined) return seen;
    const found = find(value);
    byObject.set(value, found);
    return found;
  };
  return {
    ofNodes: (nodes) => ofValue(canonical(valueOf(machine.root, new Set(nodes)))),
    ofValue,
  };
}

/** The state value of the active nodes below `node`. */
function valueOf(node: AnyStateNode, active: ReadonlySet<AnyStateNode>): unknown {
  const children = Object.values(node.states).filter((child) => active.has(child));
  const only = children[0];
  if (
    node.type === 'compound' &&
    only !== undefined &&
    only.type !== 'compound' &&
    only.type !== 'parallel'
  ) {
    return only.key;
  }
  return Object.fromEntries(children.map((child) => [child.key, valueOf(child, active)]));
}

/** In the order in which the machine's config has them. */
export function inDocumentOrder(nodes: readonly AnyStateNode[]): readonly AnyStateNode[] {
  const isInOrder = nodes.every(
    (node, index) => index === 0 || (nodes[index - 1]?.order ?? 0) < node.order,
  );
  return isInOrder ? nodes : nodes.toSorted((a, b) => a.order - b.order);
}

/** The snapshot that XState would hold of a local state; its own methods work on it. */
export function snapshotIn(
  { nodes, template }: Configuration,
  local: Local,
  historyValue: unknown,
): AnyMachineSnapshot {
  return {
    status: local.status,
    output: local['output'],
    error: local['error'],
    machine: template.machine,
    context: local['context'],
    _nodes: nodes,
    value: template.value,
    tags: template.tags,
    children: local['children'],
    historyValue,
    matches: template.matches,
    hasTag: template.hasTag,
    can: template.can,
    getMeta: template.getMeta,
    toJSON: template.toJSON,
  } as unknown as AnyMachineSnapshot;
}

function configurationOf(machine: AnyStateMachine, nodes: readonly AnyStateNode[]): Configuration {
  const value = canonical(valueOf(machine.root, new Set(nodes)));
  return {
    hasAlways: nodes.some(({ always }) => always !== undefined && always.length > 0),
    nodes,
    template: machine.resolveState({ context: {}, value } as never) as AnyMachineSnapshot,
    value,
  };
}

/** The nodes that a state value names, from `node` down, in document order. */
function nodesIn(node: AnyStateNode, value: unknown): readonly AnyStateNode[] {
  if (typeof value === 'string') {
    const child = node.states[value];
    return child === undefined ? [node] : [node, child];
  }
  const named = value as Readonly<Record<string, unknown>>;
  return [
    node,
    ...Object.values(node.states)
      .filter(({ key }) => Object.hasOwn(named, key))
      .flatMap((child) => nodesIn(child, named[child.key])),
  ];
}
