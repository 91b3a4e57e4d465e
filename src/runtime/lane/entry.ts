/**
 * Which nodes transitions leave and enter.
 *
 * @see SCXML, "Algorithm for SCXML Interpretation", `getTransitionDomain`, `computeExitSet`,
 * `computeEntrySet`, `addDescendantStatesToEnter`, `addAncestorStatesToEnter`; XState 5.33, `stateUtils.ts`,
 * whose deviations from SCXML are followed.
 */
import type { AnyStateNode, AnyTransitionDefinition } from 'xstate';

import type { Transitions } from './selection.ts';

/** The nodes that are entered. */
export interface Entries {
  /** Those whose initial actions are carried out. */
  readonly byDefault: ReadonlySet<AnyStateNode>;
  readonly nodes: ReadonlySet<AnyStateNode>;
}

/** What of `selected` can be taken together: an inner one goes before an outer one, then the first. */
export function withoutConflicts(
  selected: Transitions,
  active: readonly AnyStateNode[],
): Transitions {
  const kept = new Set<AnyTransitionDefinition>();
  for (const next of selected) {
    const rivals = [...kept].filter((other) => haveCommonExit([next, other], active));
    if (rivals.some((other) => !isDescendant(next.source, other.source))) continue;
    for (const other of rivals) kept.delete(other);
    kept.add(next);
  }
  return [...kept];
}

/** The nodes that are left. */
export function exitsOf(
  taken: Transitions,
  active: readonly AnyStateNode[],
): ReadonlySet<AnyStateNode> {
  const exits = new Set<AnyStateNode>();
  for (const transition of taken) {
    if (targetsOf(transition).length === 0) continue;
    const domain = domainOf(transition);
    if (transition.reenter && transition.source === domain) exits.add(domain);
    for (const node of active) if (isDescendant(node, domain)) exits.add(node);
  }
  return exits;
}

/** The nodes that are entered; `undefined` where a history decides it. */
export function entriesOf(taken: Transitions): Entries | undefined {
  const entries = { byDefault: new Set<AnyStateNode>(), nodes: new Set<AnyStateNode>() };
  const isPlain = taken.every((transition) => enterTargets(entries, transition));
  return isPlain ? entries : undefined;
}

/** Whether a node is a history: it is entered by what it remembers. */
export function isHistory({ type }: AnyStateNode): boolean {
  return type === 'history';
}

interface Entering extends Entries {
  readonly byDefault: Set<AnyStateNode>;
  readonly nodes: Set<AnyStateNode>;
}

function enterTargets(entering: Entering, transition: AnyTransitionDefinition): boolean {
  const { reenter, source } = transition;
  const targets = targetsOf(transition);
  const domain = domainOf(transition);
  if (targets.some(isHistory)) return false;
  for (const target of targets) {
    if (source !== target || source !== domain || reenter) enterByDefault(entering, target);
    if (!enterBelow(entering, target)) return false;
  }
  const outermost = source.parent === undefined && reenter ? undefined : domain;
  return targets.every((target) => {
    const above = [...ancestorsOf(target, domain)];
    if (domain?.type === 'parallel') above.push(domain);
    return enterAbove(entering, above, outermost);
  });
}

function enterByDefault({ byDefault, nodes }: Entering, node: AnyStateNode): void {
  nodes.add(node);
  byDefault.add(node);
}

/** Enters what an entered node begins with; `false` where a history decides it. */
function enterBelow(entering: Entering, node: AnyStateNode): boolean {
  if (node.type === 'compound') {
    const [first] = node.initial.target ?? [];
    if (first === undefined) return true;
    if (isHistory(first)) return false;
    enterByDefault(entering, first);
    return enterBelow(entering, first);
  }
  if (node.type !== 'parallel') return true;
  return regionsOf(node).every((region) => {
    if (isEnteredBelow(entering, region)) return true;
    enterByDefault(entering, region);
    return enterBelow(entering, region);
  });
}

/** Enters what lies between a target and the domain, and the other regions of what is parallel there. */
function enterAbove(
  entering: Entering,
  above: readonly AnyStateNode[],
  outermost: AnyStateNode | undefined,
): boolean {
  return above.every((node) => {
    if (outermost === undefined || isDescendant(node, outermost)) entering.nodes.add(node);
    if (node.type !== 'parallel') return true;
    return regionsOf(node).every((region) => {
      if (isEnteredBelow(entering, region)) return true;
      entering.nodes.add(region);
      return enterBelow(entering, region);
    });
  });
}

function isEnteredBelow({ nodes }: Entering, region: AnyStateNode): boolean {
  return [...nodes].some((node) => isDescendant(node, region));
}

function regionsOf(node: AnyStateNode): readonly AnyStateNode[] {
  return Object.values(node.states).filter((child) => !isHistory(child));
}

function haveCommonExit(pair: Transitions, active: readonly AnyStateNode[]): boolean {
  const [first, second] = pair.map((transition) => exitsOf([transition], active));
  return first !== undefined && [...first].some((node) => second?.has(node) === true);
}

function targetsOf({ target }: AnyTransitionDefinition): readonly AnyStateNode[] {
  return target ?? [];
}

/** The innermost node that a transition stays within; `undefined` where the machine itself is left. */
function domainOf(transition: AnyTransitionDefinition): AnyStateNode | undefined {
  const { reenter, source } = transition;
  const targets = targetsOf(transition);
  const isWithin = targets.every((node) => node === source || isDescendant(node, source));
  if (!reenter && isWithin) return source;
  const [first, ...others] = [...targets, source];
  for (const above of ancestorsOf(first ?? source, undefined)) {
    if (others.every((node) => isDescendant(node, above))) return above;
  }
  return reenter ? undefined : source.machine.root;
}

function* ancestorsOf(
  node: AnyStateNode,
  until: AnyStateNode | undefined,
): Generator<AnyStateNode> {
  if (node === until) return;
  for (let above = node.parent; above !== undefined && above !== until; above = above.parent) {
    yield above;
  }
}

/** Whether `node` lies below `above`; everything lies below nothing. */
function isDescendant(node: AnyStateNode, above: AnyStateNode | undefined): boolean {
  let { parent } = node;
  while (parent !== undefined && parent !== above) ({ parent } = parent);
  return parent === above;
}
