import type { Profile, Switches } from '../machines/rpc/switches.ts';
import { profiles } from '../machines/rpc/switches.ts';
import type { FunctionLogic } from '../machines/rpc/worker.ts';
import { workerMachine } from '../machines/rpc/worker.ts';
/** A cluster of workers as a system that can run. */
import { userFunctionMachine, SimulationError } from '../src/index.ts';
import type {
  ActorDefinition,
  Call,
  Duration,
  FunctionRegistry,
  Limits,
  SystemDefinition,
} from '../src/index.ts';
import { frameRequests } from './frame-requests.ts';

/** What a cluster is made of. Workers are called `worker0`, `worker1`, …, each on a node of its name. */
export interface ClusterOptions extends Partial<Omit<SystemDefinition, 'actors'>> {
  /** The functions that all workers know. */
  readonly functions: FunctionRegistry;
  /** How far a user function may go. */
  readonly limits?: Partial<Limits>;
  /** What the user's own thread of a worker runs, by the worker's name. */
  readonly main: Readonly<Record<string, Call>>;
  /** Threads of each worker that serve requests; 16 as in PyTorch unless said otherwise. */
  readonly poolSize?: number;
  /** Which bugs of PyTorch are in force; all that PyTorch 2.6 has unless said otherwise. */
  readonly profile?: Profile;
  /** The time-out of calls that have none of their own; 60 s unless said otherwise, 0 is without end. */
  readonly rpcTimeout?: Duration;
  /** Where the profile is departed from. */
  readonly switches?: Partial<Switches>;
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
 * function for a worker that is not there.
 */
export function cluster(options: ClusterOptions): SystemDefinition {
  const {
    functions,
    limits = {},
    main,
    poolSize = poolSizeDefault,
    profile = 'pytorch-2.6',
    rpcTimeout,
    switches,
    workers,
    ...definition
  } = options;
  check(
    Number.isInteger(workers) && workers >= 1 && workers <= workersMax,
    `A cluster has 1 to ${workersMax} workers, not ${workers}.`,
  );
  check(
    Number.isInteger(poolSize) && poolSize >= 1,
    `num_worker_threads must be positive, got ${poolSize}`,
  );
  const directory = Array.from({ length: workers }, (_, id) => `worker${id}`);
  for (const name of Object.keys(main)) {
    check(
      directory.includes(name),
      `There is no worker "${name}" to run a main function on. There are ${directory.join(', ')}.`,
    );
  }
  const machine = machineFor(functions, limits);
  const rpcTimeoutMs = rpcTimeout === undefined ? rpcTimeoutMsDefault : rpcTimeout / 1_000;
  const actors = directory.map((address, id): ActorDefinition => {
    const call = main[address];
    return {
      address,
      input: {
        directory,
        id,
        poolSize,
        rpcTimeoutMs,
        switches: { ...profiles[profile], ...switches },
        ...(call === undefined ? {} : { main: call }),
      },
      machine,
    };
  });
  return { name: 'cluster', ...definition, actors };
}

function machineFor(functions: FunctionRegistry, limits: Partial<Limits>) {
  const logic = userFunctionMachine(functions, { limits, local: frameRequests });
  return workerMachine.provide({
    // cast -- the same logic, whose snapshot `setup` describes in more detail
    actors: { userFunction: logic as unknown as FunctionLogic },
  });
}

function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new SimulationError('rpc/bad-cluster', message);
}
