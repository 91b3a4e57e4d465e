/** What the parts of the kernel ask about one system: its rules, its steps, where its actors live. */
import { rootOf } from '../core/address.ts';
import { nodeId, type Address, type NodeId } from '../core/brand.ts';
import type { Stepper } from './effect.ts';
import type { LinkKind, Rules } from './rules.ts';

/** Shared by all worlds of one system. */
export interface Mechanics {
  /** Whether the system declares an actor of this address. */
  readonly isDeclared: (address: Address) => boolean;
  readonly isLocal: (from: Address, to: Address) => boolean;
  readonly kindOf: (from: Address, to: Address) => LinkKind;
  readonly nodeOf: (address: Address) => NodeId;
  readonly rules: Rules;
  readonly stepper: Stepper;
}

/** The mechanics of a system. A child lives on the node of the declared actor above it. */
export function createMechanics(rules: Rules, stepper: Stepper): Mechanics {
  const nodes = new Map<string, NodeId>(
    rules.actors.map((declared) => [declared.address, declared.node]),
  );
  const nodeOf = (at: Address): NodeId => {
    const root = rootOf(at);
    return nodes.get(root) ?? nodeId(root);
  };
  const isLocal = (from: Address, to: Address): boolean => nodeOf(from) === nodeOf(to);
  // Within a node messages are reliable and in order for each pair.
  const kindOf = (from: Address, to: Address): LinkKind =>
    isLocal(from, to)
      ? 'fifo'
      : rules.linkKind({ from, to, fromNode: nodeOf(from), toNode: nodeOf(to) });
  return { isDeclared: (at) => nodes.has(at), isLocal, kindOf, nodeOf, rules, stepper };
}
