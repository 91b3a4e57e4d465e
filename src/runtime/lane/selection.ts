/**
 * Which transitions an event selects in a configuration: in each region the innermost node that has one,
 * its candidates in order, the first whose guard passes.
 *
 * @see XState 5.33, `stateUtils.ts`, `transitionNode`, `getCandidates`, `selectEventlessTransitions`.
 */
import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';

import type { Configuration } from './configuration.ts';
import { guardOf } from './guard.ts';
import type { Guard } from './guard.ts';
import { leave } from './turn.ts';
import type { Turn } from './turn.ts';

/** The transitions that are taken together. */
export type Transitions = readonly AnyTransitionDefinition[];

/** Selects in one configuration. */
export interface Selector {
  /** The transitions that need no event. */
  readonly always: (turn: Turn) => Transitions;
  /** The transitions for the turn's event. */
  readonly onEvent: (turn: Turn) => Transitions;
}

const noTransitions: Transitions = [];

/** Event types that are remembered for a configuration; machines name few, but senders may make any. */
const typesMax = 1_000;

/** What selects in `configuration`. */
export function createSelector(machine: AnyStateMachine, configuration: Configuration): Selector {
  const active = new Set(configuration.nodes);
  const byType = new Map<string, Region>();
  const eventless = configuration.nodes
    .filter(isAtomic)
    .map((leaf) => candidatesUpFrom(machine, leaf));
  return {
    always: (turn) => [...new Set(eventless.flatMap((candidates) => firstOf(candidates, turn)))],
    onEvent: (turn) => {
      const { type } = turn.event;
      let region = byType.get(type);
      if (region === undefined) {
        if (byType.size >= typesMax) byType.clear();
        region = regionOf({ active, machine, type }, machine.root);
        byType.set(type, region);
      }
      return selectIn(region, turn);
    },
  };
}

/** A node's own candidates, and the active regions below it that have any. */
interface Region {
  readonly inner: readonly Region[];
  readonly own: readonly Candidate[];
}

interface Candidate {
  /** `undefined` for one that is always taken. */
  readonly guard: Guard | undefined;
  readonly taken: Transitions;
}

function selectIn({ inner, own }: Region, turn: Turn): Transitions {
  if (inner.length === 0) return firstOf(own, turn);
  const [only] = inner;
  const found =
    inner.length === 1 && only !== undefined
      ? selectIn(only, turn)
      : inner.flatMap((region) => selectIn(region, turn));
  return found.length === 0 ? firstOf(own, turn) : found;
}

function firstOf(candidates: readonly Candidate[], turn: Turn): Transitions {
  for (const { guard, taken } of candidates) {
    if (guard === undefined || guard(turn)) return taken;
  }
  return noTransitions;
}

interface Asked {
  readonly active: ReadonlySet<AnyStateNode>;
  readonly machine: AnyStateMachine;
  readonly type: string;
}

function regionOf(asked: Asked, node: AnyStateNode): Region {
  const { active, machine, type } = asked;
  return {
    inner: Object.values(node.states)
      .filter((child) => active.has(child))
      .map((child) => regionOf(asked, child))
      .filter(({ inner, own }) => inner.length > 0 || own.length > 0),
    own: transitionsOn(node, type).map((transition) => candidateOf(machine, transition)),
  };
}

function candidateOf(machine: AnyStateMachine, transition: AnyTransitionDefinition): Candidate {
  const { guard }: { readonly guard?: unknown } = transition;
  if (guard === undefined) return { guard: undefined, taken: [transition] };
  return { guard: guardOf(machine, guard) ?? missing, taken: [transition] };
}

/** XState says which guard is missing. */
function missing(turn: Turn): never {
  return leave(turn);
}

/** The exact descriptor first, then wildcards, the longest first. */
function transitionsOn(node: AnyStateNode, type: string): readonly AnyTransitionDefinition[] {
  const wild = [...node.transitions.keys()]
    .filter((descriptor) => descriptor !== type && matches(type, descriptor))
    .toSorted((a, b) => b.length - a.length);
  return [type, ...wild].flatMap((descriptor) => node.transitions.get(descriptor) ?? []);
}

/** Whether `descriptor` is `*` or names the first words of `type`: `a.*` is for `a`, `a.b` and `a.b.c`. */
function matches(type: string, descriptor: string): boolean {
  if (descriptor === '*') return true;
  if (!descriptor.endsWith('.*')) return false;
  const words = type.split('.');
  for (const [index, word] of descriptor.split('.').entries()) {
    // A star within a descriptor matches nothing.
    if (word === '*') return index === descriptor.split('.').length - 1;
    if (word !== words[index]) return false;
  }
  return true;
}

function candidatesUpFrom(machine: AnyStateMachine, leaf: AnyStateNode): readonly Candidate[] {
  const found: Candidate[] = [];
  for (let node: AnyStateNode | undefined = leaf; node !== undefined; node = node.parent) {
    for (const transition of node.always ?? []) found.push(candidateOf(machine, transition));
  }
  return found;
}

function isAtomic({ type }: AnyStateNode): boolean {
  return type === 'atomic' || type === 'final';
}
