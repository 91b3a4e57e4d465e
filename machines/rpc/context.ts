/**
 * What one worker knows: PyTorch's agent, reference context, autograd container and dist engine, which are
 * singletons of a process, and beside them the running user functions.
 *
 * @see PyTorch, `torch/csrc/distributed/rpc/tensorpipe_agent.h`, `request_callback_no_python.h`.
 */
import type { PersistentMap } from '../../src/core/persistent-map.ts';
import { emptyMap } from '../../src/core/persistent-map.ts';
import type { AutogradContainer, BackwardMode } from '../autograd/container.ts';
import { newContainer } from '../autograd/container.ts';
import type { Pass } from '../autograd/pass.ts';
import type { Group } from '../group/group.ts';
import { newGroup } from '../group/group.ts';
import type { ProfilerTable } from '../profiler/table.ts';
import type { RRefTables } from '../rref/tables.ts';
import { newRRefTables } from '../rref/tables.ts';
import type { Switches } from '../switches/switches.ts';
import type { Backend } from './agent/backend.ts';
import type { Call } from './agent/call.ts';
import type { Connecting } from './agent/connecting.ts';
import type { Directory } from './agent/directory.ts';
import { peerById } from './agent/directory.ts';
import type { Pipe } from './agent/pipes.ts';
import type { Releases } from './autograd/ended-contexts.ts';
import type { Leases } from './autograd/leases.ts';
import type { LocalAutograd } from './autograd/local-engine.ts';
import type { DeviceInput, WorkerDevices } from './devices/devices.ts';
import { newDevices } from './devices/devices.ts';
import type { Future, Outcome } from './futures/futures.ts';
import type { Sweeps } from './references/sweep.ts';
import type { AnsweredForks } from './references/unclaimed-forks.ts';
import type { Interpreter } from './threads/interpreter.ts';
import { idleInterpreter } from './threads/interpreter.ts';
import type { Locks } from './threads/locks.ts';
import type { Thread } from './threads/thread.ts';
import type { FutureId } from './user/handles.ts';

/** What a worker is started with. */
export interface WorkerInput {
  readonly backend: Backend;
  readonly backwardMode: BackwardMode;
  /** Absent where no worker of the cluster has devices. */
  readonly devices?: DeviceInput;
  readonly directory: Directory;
  readonly id: number;
  /** What a process is called that has yet to join a group; one that was started as a member has a name there. */
  readonly apart?: { readonly name: string };
  /** The variables of its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The function that the user's own thread of this process runs, if any. */
  readonly main?: FunctionCall;
  /** The functions that this process lacks, although others have them. */
  readonly missing: readonly string[];
  /** What runs here in place of a function, both by name. */
  readonly patches?: Readonly<Record<string, string>>;
  /** How many threads serve requests and run callbacks. */
  readonly poolSize: number;
  readonly rpcTimeoutMs: number;
  /** The address of the store, if the cluster has one. */
  readonly store?: string;
  readonly switches: Switches;
}

/** A user function by its name, and its arguments. */
export interface FunctionCall {
  readonly args: readonly unknown[];
  readonly fn: string;
}

/** All that a worker knows. */
export interface WorkerContext {
  readonly agent: Agent;
  readonly answeredForks: AnsweredForks;
  readonly autograd: AutogradContainer;
  /** How creations failed, by the reference: for whoever asks for their futures later. */
  readonly creationErrors: PersistentMap<string>;
  /** Absent where no worker of the cluster has devices. */
  readonly devices?: WorkerDevices;
  readonly directory: Directory;
  /** The autograd contexts that are over, where that is remembered. */
  readonly endedContexts: PersistentMap<true>;
  /** By id. */
  readonly futures: PersistentMap<Future>;
  /** The module globals of user code in this process. */
  readonly globals: PersistentMap<unknown>;
  readonly group: Group;
  /** The rank of the agent; that of the process before there is one. */
  readonly id: number;
  readonly interpreter: Interpreter;
  /** There from the first question about the context of a peer on. */
  readonly leases?: Leases;
  /** How often this process began to listen, or stopped; it survives a crash. */
  readonly lives: number;
  readonly local: LocalAutograd;
  readonly locks: Locks;
  readonly main: MainOutcome;
  readonly patches?: Readonly<Record<string, string>>;
  readonly missing: readonly string[];
  /** The address of the process, which names its threads; the directory has the name of the worker. */
  readonly name: string;
  readonly nextFuture: number;
  /** By graph task. */
  readonly passes: PersistentMap<RunningPass>;
  readonly pool: Pool;
  /** There from the first profiler on. */
  readonly profiling?: ProfilerTable;
  readonly releases: Releases;
  readonly rrefs: RRefTables;
  /** The type of the value behind a UserRRef, by fork, as the future that was asked for it. */
  readonly rrefTypes: PersistentMap<FutureId>;
  /** How often each request was served, so that each run of a function has a name of its own. */
  readonly served: PersistentMap<number>;
  readonly store?: string;
  readonly sweeps: Sweeps;
  readonly switches: Switches;
  /** The user's own thread and the requests that are being served, by name. */
  readonly threads: PersistentMap<Thread>;
}

/** The part that sends and receives. */
export interface Agent {
  readonly backend: Backend;
  /** The requests that were sent and are not over, by `callKey`. */
  readonly calls: PersistentMap<Call>;
  readonly clientActiveCalls: number;
  /** Absent where connecting is safe. */
  readonly connecting?: Connecting;
  /** How often each message was made to fail, by its contents. */
  readonly failedSends: PersistentMap<number>;
  /** Calls that failed before they were sent: who made them is told before this step ends. */
  readonly injected: readonly Call[];
  /** What a request without a time-out of its own gets; 0 is without end. */
  readonly defaultTimeoutMs: number;
  readonly nextMessageId: number;
  /** By `pipes.ts`; a worker without an entry can be reached. */
  readonly pipes: PersistentMap<Pipe>;
  /** Whether the time that threads wait for the interpreter is reported. */
  readonly profilesGil: boolean;
  /** How many messages wait to be sent again. */
  readonly retrying: number;
  readonly serverActiveAsyncCalls: number;
  readonly serverActiveCalls: number;
}

/** The threads that serve requests and run callbacks: a semaphore, and who waits for it in order. */
export interface Pool {
  readonly queue: readonly PoolTask[];
  readonly running: number;
  readonly size: number;
}

/** What a thread of the pool is to do. */
export type PoolTask =
  | { readonly type: 'function.resumed'; readonly thread: string }
  | { readonly type: 'request.taken'; readonly thread: string }
  | { readonly type: 'response.taken'; readonly call: number };

/** What became of the function that the user's own thread runs. */
export type MainOutcome =
  | Outcome
  | { readonly type: 'absent' }
  | { readonly type: 'running'; readonly call: FunctionCall };

/** A backward pass on this worker, and who wants to know of its end. */
export interface RunningPass {
  /** Why it failed. */
  readonly message?: string;
  readonly pass: Pass;
  /** The thread that called `backward`, or that serves the first gradients of the pass. */
  readonly thread: string;
}

/** A worker that has done nothing. */
export function newWorkerContext(input: WorkerInput): WorkerContext {
  const { apart, backend, backwardMode, devices, directory, env = {}, id } = input;
  const { main, missing, patches, poolSize, rpcTimeoutMs, store, switches } = input;
  return {
    agent: {
      backend,
      calls: emptyMap(),
      clientActiveCalls: 0,
      defaultTimeoutMs: rpcTimeoutMs,
      failedSends: emptyMap(),
      injected: [],
      nextMessageId: 0,
      pipes: emptyMap(),
      profilesGil: false,
      retrying: 0,
      serverActiveAsyncCalls: 0,
      serverActiveCalls: 0,
    },
    answeredForks: emptyMap(),
    autograd: newContainer(id, backwardMode),
    creationErrors: emptyMap(),
    ...(devices === undefined ? {} : { devices: newDevices(devices) }),
    directory,
    endedContexts: emptyMap(),
    futures: emptyMap(),
    globals: emptyMap(),
    group: newGroup({ env, isMember: apart === undefined, rpcTimeoutMs }),
    id,
    interpreter: idleInterpreter,
    lives: 0,
    local: { grads: emptyMap(), released: emptyMap() },
    locks: emptyMap(),
    main: main === undefined ? { type: 'absent' } : { type: 'running', call: main },
    missing,
    name: apart?.name ?? peerById(directory, id)?.name ?? '',
    nextFuture: 0,
    passes: emptyMap(),
    ...(patches === undefined ? {} : { patches }),
    pool: { queue: [], running: 0, size: poolSize },
    releases: emptyMap(),
    rrefs: newRRefTables(id, switches),
    rrefTypes: emptyMap(),
    served: emptyMap(),
    ...(store === undefined ? {} : { store }),
    sweeps: emptyMap(),
    switches,
    threads: emptyMap(),
  };
}

/** The name of the worker with this id. */
export function nameOfWorker({ directory }: Pick<WorkerContext, 'directory'>, id: number): string {
  return peerById(directory, id)?.name ?? '';
}

/** A worker as texts of errors name it. */
export function workerInfoText(context: Pick<WorkerContext, 'directory'>, id: number): string {
  return `WorkerInfo(id=${id}, name=${nameOfWorker(context, id)})`;
}
