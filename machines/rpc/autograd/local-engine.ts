/** The local engine of a process: what stands beside the graph, and the passes that its threads run. */
import type { PersistentMap } from '../../../src/core/persistent-map.ts';
import { emptyMap, entriesOf, getIn, setIn, sizeOf } from '../../../src/core/persistent-map.ts';
import type { ChangingDepths } from '../../engine/depths.ts';
import type { RunningNode } from '../../engine/evaluate.ts';
import type { Gradient, Storage } from '../../engine/graph.ts';
import type { Hook, Hooks, UserCall } from '../../engine/hooks.ts';
import type { AutogradNodeId, TensorId } from '../../engine/ids.ts';
import type { LocalPass, Surroundings } from '../../engine/local-pass.ts';
import type { ReadyQueue } from '../../engine/ready-queue.ts';
import type { Versions } from '../../engine/versions.ts';
import type { WorkerContext } from '../context.ts';
import type { Failure } from '../user/failure.ts';

/** What is not distributed of autograd: `.grad` of leaves, and graphs that were gone through. */
export interface LocalAutograd {
  /** Absent where nothing of it was ever used. */
  readonly engine?: LocalEngine;
  readonly grads: PersistentMap<Gradient>;
  readonly released: PersistentMap<true>;
}

/** What hooks, passes and changes in place leave in a process. */
export interface LocalEngine {
  /** Whether a gradient that is not a number is an error. */
  readonly anomalyMode: boolean;
  /** What is called at the end of passes. */
  readonly callbacks: readonly FinalCallback[];
  /** The nodes whose depth is being written. */
  readonly changingDepths?: ChangingDepths;
  readonly hooks: Hooks;
  /** How many wake-ups were left in the queues of threads whose passes are over. */
  readonly leftWakeUps?: number;
  readonly nextHookNr: number;
  /** By the name of the thread and how many passes it had begun. */
  readonly passes: PersistentMap<LocalPassOfThread>;
  readonly versions: Versions;
}

/** A function that is called when a pass is over. */
export interface FinalCallback {
  readonly call: UserCall;
  readonly pass: string;
}

/** What the threads of devices share of a pass with the thread that asked for it. */
export interface Parallel {
  /** The devices whose threads run a node, or are about to look. */
  readonly active: PersistentMap<true>;
  /** Nodes of devices that wait for user code, which the thread that asked runs. */
  readonly asking: readonly { readonly call: UserCall; readonly running: RunningNode }[];
  /** Whether a thread has begun to complete the pass. */
  readonly isClaimed: boolean;
  readonly isCompleted: boolean;
  /** Whether the thread that asked is known as its owner. */
  readonly isOwned: boolean;
  /** Whether the owner sleeps until something comes for it. */
  readonly isWaiting: boolean;
  /** How many nodes are queued or run. */
  readonly outstanding: number;
  /** Why the pass is over, where a node of a device raised. */
  readonly failure?: Failure;
  /** What waits for each device. */
  readonly queues: PersistentMap<ReadyQueue>;
  /** How often the owner was told to wake up for good. */
  readonly wakeUps: number;
}

/** A pass and the thread that runs it. */
export interface LocalPassOfThread {
  /** Absent where the process has no devices: then one thread does all. */
  readonly parallel?: Parallel;
  readonly pass: LocalPass;
  readonly thread: string;
  /** A sum that was computed and not yet stored, where leaves have no lock. */
  readonly unstored?: { readonly sum: Gradient; readonly variable: TensorId };
}

/** A hook by its node and number, for removal. */
export interface HookHandle {
  readonly node: AutogradNodeId;
  readonly nr: number;
}

const idleEngine: LocalEngine = {
  anomalyMode: false,
  callbacks: [],
  hooks: emptyMap(),
  nextHookNr: 0,
  passes: emptyMap(),
  versions: emptyMap(),
};

/** The engine as it is. */
export function engineOf({ local }: Pick<WorkerContext, 'local'>): LocalEngine {
  return local.engine ?? idleEngine;
}

/** The worker with its engine as it is now; one in which there is nothing is as one never used. */
export function putEngine(context: WorkerContext, engine: LocalEngine): WorkerContext {
  const { engine: _, ...local } = context.local;
  return { ...context, local: isIdle(engine) ? local : { ...local, engine } };
}

/** What passes must know beside the graph. */
export function surroundingsOf(context: WorkerContext): Surroundings {
  const { anomalyMode, changingDepths, hooks, versions } = engineOf(context);
  return {
    anomalyMode,
    ...(changingDepths === undefined ? {} : { changingDepths }),
    released: context.local.released,
    ...(sizeOf(hooks) === 0 ? {} : { hooks }),
    ...(sizeOf(versions) === 0 ? {} : { versions }),
  };
}

/** The worker with a local pass as it is now. */
export function putLocalPass(
  context: WorkerContext,
  name: string,
  pass: LocalPassOfThread,
): WorkerContext {
  const engine = engineOf(context);
  return putEngine(context, { ...engine, passes: setIn(engine.passes, name, pass) });
}

/** The passes that a thread has begun, the innermost last. */
export function passesOf(context: WorkerContext, thread: string): readonly string[] {
  return [...entriesOf(engineOf(context).passes)].flatMap(([name, pass]) =>
    pass.thread === thread ? [name] : [],
  );
}

/** A hook as it is registered; it gets its number here. */
export type NewHook = Hook extends infer Each
  ? Each extends Hook
    ? Omit<Each, 'nr'>
    : never
  : never;

/** The worker with one more hook. */
export function addHook(
  context: WorkerContext,
  { hook, node }: { readonly hook: NewHook; readonly node: AutogradNodeId },
): { readonly context: WorkerContext; readonly handle: HookHandle } {
  const engine = engineOf(context);
  const nr = engine.nextHookNr;
  const hooks = setIn(engine.hooks, node, [...(getIn(engine.hooks, node) ?? []), { ...hook, nr }]);
  return {
    context: putEngine(context, { ...engine, hooks, nextHookNr: nr + 1 }),
    handle: { node, nr },
  };
}

/** The worker without a hook; one that is gone is ignored, as in PyTorch. */
export function removeHook(context: WorkerContext, { node, nr }: HookHandle): WorkerContext {
  const engine = engineOf(context);
  const left = (getIn(engine.hooks, node) ?? []).filter((hook) => hook.nr !== nr);
  return putEngine(context, { ...engine, hooks: setIn(engine.hooks, node, left) });
}

/** The worker after the elements of a storage were changed in place. */
export function countVersion(
  context: WorkerContext,
  { by, id, version }: Storage & { readonly by: string | undefined },
): { readonly context: WorkerContext; readonly versions: Versions } {
  const engine = engineOf(context);
  const before = getIn(engine.versions, id)?.version ?? 0;
  const versions = setIn(engine.versions, id, {
    ...(by === undefined ? {} : { by }),
    // Two threads that changed the same elements counted them up twice.
    version: Math.max(before, version - 1) + 1,
  });
  return { context: putEngine(context, { ...engine, versions }), versions };
}

function isIdle(engine: LocalEngine): boolean {
  if (engine.changingDepths !== undefined) return false;
  const { anomalyMode, callbacks, hooks, leftWakeUps = 0, nextHookNr, passes, versions } = engine;
  return (
    !anomalyMode &&
    callbacks.length + leftWakeUps + nextHookNr === 0 &&
    [hooks, passes, versions].every((map) => sizeOf(map) === 0)
  );
}
