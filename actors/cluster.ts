/** A cluster of workers as a system that can run: its parameters in one place. */
import { backwardModes } from '../machines/autograd/container.ts';
import type { BackwardMode } from '../machines/autograd/container.ts';
import { TorchError } from '../machines/engine/torch-error.ts';
import { storeMachine } from '../machines/group/store.ts';
import type { FaultyBackendOptions } from '../machines/rpc/agent/backend.ts';
import { faultyTensorPipe, tensorPipe } from '../machines/rpc/agent/backend.ts';
import type { Peer } from '../machines/rpc/agent/directory.ts';
import { directoryOf } from '../machines/rpc/agent/directory.ts';
import type { WorkerInput } from '../machines/rpc/context.ts';
import type { FunctionLogic } from '../machines/rpc/worker.ts';
import { workerMachine } from '../machines/rpc/worker.ts';
import type { Profile, SwitchSettings } from '../machines/switches/switches.ts';
import { switchesOf } from '../machines/switches/switches.ts';
import { SimulationError, userFunctionMachine } from '../src/index.ts';
import type {
  ActorDefinition,
  Call,
  Duration,
  FunctionRegistry,
  Limits,
  SystemDefinition,
} from '../src/index.ts';
import type { AnyClass } from './classes.ts';
import { devicesOf } from './cluster-devices.ts';
import type { ClusterDevices } from './cluster-devices.ts';
import { invariantsOf } from './properties/cluster-invariants.ts';
import { happenedMonitor } from './properties/happened.ts';
import { tokenMonitor } from './properties/token-holders.ts';
import { passesMonitor } from './properties/watched-passes.ts';
import { stuckSends } from './stuck/report.ts';
import type { UserCode } from './user-code.ts';
import { hostOf } from './user-code.ts';

/**
 * What a cluster is made of, beside what any system is. Each worker is on a node of its own. All invariants
 * of clusters are properties of it, beside those that it is given.
 */
export interface ClusterOptions extends Partial<Omit<SystemDefinition, 'actors'>> {
  /** What PyTorch's own fault injection does; nothing fails or is late unless given. */
  readonly backend?: FaultyBackendOptions;
  /** How backward passes know which messages they need: `fast`, as PyTorch, unless said otherwise. */
  readonly backwardMode?: BackwardMode;
  /** The classes that all workers know. */
  readonly classes?: readonly AnyClass[];
  /** The devices of all workers; they have none unless given. */
  readonly devices?: ClusterDevices;
  /** The variables of the environment of processes that start apart; where the store is, unless said otherwise. */
  readonly env?: Readonly<Record<string, string>>;
  /** The functions that all workers know. */
  readonly functions: FunctionRegistry;
  /** How far a user function may go. */
  readonly limits?: Partial<Limits>;
  /** What the user's own thread of each worker runs: by the worker's name, or for every worker. */
  readonly main: Readonly<Record<string, Call>> | ((worker: Peer) => Call | undefined);
  /** The functions that a worker lacks, by its name: its code is another than that of its peers. */
  readonly missing?: Readonly<Record<string, readonly string[]>>;
  /** What a worker runs for its peers in place of a function: by its name, both functions by theirs. */
  readonly patches?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Threads of each worker that serve requests; 16 as in PyTorch unless said otherwise. */
  readonly poolSize?: number;
  /** Which bugs of PyTorch are in force; all that PyTorch 2.6 has unless said otherwise. */
  readonly profile?: Profile;
  /** The time-out of calls that have none of their own; 60 s unless said otherwise, 0 is without end. */
  readonly rpcTimeout?: Duration;
  /**
   * Whether the workers are members of one group when they start, and whether they have a store to meet at: `joined`
   * can shut down, `apart` is to call `rpc.initRpc` first. Members without a store unless said otherwise.
   */
  readonly start?: 'apart' | 'joined';
  /** Where the profile is departed from. */
  readonly switches?: SwitchSettings;
  /** What the workers are called, by id; `worker0`, `worker1`, … unless given. */
  readonly names?: readonly string[];
  /** How many workers there are. */
  readonly workers: number;
}

// PyTorch, `torch/csrc/distributed/rpc/tensorpipe_agent.h`, `kDefaultNumWorkerThreads`, `kDefaultRpcTimeoutSeconds`.
const poolSizeDefault = 16;
const rpcTimeoutMsDefault = 60_000;
// Ids of workers fit into 16 bits with a sign.
const workersMax = 32_768;

/**
 * The definition of a cluster.
 *
 * @throws {SimulationError} `rpc/bad-cluster` for a number of workers or threads that cannot be, or a main
 * function for a worker that is not there, names that are too few or alike, or an unknown `backwardMode`;
 * `rpc/unknown-profile`, `rpc/unknown-switch`.
 */
export function cluster(options: ClusterOptions): SystemDefinition {
  const {
    backend,
    backwardMode = 'fast',
    classes = [],
    devices,
    env = { MASTER_ADDR: 'localhost', MASTER_PORT: '29500' },
    functions,
    limits = {},
    main,
    missing = {},
    names,
    patches = {},
    poolSize = poolSizeDefault,
    profile = 'pytorch-2.6',
    rpcTimeout,
    start,
    switches,
    workers,
    ...definition
  } = options;
  const peers = peersOf(workers, names);
  check(
    Number.isInteger(poolSize) && poolSize >= 1,
    `num_worker_threads must be positive, got ${poolSize}`,
  );
  check(
    backwardModes.includes(backwardMode),
    `There is no backward mode "${backwardMode}". There are ${backwardModes.join(', ')}.`,
  );
  const mainOf = mainsOf(main, peers);
  const machine = machineFor({ classes, functions, limits });
  const deviceInputs = devices === undefined ? undefined : devicesOf(devices, peers);
  const shared: Omit<WorkerInput, 'id' | 'missing'> = {
    backend: backendOf(backend),
    backwardMode,
    directory: directoryOf(start === 'apart' ? [] : peers),
    poolSize,
    rpcTimeoutMs: rpcTimeout === undefined ? rpcTimeoutMsDefault : rpcTimeout / 1_000,
    ...(start === undefined ? {} : { env, store: storeAddress }),
    switches: switchesOf(profile, switches),
  };
  const actors = peers.map((peer): ActorDefinition => {
    const { address, id, name } = peer;
    const call = mainOf(peer);
    const own = deviceInputs?.[name];
    return {
      address,
      durable: ['lives'],
      input: {
        ...shared,
        ...(start === 'apart' ? { apart: { name } } : {}),
        ...(own === undefined ? {} : { devices: own }),
        id,
        missing: missing[name] ?? [],
        ...(patches[name] === undefined ? {} : { patches: patches[name] }),
        ...(call === undefined ? {} : { main: call }),
      } satisfies WorkerInput,
      machine,
    };
  });
  const traits = { hasDevices: devices !== undefined, hasStore: start !== undefined };
  const told = withStuckSends(definition.remarks, { classes, functions, limits });
  return withInvariants({ name: 'cluster', ...definition, actors, remarks: told }, traits);
}

const storeAddress = 'store';
const store: ActorDefinition = {
  address: storeAddress,
  isSteadfast: true,
  machine: storeMachine,
};

/** What is told of its runs, and which send functions are stuck in them. */
function withStuckSends(
  remarks: SystemDefinition['remarks'],
  code: UserCode,
): NonNullable<SystemDefinition['remarks']> {
  return (system, run) => [
    ...(remarks?.(system, run) ?? []),
    ...stuckSends({ ...code, run, system }).map(({ text }) => text),
  ];
}

/** The cluster with all invariants, beside what it is given. */
function withInvariants(
  definition: SystemDefinition,
  { hasDevices, hasStore }: { readonly hasDevices: boolean; readonly hasStore: boolean },
): SystemDefinition {
  const { actors: workers, faults: _faults, plan: _plan, ...undisturbed } = definition;
  const { monitors = [], properties = [] } = definition;
  const addresses = workers.map(({ address }) => address);
  const actors = hasStore ? [...workers, store] : workers;
  return {
    ...definition,
    actors,
    monitors: [...monitors, happenedMonitor, passesMonitor, ...(hasStore ? [tokenMonitor] : [])],
    properties: [
      ...properties,
      ...invariantsOf({ addresses, hasDevices, undisturbed: { ...undisturbed, actors } }),
    ],
  };
}

function backendOf(options: FaultyBackendOptions | undefined): WorkerInput['backend'] {
  if (options === undefined) return tensorPipe;
  try {
    return faultyTensorPipe(options);
  } catch (thrown) {
    if (!(thrown instanceof TorchError)) throw thrown;
    throw new SimulationError('rpc/bad-cluster', thrown.message);
  }
}

function peersOf(workers: number, names: ClusterOptions['names']): readonly Peer[] {
  check(
    Number.isInteger(workers) && workers >= 1 && workers <= workersMax,
    `A cluster has 1 to ${workersMax} workers, not ${workers}.`,
  );
  check(
    names === undefined || (names.length === workers && new Set(names).size === workers),
    `A cluster of ${workers} workers has as many names, no two alike, and not ${names?.join(', ')}.`,
  );
  return Array.from({ length: workers }, (_, id) => {
    const name = names?.[id] ?? `worker${id}`;
    return { address: name, id, name };
  });
}

function mainsOf(main: ClusterOptions['main'], peers: readonly Peer[]) {
  if (typeof main === 'function') return main;
  for (const name of Object.keys(main)) {
    check(
      peers.some((peer) => peer.name === name),
      `There is no worker "${name}" to run a main function on. There are ` +
        `${peers.map((peer) => peer.name).join(', ')}.`,
    );
  }
  return ({ name }: Peer): Call | undefined => main[name];
}

function machineFor(code: UserCode) {
  const { registry, ...options } = hostOf(code);
  const logic = userFunctionMachine(registry, options);
  return workerMachine.provide({
    // cast -- the same logic, whose snapshot `setup` describes in more detail
    actors: { userFunction: logic as unknown as FunctionLogic },
  });
}

function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new SimulationError('rpc/bad-cluster', message);
}
