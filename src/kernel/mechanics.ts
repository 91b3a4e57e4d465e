/** What the parts of the kernel ask about one system: its rules, its steps, where its actors live. */
import { pooled, rootOf } from '../core/address.ts';
import { nodeId } from '../core/brand.ts';
import type { Address, NodeId } from '../core/brand.ts';
import { chain, digest } from '../core/digest.ts';
import type { Digest } from '../core/digest.ts';
import type { Stepper } from './effect.ts';
import type { Declared, LinkKind, Rules } from './rules.ts';
import { linkKey } from './world.ts';

/** Shared by all worlds of one system. */
export interface Mechanics {
  /** The actors that the system declares on a node, in their order. */
  readonly declaredOn: (node: NodeId) => readonly Declared[];
  /** Whether the system declares an actor of this address. */
  readonly isDeclared: (address: Address) => boolean;
  readonly isLocal: (from: Address, to: Address) => boolean;
  /** Whether the node has an actor that stands for surroundings to rely on. */
  readonly isSteadfast: (node: NodeId) => boolean;
  readonly kindOf: (from: Address, to: Address) => LinkKind;
  readonly nodeOf: (address: Address) => NodeId;
  /** All nodes, in the order of their first actors. */
  readonly nodes: readonly NodeId[];
  readonly routeOf: (from: Address, to: Address) => Route;
  readonly rules: Rules;
  readonly stepper: Stepper;
}

/** What never changes between two places. */
export interface Route {
  /** Made of both addresses. */
  readonly ends: Digest;
  readonly isLocal: boolean;
  /** Whether the system declares the receiver itself. */
  readonly isToDeclared: boolean;
  readonly key: string;
  readonly kind: LinkKind;
}

/** Routes that are remembered; a system that makes new addresses for ever needs no more memory. */
const routesMax = 10_000;

/** The mechanics of a system. A child lives on the node of the declared actor above it. */
export function createMechanics(rules: Rules, stepper: Stepper): Mechanics {
  const nodeOfRoot = new Map<string, NodeId>(
    rules.actors.map((declared) => [declared.address, declared.node]),
  );
  const nodeOf = (at: Address): NodeId => {
    const root = rootOf(at);
    return nodeOfRoot.get(root) ?? nodeId(root);
  };
  const routeOf = createRoutes((from, to) => {
    const [fromNode, toNode] = [nodeOf(from), nodeOf(to)];
    const isLocal = fromNode === toNode;
    return {
      ends: chain(digest(from), digest(to)),
      isLocal,
      isToDeclared: nodeOfRoot.has(to),
      key: pooled(linkKey(from, to)),
      // Within a node messages are reliable and in order for each pair.
      kind: isLocal ? 'fifo' : rules.linkKind({ from, fromNode, to, toNode }),
    };
  });
  const steadfast = new Set(
    rules.actors.filter(({ isSteadfast }) => isSteadfast).map(({ node }) => node),
  );
  return {
    declaredOn: (node) => rules.actors.filter((declared) => declared.node === node),
    isDeclared: (at) => nodeOfRoot.has(at),
    isLocal: (from, to) => routeOf(from, to).isLocal,
    isSteadfast: (node) => steadfast.has(node),
    kindOf: (from, to) => routeOf(from, to).kind,
    nodeOf,
    nodes: [...new Set(nodeOfRoot.values())],
    routeOf,
    rules,
    stepper,
  };
}

/** Routes that are made once: what they are made of is asked for at every message. */
function createRoutes(make: Mechanics['routeOf']): Mechanics['routeOf'] {
  const known = new Map<Address, Map<Address, Route>>();
  let count = 0;
  return (from, to) => {
    const seen = known.get(from)?.get(to);
    if (seen !== undefined) return seen;
    if (count >= routesMax) {
      known.clear();
      count = 0;
    }
    const made = make(from, to);
    count += 1;
    const sameStart = known.get(from);
    if (sameStart === undefined) known.set(from, new Map([[to, made]]));
    else sameStart.set(to, made);
    return made;
  };
}
