/**
 * The start of an agent.
 *
 * @see PyTorch, `torch/distributed/rpc/__init__.py`, `init_rpc`; `backend_registry.py`,
 * `_tensorpipe_init_backend_handler`; `tensorpipe_agent.cpp`, `TensorPipeAgent`, `startImpl`.
 */
import { checkUniqueNames } from '../../machines/group/names.ts';
import type { Peer } from '../../machines/rpc/agent/directory.ts';
import type { BegunInit } from '../../machines/rpc/group/group-request.ts';
import type { Program } from '../../src/index.ts';
import { ask } from '../ask.ts';
import { raising } from '../errors.ts';
import { chooseBackend, startRegistered } from './backends.ts';
import { joinGroup } from './dynamic.ts';
import { allGather } from './gather.ts';
import { addressKey, startJoining } from './join.ts';
import type { Joining } from './join.ts';
import type { Backend, BackendOptions } from './options.ts';
import { askStore } from './store.ts';

/** How a process joins a group. */
export interface InitOptions {
  readonly backend?: Backend;
  /** Its id in the group; the URL or the environment says it unless it is given. */
  readonly rank?: number;
  readonly rpcBackendOptions?: BackendOptions;
  /** How many workers there will ever be; without it the group may change at any time. */
  readonly worldSize?: number;
}

/** The process becomes the worker `name` of a group. */
export function* initRpc(
  name: string,
  { backend, rank: given = -1, rpcBackendOptions, worldSize: size = 0 }: InitOptions = {},
): Program<void> {
  const chosen = yield* chooseBackend({ backend, options: rpcBackendOptions });
  const { options, registered } = chosen;
  const worldSize = size === 0 ? undefined : size;
  const begun = yield* ask<BegunInit>({
    type: 'group.begin-init',
    initMethod: options.initMethod,
    rank: given,
    rpcTimeout: options.rpcTimeout,
    worldSize,
  });
  const { rank } = begun;
  if (registered !== undefined) {
    yield* startRegistered(registered, { name, options, rank, worldSize });
    return;
  }
  const joining = { begun, name, options };
  yield* worldSize === undefined ? joinGroup(joining) : startMember({ ...joining, worldSize });
  yield* ask<undefined>({ type: 'group.end-init', rank });
}

interface Member extends Joining {
  readonly worldSize: number;
}

/** A member of a group that never changes: all start together. */
function* startMember({ worldSize: size, ...joining }: Member): Program<void> {
  const { address, prefix, rank, rpcTimeout } = joining.begun;
  const { name } = joining;
  const arrive = { rank, size, type: 'arrive' } as const;
  yield* askStore<unknown>({ ...arrive, key: `${prefix}/device-maps`, value: name });
  yield* startJoining(joining, { isStatic: true });
  const ids = Array.from({ length: size }, (_, id) => id);
  const me: Peer = { address, id: rank, name };
  yield* askStore<undefined>({ type: 'set', key: `${prefix}/${rank}`, value: me });
  const keys = ids.map((id) => `${prefix}/${id}`);
  const peers = yield* askStore<readonly Peer[]>({ type: 'get', keys });
  raising(() => {
    checkUniqueNames(me, peers);
  });
  const life = yield* ask<number>({ type: 'group.start-agent', peers });
  yield* askStore<undefined>({ type: 'set', key: addressKey(prefix, name), value: life });
  const lives = yield* askStore<readonly number[]>({
    type: 'get',
    keys: peers.map((peer) => addressKey(prefix, peer.name)),
  });
  yield* ask<undefined>({
    type: 'group.learn-lives',
    lives: peers.map(({ id }, index) => ({ id, life: lives[index] ?? 1 })),
  });
  yield* allGather(null, { timeout: rpcTimeout });
  yield* askStore<unknown>({ ...arrive, key: `${prefix}/barrier`, value: name });
}
