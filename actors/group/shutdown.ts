/**
 * The end of an agent.
 *
 * @see PyTorch, `torch/distributed/rpc/api.py`, `shutdown`, `_finalize_shutdown`; `tensorpipe_agent.cpp`,
 * `TensorPipeAgent::join`.
 */
import type { Peer } from '../../machines/rpc/agent/directory.ts';
import type { Activity, BegunShutdown } from '../../machines/rpc/group/group-request.ts';
import type { Program } from '../../src/index.ts';
import { ask } from '../ask.ts';
import {
  deleteAllUsersAndUnforkedOwners,
  deleteLateUsers,
  destroyRRefContext,
} from '../rref-context.ts';
import type { LeakOptions } from '../rref-context.ts';
import { secondsOf } from '../seconds.ts';
import { waitAllWorkers } from './gather.ts';
import { readInfos, tellMembers, tellReachable, withToken, writeInfos } from './membership.ts';

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
  const waits = secondsOf('join', timeout);
  const begun = yield* ask<BegunShutdown>({ type: 'group.begin-shutdown' });
  let isTogether = false;
  try {
    const leaving = { parts: { ...usualParts, ...parts }, timeout: waits };
    if (graceful) yield* begun.isStatic ? leave(begun, leaving) : leaveGroup(begun, leaving.parts);
    isTogether = graceful && begun.isStatic;
  } finally {
    yield* finalize({ ignoreLeak, isTogether });
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

/** A worker leaves a group that changes: the others learn of it, one of them after the other. */
function* leaveGroup(begun: BegunShutdown, parts: ShutdownParts): Program<void> {
  const { drains, me, prefix } = begun;
  if (drains) yield* parts.deleteAllUsersAndUnforkedOwners();
  yield* withToken({ isJoin: false, name: me.name, prefix }, function* tellAndGo() {
    const { peers } = yield* ask<BegunShutdown>({ type: 'group.begin-shutdown' });
    const others = peers.filter(({ id }) => id !== me.id);
    const update = { life: 1, peer: me, type: 'left' } as const;
    yield* drains ? tellReachable(others, update) : tellMembers(others, update);
    let late = 0;
    do {
      yield* ask<undefined>({ type: 'group.await-calls', handlersToo: drains });
      late = drains ? yield* deleteLateUsers() : 0;
    } while (late > 0);
    yield* removeInfo(prefix, me.id);
  });
}

/** The store knows the worker of this id no more. */
function* removeInfo(prefix: string, leaver: number): Program<void> {
  const infos = yield* readInfos(prefix);
  yield* writeInfos(
    prefix,
    infos.filter(({ id }) => id !== leaver),
  );
}

/** A worker gives up joining, and holds the token meanwhile: nobody knows of it afterwards. */
export function* undoJoin({ me, others, prefix }: FailedJoin): Program<void> {
  yield* removeInfo(prefix, me.id);
  if (others === undefined) return;
  yield* tellReachable(others, { life: 1, peer: me, type: 'left' });
  yield* finalize({});
}

/** What a worker has done so far to join. */
export interface FailedJoin {
  readonly me: Peer;
  /** Absent if its agent has not started. */
  readonly others: readonly Peer[] | undefined;
  readonly prefix: string;
}

/** Goes round until no worker has an active call, or a reference that came after its sweep. */
function* join(): Program<void> {
  for (;;) {
    yield* ask<undefined>({ type: 'group.await-calls', handlersToo: false });
    yield* ask<Activity>({ type: 'group.sync', counts: false });
    const { calls, references } = yield* ask<Activity>({ type: 'group.sync', counts: true });
    if (calls + references === 0) break;
    if (calls === 0) yield* deleteLateUsers();
  }
  yield* ask<Activity>({ type: 'group.sync', counts: false });
}

interface Finalizing extends LeakOptions {
  readonly isTogether?: boolean;
}

function* finalize({ isTogether = false, ...options }: Finalizing): Program<void> {
  try {
    yield* destroyRRefContext({ ...options, ...(isTogether ? { isTogether } : {}) });
  } finally {
    yield* ask<undefined>({ type: 'group.stop-agent', ...(isTogether ? { isTogether } : {}) });
  }
}
