/** What can be seen of a cluster at one moment. */
import { isQuiet as isAutogradQuiet } from '../machines/autograd/debug-info.ts';
import type { DebugInfo } from '../machines/rpc/agent/debug-info.ts';
import { debugInfoOf } from '../machines/rpc/agent/debug-info.ts';
import type { MainOutcome, WorkerContext } from '../machines/rpc/context.ts';
import { isQuiet as areReferencesQuiet } from '../machines/rref/debug-info.ts';
import type { World } from '../src/index.ts';
import { getIn, keysOf, SimulationError, sizeOf, valuesOf } from '../src/index.ts';

/** One worker as it is now. */
export interface WorkerView {
  readonly name: string;
  /** The ids of the autograd contexts that it knows. */
  readonly contextIds: readonly string[];
  readonly debugInfo: DebugInfo;
  /** Whether nothing is left on it: references, contexts, calls, threads. */
  readonly isQuiet: boolean;
  readonly main: MainOutcome;
  /** The threads that run or wait, by name. */
  readonly threads: readonly string[];
}

/** The workers of a cluster that are up, by id. */
export function clusterView(world: World): readonly WorkerView[] {
  return workersOf(world).map((worker) => viewOf(worker));
}

/** What became of the main function of a worker. */
export function mainOutcome(world: World, name: string): MainOutcome {
  const found = workersOf(world).find((worker) => worker.name === name);
  if (found !== undefined) return found.main;
  throw new SimulationError('rpc/no-worker', `There is no worker "${name}" in this world.`);
}

/** What the workers know, by id: for tests and tools that must see everything. */
export function workersOf(world: World): readonly WorkerContext[] {
  return keysOf(world.actors)
    .flatMap((address) => {
      const actor = getIn(world.actors, address);
      if (actor === undefined || actor.logic !== 'worker') return [];
      // cast -- the local state of this logic is a snapshot of the worker's machine
      return [actor.local['context'] as WorkerContext];
    })
    .toSorted((a, b) => a.id - b.id);
}

function viewOf(worker: WorkerContext): WorkerView {
  return {
    contextIds: valuesOf(worker.autograd.contexts).map(({ contextId }) => contextId),
    debugInfo: debugInfoOf(worker),
    isQuiet: isWorkerQuiet(worker),
    main: worker.main,
    name: worker.name,
    threads: keysOf(worker.threads),
  };
}

function isWorkerQuiet(worker: WorkerContext) {
  const { agent, autograd, futures, group, passes, pool, profiling, rrefs, threads } = worker;
  const tables = [
    agent.calls,
    futures,
    group.gathers,
    group.waits,
    passes,
    rrefs.handles,
    rrefs.ownerRRefs,
    rrefs.users,
    threads,
    ...(profiling === undefined ? [] : [profiling.creations, profiling.keys, profiling.sessions]),
  ];
  const counts = [
    agent.clientActiveCalls,
    agent.serverActiveAsyncCalls,
    agent.serverActiveCalls,
    pool.running,
    pool.queue.length,
  ];
  return (
    areReferencesQuiet(rrefs) &&
    isAutogradQuiet(autograd) &&
    tables.every((table) => sizeOf(table) === 0) &&
    counts.every((n) => n === 0)
  );
}
