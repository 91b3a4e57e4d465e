/**
 * The end of an agent.
 *
 * @see PyTorch, `torch/distributed/rpc/api.py`, `shutdown`, `_finalize_shutdown`; `tensorpipe_agent.cpp`,
 * `TensorPipeAgent::join`.
 */
import type { BegunShutdown } from '../../machines/rpc/group-request.ts';
import type { Program } from '../../src/index.ts';
import { ask } from '../ask.ts';
import { deleteAllUsersAndUnforkedOwners, destroyRRefContext } from '../rref-context.ts';
import type { LeakOptions } from '../rref-context.ts';
import { waitAllWorkers } from './gather.ts';

/** How an agent ends. */
export interface ShutdownOptions extends LeakOptions {
  /** Whether it waits until no worker of the group has anything to do; so it does unless told otherwise. */
  readonly graceful?: boolean;
  /** What is done in place of a part, as PyTorch's own tests do by changing the module. */
  readonly parts?: Partial<ShutdownParts>;
  /** In seconds; of the gather alone, as in PyTorch. 0 is without end. */
  readonly timeout?: number;
}

/** The parts of a graceful shutdown that others may stand in for. */
export interface ShutdownParts {
  readonly deleteAllUsersAndUnforkedOwners: () => Program<void>;
  readonly waitAllWorkers: (options: { readonly timeout: number }) => Program<void>;
}

/** Ends the agent of this process: whatever raises, it has ended. */
export function* shutdown({
  graceful = true,
  ignoreLeak = true,
  parts = {},
  timeout = 0,
}: ShutdownOptions = {}): Program<void> {
  const begun = yield* ask<BegunShutdown>({ type: 'group.begin-shutdown' });
  try {
    if (graceful) yield* leave(begun, { parts: { ...usualParts, ...parts }, timeout });
  } finally {
    yield* finalize({ ignoreLeak });
  }
}

const usualParts: ShutdownParts = {
  deleteAllUsersAndUnforkedOwners: () => deleteAllUsersAndUnforkedOwners(),
  waitAllWorkers,
};

interface Leaving {
  readonly parts: ShutdownParts;
  readonly timeout: number;
}

function* leave(begun: BegunShutdown, { parts, timeout }: Leaving): Program<void> {
  try {
    yield* parts.waitAllWorkers({ timeout });
  } catch (error) {
    if (!begun.swallowsBarrierError) throw error;
  }
  yield* parts.deleteAllUsersAndUnforkedOwners();
  yield* join();
}

/** Goes round until no worker has an active call. */
function* join(): Program<void> {
  for (;;) {
    yield* ask<undefined>({ type: 'group.await-calls' });
    yield* ask<number>({ type: 'group.sync', counts: false });
    const active = yield* ask<number>({ type: 'group.sync', counts: true });
    if (active === 0) break;
  }
  yield* ask<number>({ type: 'group.sync', counts: false });
}

function* finalize(options: LeakOptions): Program<void> {
  try {
    yield* destroyRRefContext(options);
  } finally {
    yield* ask<undefined>({ type: 'group.stop-agent' });
  }
}
