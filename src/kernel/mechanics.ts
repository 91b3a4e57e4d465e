/** What the parts of the kernel ask about one system: its rules, its steps, where its actors live. */
import { rootOf } from '../core/address.ts';
import { nodeId } from '../core/brand.ts';
import type { Address, NodeId } from '../core/brand.ts';
import type { Stepper } from './effect.ts';
import type { Declared, LinkKind, Rules } from './rules.ts';

/** Shared by all worlds of one system. */
export interface Mechanics {
  /** The actors that the system declares on a node, in their order. */
  readonly declaredOn: (node: NodeId) => readonly Declared[];
  /** Whether the system declares an actor of this address. */
  readonly isDeclared: (address: Address) => boolean;
  readonly isLocal: (from: Address, to: Address) => boolean;
  readonly kindOf: (from: Address, to: Address) => LinkKind;
  readonly nodeOf: (address: Address) => NodeId;
  /** All nodes, in the order of their first actors. */
  readonly nodes: readonly NodeId[];
  readonly rules: Rules;
  readonly stepper: Stepper;
}

/** The mechanics of a system. A child lives on the node of the declared actor above it. */
export function createMechanics(rules: Rules, stepper: Stepper): Mechanics {
  const nodeOfRoot = new Map<string, NodeId>(
    rules.actors.map((declared) => [declared.address, declared.node]),
  );
  const nodeOf = (at: Address): NodeId => {
    const root = rootOf(at);
    return nodeOfRoot.get(root) ?? nodeId(root);
  };
  const isLocal = (from: Address, to: Address): boolean => nodeOf(from) === nodeOf(to);
  // Within a node messages are reliable and in order for each pair.
  const kindOf = (from: Address, to: Address): LinkKind =>
    isLocal(from, to)
      ? 'fifo'
      : rules.linkKind({ from, to, fromNode: nodeOf(from), toNode: nodeOf(to) });
  return {
    declaredOn: (node) => rules.actors.filter((declared) => declared.node === node),
    isDeclared: (at) => nodeOfRoot.has(at),
    isLocal,
    kindOf,
    nodeOf,
    nodes: [...new Set(nodeOfRoot.values())],
    rules,
    stepper,
  };
}
