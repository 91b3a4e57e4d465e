/**
 * XState's snapshot ↔ local state, which is canonical data. The snapshot is always made anew from it, so
 * that nothing of it is known which the local state does not tell.
 *
 * Deviations from XState, all for the sake of one rule (what the hash does not see, a machine must not
 * see): keys of contexts and children are sorted, active state nodes stand in document order.
 *
 * @see XState 5.33, `State.ts`, `createMachineSnapshot`; `stateUtils.ts`, `getStateValue`.
 */
/* oxlint-disable typescript/no-unsafe-type-assertion -- XState's snapshots are known by their shape */
import type { AnyActorLogic, AnyMachineSnapshot, AnyStateMachine, AnyStateNode } from 'xstate';

import { lastName } from '../core/address.ts';
import { canonical, holdsLeaf, isCanonical, settle } from '../core/canonical.ts';
import type { Leaf } from '../core/canonical.ts';
import type { Local } from '../kernel/effect.ts';
import type { SpawnCounts } from './child-names.ts';
import { inDocumentOrder, snapshotIn } from './lane/configuration.ts';
import type { Configurations } from './lane/configuration.ts';
import { isRef } from './refs.ts';
import type { Refs } from './refs.ts';
import { isMachine } from './sources.ts';

/** The local states of one system and the snapshots behind them. */
export interface LocalStates {
  readonly localOf: (snapshot: unknown, details: LocalDetails) => Local;
  readonly snapshotOf: (logic: AnyActorLogic, local: Local) => unknown;
}

/** What a local state holds besides XState's snapshot. */
export interface LocalDetails {
  readonly address: string;
  readonly spawned: SpawnCounts;
  readonly toLeaf: (value: object) => Leaf | undefined;
}

/** What the local states of a system are made with. */
export interface LocalStatesOptions {
  readonly configurationsOf: (machine: AnyStateMachine) => Configurations;
  readonly refs: Refs;
}

/** The local states of a system. */
export function createLocalStates({ configurationsOf, refs }: LocalStatesOptions): LocalStates {
  return {
    localOf: (snapshot, details) => {
      if (!isMachineSnapshot(snapshot)) {
        return canonical(snapshot, details.address, details.toLeaf) as Local;
      }
      return localOfMachine(snapshot, childrenOf(refs, snapshot, details), details);
    },
    snapshotOf: (logic, local) =>
      isMachine(logic) ? resolve(logic, configurationsOf(logic), local) : local,
  };
}

/** The local state after a step that changed nothing but the context and the state value. */
export function localAfter(local: Local, { context, value }: LocalChange): Local {
  if (value === local['value'] && context === local['context']) return local;
  const { children, historyValue, spawned } = local;
  const leaves = holdsLeaf(children) || holdsLeaf(context);
  return settle({ children, context, historyValue, spawned, status: 'active', value }, leaves);
}

/** Both canonical; what has equal contents is the same object. */
export interface LocalChange {
  readonly context: unknown;
  readonly value: unknown;
}

/** How many unnamed children an actor in this state has spawned. */
export function spawnedBy(local: Local | undefined): SpawnCounts {
  return (local?.['spawned'] ?? {}) as SpawnCounts;
}

/** What of a context survives a crash. */
export function pickFromContext(local: Local, keys: readonly string[]): unknown {
  const context = (local['context'] ?? {}) as Readonly<Record<string, unknown>>;
  return canonical(Object.fromEntries(keys.map((key) => [key, context[key]])));
}

function isMachineSnapshot(snapshot: unknown): snapshot is AnyMachineSnapshot {
  return typeof snapshot === 'object' && snapshot !== null && 'machine' in snapshot;
}

function localOfMachine(
  snapshot: AnyMachineSnapshot,
  children: Readonly<Record<string, Leaf>>,
  { address, spawned, toLeaf }: LocalDetails,
): Local {
  const { status, value } = snapshot;
  const context: unknown = canonical(snapshot.context, `${address}.context`, toLeaf);
  const error: unknown = canonical(snapshot.error, `${address}.error`, toLeaf);
  const output: unknown = canonical(snapshot.output, `${address}.output`, toLeaf);
  const history = nodesByHistory(snapshot.historyValue);
  const historyValue = isEmpty(history)
    ? nothing
    : mapValues(history, (nodes) => inDocumentOrder(nodes).map(({ id }) => id));
  const parts = { children, context, historyValue, spawned, status, value: value as unknown };
  // A spread here would give each local state a hidden class of its own in V8; most have neither.
  const hasEnded = error !== undefined || output !== undefined;
  return canonical(hasEnded ? { ...parts, error, output } : parts) as Local;
}

const nothing: Readonly<Record<string, never>> = canonical({});

function isEmpty(record: object): boolean {
  for (const key in record) if (Object.hasOwn(record, key)) return false;
  return true;
}

/** In the order of their names: when an actor ends, its children are stopped in this order. */
function childrenOf(
  refs: Refs,
  snapshot: AnyMachineSnapshot,
  { toLeaf }: LocalDetails,
): Readonly<Record<string, Leaf>> {
  const children = snapshot.children as Readonly<Record<string, object | undefined>>;
  if (isCanonical(children)) return children as Readonly<Record<string, Leaf>>;
  if (isEmpty(children)) return nothing;
  const found: Record<string, Leaf> = {};
  for (const child of Object.values(children)) {
    if (child === undefined) continue;
    const ref = isRef(child) ? child : toLeaf(child);
    if (!isRef(ref)) continue;
    const name = lastName(ref.address);
    found[name] = refs.at(`./${name}`);
  }
  return canonical(found);
}

/** The snapshot of a local state that came from elsewhere. */
function resolve(
  machine: AnyStateMachine,
  configurations: Configurations,
  local: Local,
): AnyMachineSnapshot {
  const history = (local['historyValue'] ?? {}) as Readonly<Record<string, readonly string[]>>;
  const nodesOfHistory = mapValues(history, (ids) => ids.map((id) => machine.getStateNodeById(id)));
  return snapshotIn(configurations.ofValue(local['value']), local, nodesOfHistory);
}

function nodesByHistory(history: unknown): Readonly<Record<string, readonly AnyStateNode[]>> {
  return (history ?? {}) as Readonly<Record<string, readonly AnyStateNode[]>>;
}

function mapValues<V, W>(
  record: Readonly<Record<string, V>>,
  change: (value: V) => W,
): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
