/**
 * The other group of a process, of which no more is here than its barrier.
 *
 * @see PyTorch, `torch/distributed/distributed_c10d.py`, `init_process_group`, `barrier`.
 */
import type { Program } from '../../src/index.ts';
import { ask } from '../ask.ts';
import { runtimeError } from '../errors.ts';
import { globals } from '../globals.ts';
import { askStore } from './store.ts';

/** How a process joins. */
export interface ProcessGroupOptions {
  readonly initMethod?: string;
  readonly rank: number;
  readonly worldSize: number;
}

interface Joined extends Required<ProcessGroupOptions> {
  readonly barriers: number;
}

const key = 'torch.distributed.distributed_c10d';

/** `torch.distributed` as far as it is a barrier of processes beside RPC. */
export const processGroup = Object.freeze({ barrier, destroy, init, isInitialized });

/** `init_process_group`. */
function* init({ initMethod = 'env://', rank, worldSize }: ProcessGroupOptions): Program<void> {
  const joined: Joined = { barriers: 0, initMethod, rank, worldSize };
  if (yield* isInitialized()) {
    throw runtimeError('trying to initialize the default process group twice!');
  }
  const { waitsForAll } = yield* ask<{ readonly waitsForAll: boolean }>({
    type: 'group.begin-process-group',
  });
  if (waitsForAll) yield* meet(joined, 'init');
  yield* globals.set(key, joined);
}

/** Waits until all processes have come here, each as often. */
function* barrier(): Program<void> {
  const joined = yield* globals.get<Joined>(key);
  if (joined === undefined) {
    throw runtimeError(
      'Default process group has not been initialized, please make sure to call init_process_group.',
    );
  }
  yield* globals.set(key, { ...joined, barriers: joined.barriers + 1 });
  yield* meet(joined, `barrier-${joined.barriers}`);
}

/** `destroy_process_group`. */
function* destroy(): Program<void> {
  yield* globals.remove(key);
}

/** Whether this process has joined. */
function* isInitialized(): Program<boolean> {
  return (yield* globals.get<Joined>(key)) !== undefined;
}

function* meet({ initMethod, rank, worldSize: size }: Joined, what: string): Program<void> {
  yield* askStore<unknown>({
    type: 'arrive',
    key: `${initMethod}/process-group/${what}`,
    rank,
    size,
    value: rank,
  });
}
