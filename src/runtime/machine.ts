/**
 * XState → one pure step. What XState leaves impure is removed here: a step runs in a recording scope,
 * its snapshot is put into canonical form, and live actors become references.
 *
 * Deviations from XState, all for the sake of one rule (what the hash does not see, a machine must not
 * see): keys of contexts and children are sorted, active state nodes stand in document order.
 *
 * @see XState 5.33, `StateMachine.ts`, `State.ts`, `stateUtils.ts`.
 */
import {
  createMachine,
  StateMachine,
  type AnyActor,
  type AnyActorLogic,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type AnyStateNode,
} from 'xstate';

import { lastName } from '../core/address.ts';
import { canonical, type Leaf } from '../core/canonical.ts';
import { digest, isSameDigest } from '../core/digest.ts';
import { SimulationError } from '../core/errors.ts';
import type { EventObject, Local, Outcome, Site, Stepper } from '../kernel/effect.ts';
import { createLogicRegistry, type LogicRegistry } from './logic-registry.ts';
import { readEffects } from './read-effects.ts';
import { createRecorder, unnamedMark, type Recorder, type Recording } from './recorder.ts';
import { createRefs, isRef, type Refs } from './refs.ts';

/** A stepper for XState machines, and the registry that names their logic. */
export interface MachineStepper {
  readonly logics: LogicRegistry;
  readonly refs: Refs;
  readonly stepper: Stepper;
}

/** A stepper of one system. */
export function createMachineStepper(): MachineStepper {
  const refs = createRefs();
  const bench: Bench = {
    logics: createLogicRegistry(),
    recorder: createRecorder(refs),
    refs,
    snapshots: new WeakMap(),
  };
  const stepper: Stepper = {
    can: (site, local, event) => can(bench, site, { local, event }),
    durable: (local, keys) => pick(contextOf(local), keys),
    ended: (id, local) =>
      local.status === 'done'
        ? canonical({ actorId: id, output: local['output'], type: `xstate.done.actor.${id}` })
        : canonical({ actorId: id, error: local['error'], type: `xstate.error.actor.${id}` }),
    inward: refs.inward,
    outward: refs.outward,
    refused: (to, event) => canonical({ event, to: refs.at(to), type: 'orrery.refused' }),
    start: (site, input, durable) => start(bench, site, { durable, input }),
    step: (site, local, event) => step(bench, site, { event, local }),
  };
  return { logics: bench.logics, refs, stepper };
}

interface Bench {
  readonly logics: LogicRegistry;
  readonly recorder: Recorder;
  readonly refs: Refs;
  /** The snapshot that XState knows for each local state that this process made. */
  readonly snapshots: WeakMap<Local, AnyMachineSnapshot>;
}

interface Taken {
  readonly event: EventObject;
  readonly local: Local;
}

function start(
  bench: Bench,
  site: Site,
  { durable, input }: { readonly durable: unknown; readonly input: unknown },
): Outcome {
  const declared = bench.logics.get(site.logic);
  const logic = durable === undefined ? declared : restarted(declared, durable);
  const given = bench.refs.inward(input, site.address);
  const [snapshot, recording] = bench.recorder.record(site.address, (scope): unknown =>
    logic.getInitialSnapshot(scope, given),
  );
  return settle(bench, site, { before: undefined, recording, snapshot });
}

function step(bench: Bench, site: Site, { event, local }: Taken): Outcome {
  const logic = bench.logics.get(site.logic);
  const before = snapshotOf(bench, logic, local);
  try {
    const [snapshot, recording] = bench.recorder.record(site.address, (scope): unknown =>
      logic.transition(before, event, scope),
    );
    if (snapshot === before)
      return { effects: readEffects(bench, site, { names: noNames, recording }), local };
    return settle(bench, site, { before: local, recording, snapshot });
  } catch (thrown) {
    if (thrown instanceof SimulationError) throw thrown;
    const error = canonical(thrown, `${site.address}.error`);
    return { effects: [], local: canonical({ ...local, error, status: 'error' }), threw: error };
  }
}

function can(bench: Bench, site: Site, { event, local }: Taken): boolean {
  const logic = bench.logics.get(site.logic);
  if (!(logic instanceof StateMachine)) return local.status === 'active';
  return (snapshotOf(bench, logic, local) as AnyMachineSnapshot).can(event);
}

interface Moved {
  readonly before: Local | undefined;
  readonly recording: Recording;
  readonly snapshot: unknown;
}

/** Puts what XState gave into canonical form and reads its effects. */
function settle(bench: Bench, site: Site, { before, recording, snapshot }: Moved): Outcome {
  const thrown = thrownBy(snapshot);
  if (thrown instanceof SimulationError) throw thrown;
  const spawned = countsOf(before);
  const names = nameChildren(recording.children, spawned);
  const toLeaf = (value: object): Leaf | undefined => {
    if (bench.recorder.isSelf(value)) return bench.refs.at('.');
    const name = names.get(value);
    return name === undefined ? undefined : bench.refs.at(`./${name}`);
  };
  const local = isMachineSnapshot(snapshot)
    ? localOfMachine(bench, { names, site, snapshot, spawned: names.counts, toLeaf })
    : (canonical(snapshot, site.address, toLeaf) as Local);
  const kept = before !== undefined && isSameLocal(before, local) ? before : local;
  const effects = readEffects(bench, site, { names, recording });
  return recording.readsId ? { effects, local: kept, readsId: true } : { effects, local: kept };
}

interface MachineLocal {
  readonly names: ChildNames;
  readonly site: Site;
  readonly snapshot: AnyMachineSnapshot;
  readonly spawned: Readonly<Record<string, number>>;
  readonly toLeaf: (value: object) => Leaf | undefined;
}

function localOfMachine(
  bench: Bench,
  { names, site, snapshot, spawned, toLeaf }: MachineLocal,
): Local {
  const path = site.address;
  const context: unknown = canonical(snapshot.context, `${path}.context`, toLeaf);
  const children = childrenOf(bench, snapshot, names);
  const nodes = inDocumentOrder(snapshot._nodes);
  const historyValue = mapValues(snapshot.historyValue, (all) => inDocumentOrder(all));
  const { error, output, status } = snapshot;
  const local = canonical({
    children,
    context,
    error: canonical(error, `${path}.error`, toLeaf),
    historyValue: mapValues(historyValue, (all) => all.map(({ id }) => id)),
    output: canonical(output, `${path}.output`, toLeaf),
    spawned,
    status,
    value: snapshot.value,
  }) as Local;
  bench.snapshots.set(
    local,
    nodes === snapshot._nodes && historyValue === snapshot.historyValue
      ? ({ ...snapshot, children, context } as AnyMachineSnapshot)
      : ({
          ...snapshot,
          _nodes: nodes,
          children,
          context,
          historyValue,
          tags: new Set(nodes.flatMap(({ tags }) => tags)),
          value: valueOf(snapshot.machine.root, new Set(nodes)),
        } as AnyMachineSnapshot),
  );
  return local;
}

/** Names of the children that a step made: their own ids, or the k-th spawn of their source. */
interface ChildNames {
  readonly counts: Readonly<Record<string, number>>;
  readonly get: (child: object) => string | undefined;
}

const noNames: ChildNames = { counts: {}, get: () => undefined };

function nameChildren(
  children: readonly AnyActor[],
  before: Readonly<Record<string, number>>,
): ChildNames {
  if (children.length === 0) return { counts: before, get: noNames.get };
  const counts: Record<string, number> = { ...before };
  const names = new Map<object, string>();
  for (const child of children) {
    if (!child.id.startsWith(unnamedMark)) {
      names.set(child, childName(child.id));
      continue;
    }
    const source = sourceOf(child);
    const count = counts[source] ?? 0;
    counts[source] = count + 1;
    names.set(child, childName(`${source}-${count}`));
  }
  return { counts, get: (child) => names.get(child) };
}

/** Machine ids become parts of addresses: `0.(machine).idle` is fine, a slash is not. */
function childName(id: string): string {
  if (!/[/<>\s]/.test(id) && id !== '' && !id.startsWith('.')) return id;
  throw new SimulationError(
    'runtime/bad-child-id',
    `"${id}" cannot be the id of a child. Leave out "/", "<", ">", white space and a leading dot.`,
  );
}

function sourceOf({ src }: AnyActor): string {
  if (typeof src === 'string') return src;
  return src instanceof StateMachine ? src.id : 'actor';
}

function childrenOf(
  bench: Bench,
  { children }: AnyMachineSnapshot,
  names: ChildNames,
): Record<string, Leaf> {
  const found: Record<string, Leaf> = {};
  for (const child of Object.values(children as Record<string, object | undefined>)) {
    if (child === undefined) continue;
    const name = isRef(child) ? lastName(child.address) : names.get(child);
    if (name !== undefined) found[name] = bench.refs.at(`./${name}`);
  }
  return found;
}

/** The snapshot behind a local state; made anew for one that came from elsewhere. */
function snapshotOf(bench: Bench, logic: AnyActorLogic, local: Local): unknown {
  if (!(logic instanceof StateMachine)) return local;
  const known = bench.snapshots.get(local);
  if (known !== undefined) return known;
  const machine = logic as AnyStateMachine;
  const history = (local['historyValue'] ?? {}) as Readonly<Record<string, readonly string[]>>;
  const resolved = machine.resolveState({
    context: local['context'],
    error: local['error'],
    historyValue: mapValues(history, (ids) => ids.map((id) => machine.getStateNodeById(id))),
    output: local['output'],
    status: local.status,
    value: local['value'],
  } as never) as AnyMachineSnapshot;
  const made = {
    ...resolved,
    _nodes: inDocumentOrder(resolved._nodes),
    children: local['children'],
  } as AnyMachineSnapshot;
  bench.snapshots.set(local, made);
  return made;
}

/** A machine whose first context has what survived a crash over what its own factory gives. */
function restarted(logic: AnyActorLogic, durable: unknown): AnyActorLogic {
  if (!(logic instanceof StateMachine)) return logic;
  const { config, implementations } = logic as AnyStateMachine;
  const context: unknown = config.context;
  const merged = (args: unknown): object => ({
    ...(typeof context === 'function' ? (context(args) as object) : (context as object)),
    ...(durable as object),
  });
  return createMachine(
    { ...config, context: merged } as never,
    implementations as never,
  ) as AnyActorLogic;
}

function isMachineSnapshot(snapshot: unknown): snapshot is AnyMachineSnapshot {
  return typeof snapshot === 'object' && snapshot !== null && 'machine' in snapshot;
}

function thrownBy(snapshot: unknown): unknown {
  return typeof snapshot === 'object' && snapshot !== null && 'error' in snapshot
    ? snapshot.error
    : undefined;
}

function contextOf(local: Local): Readonly<Record<string, unknown>> {
  return (local['context'] ?? {}) as Readonly<Record<string, unknown>>;
}

function countsOf(local: Local | undefined): Readonly<Record<string, number>> {
  return (local?.['spawned'] ?? {}) as Readonly<Record<string, number>>;
}

function pick(record: Readonly<Record<string, unknown>>, keys: readonly string[]): unknown {
  return canonical(Object.fromEntries(keys.map((key) => [key, record[key]])));
}

/** The cheap half of equality first: most steps that change nothing share all their parts. */
function isSameLocal(before: Local, after: Local): boolean {
  return before.status === after.status && isSameDigest(digest(before), digest(after));
}

function inDocumentOrder(nodes: readonly AnyStateNode[]): AnyStateNode[] {
  const isInOrder = nodes.every(
    (node, index) => index === 0 || (nodes[index - 1]?.order ?? 0) < node.order,
  );
  return isInOrder ? (nodes as AnyStateNode[]) : nodes.toSorted((a, b) => a.order - b.order);
}

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

function mapValues<V, W>(
  record: Readonly<Record<string, V>>,
  change: (value: V) => W,
): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
