/**
 * Groups that change: one worker joins or leaves at a time, under a token at the store, and tells all others.
 *
 * @see PyTorch, `torch/distributed/rpc/_utils.py`, `_group_membership_management`, `_update_group_membership`;
 * `tensorpipe_agent.cpp`, `leaveGroup`; `agent_utils.cpp`, `collectCurrentNames`, `removeCurrentName`.
 */
import { parseInfos, printInfos } from '../../machines/group/infos.ts';
import type { NamedWorker } from '../../machines/group/names.ts';
import type { MembershipUpdate } from '../../machines/rpc/agent/agent-life.ts';
import type { Peer } from '../../machines/rpc/agent/directory.ts';
import type { GroupToken } from '../../machines/rpc/group/group-request.ts';
import type { Program } from '../../src/index.ts';
import { ask } from '../ask.ts';
import { raising } from '../errors.ts';
import { callMember } from './member-call.ts';
import { askStore } from './store.ts';

/** The functions that a worker which joins or leaves calls on the others. */
export const membershipFunctions = Object.freeze({
  'torch.distributed.rpc._utils._update_group_membership': updateGroupMembership,
  'torch.distributed.rpc.backend_registry._get_device_infos': getDeviceInfos,
});

/** Who holds a token, and where. */
export interface TokenUse {
  readonly isJoin: boolean;
  readonly name: string;
  readonly prefix: string;
}

/** Runs `body` while nobody else joins or leaves. */
export function* withToken<Result>(
  { isJoin, name, prefix }: TokenUse,
  body: (token: GroupToken) => Program<Result>,
): Program<Result> {
  const asked = yield* ask<GroupToken>({ type: 'group.begin-token', isJoin, name });
  const { isReleasedOnError, token } = asked;
  yield* takeToken(prefix, token);
  let isDone = false;
  try {
    const result = yield* body(asked);
    isDone = true;
    return result;
  } finally {
    if (isDone || isReleasedOnError) {
      yield* askStore<undefined>({ type: 'set', key: tokenKey(prefix), value: '' });
      yield* askStore<undefined>({ type: 'set', key: `${prefix}/${token}`, value: 'Done' });
    }
  }
}

/** Who does not get the token waits until its holder is done, and tries again. */
function* takeToken(prefix: string, token: string): Program<void> {
  const exchange = { type: 'compare-set', desired: token, expected: '' } as const;
  for (;;) {
    const held = yield* askStore<string>({ ...exchange, key: tokenKey(prefix) });
    if (held === token) return;
    try {
      yield* askStore<undefined>({ type: 'wait', keys: [`${prefix}/${held}`] });
    } catch (error) {
      yield* ask<undefined>({
        type: 'group.log',
        message: `Group membership token ${token} timed out waiting for ${held} to be released.`,
      });
      throw error;
    }
  }
}

/** Whether a key of the store is that of a group's token. */
export function isTokenKey(key: string): boolean {
  return key.endsWith(tokenKey(''));
}

function tokenKey(prefix: string): string {
  return `${prefix}/RpcGroupManagementToken`;
}

/** The workers of the group, as the store knows them. */
export function* readInfos(prefix: string): Program<readonly NamedWorker[]> {
  // An exchange of nothing for nothing: a key that is missing is no reason to wait.
  const text = yield* askStore<string>({
    type: 'compare-set',
    desired: '',
    expected: '',
    key: infosKey(prefix),
  });
  let infos: readonly NamedWorker[] = [];
  raising(() => {
    infos = parseInfos(text);
  });
  return infos;
}

/** Sets who the workers of the group are. */
export function* writeInfos(prefix: string, infos: readonly NamedWorker[]): Program<void> {
  const value = printInfos(infos);
  yield* askStore<undefined>({ type: 'set', key: infosKey(prefix), value });
}

function infosKey(prefix: string): string {
  return `${prefix}/_ALL_WORKER_INFOS`;
}

/** Tells these members who has joined or left, one after the other. */
export function* tellMembers(members: readonly Peer[], update: MembershipUpdate): Program<void> {
  for (const { name: to } of members)
    yield* callMember<undefined>({ args: [update], fn: updateFn, to });
}

/** The same, but those that cannot be reached are only logged. */
export function* tellReachable(members: readonly Peer[], update: MembershipUpdate): Program<void> {
  for (const member of members) {
    try {
      yield* tellMembers([member], update);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      yield* ask<undefined>({ type: 'group.log', message: error.message });
    }
  }
}

const updateFn = 'torch.distributed.rpc._utils._update_group_membership';

/** Asks these members for their devices; there are none. */
export function* collectDeviceInfos(members: readonly Peer[]): Program<void> {
  const fn = 'torch.distributed.rpc.backend_registry._get_device_infos';
  for (const { name: to } of members) yield* callMember<object>({ args: [], fn, to });
}

function* updateGroupMembership(update: MembershipUpdate): Program<void> {
  yield* ask<undefined>({ type: 'group.update-membership', update });
}

function getDeviceInfos(): readonly string[] {
  return [];
}
