import type { NamedWorker } from '../../machines/group/names.ts';
import { checkNewName } from '../../machines/group/names.ts';
import type { Peer } from '../../machines/rpc/agent/directory.ts';
import type { Program } from '../../src/index.ts';
import { ask } from '../ask.ts';
import { raising, runtimeError } from '../errors.ts';
import { addressKey, startJoining } from './join.ts';
import type { Joining } from './join.ts';
import { collectDeviceInfos, readInfos, tellMembers, withToken, writeInfos } from './membership.ts';
import { shutdown, undoJoin } from './shutdown.ts';
import { askStore } from './store.ts';

/** A worker as the store knows where it listens. */
interface Address {
  readonly address: string;
  readonly life: number;
}

/** A worker joins a group that changes, while nobody else joins or leaves. */
export function* joinGroup(joining: Joining): Program<void> {
  const { begun, name } = joining;
  const { address, prefix, rank: id } = begun;
  const me: Peer = { address, id, name };
  yield* withToken({ isJoin: true, name, prefix }, function* join({ isReleasedOnError: undoes }) {
    const infos = yield* enter(joining, me);
    let others: readonly Peer[] | undefined;
    try {
      const started = yield* startAmong({ infos, me, prefix });
      others = started.others;
      yield* collectDeviceInfos(others);
      yield* tellMembers([...others, me], { life: started.life, peer: me, type: 'joined' });
    } catch (error) {
      if (undoes) yield* undoJoin({ me, others, prefix });
      // PyTorch wants another token while it holds one.
      else if (others !== undefined) yield* shutdown();
      throw error;
    }
  });
}

/** The id and the name are taken, and the store knows of the worker; those that it knew before are given. */
function* enter(joining: Joining, me: Peer): Program<readonly NamedWorker[]> {
  const { prefix } = joining.begun;
  const { id, name } = me;
  yield* startJoining(joining, { isStatic: false });
  const key = `${prefix}/${id}`;
  const known = yield* askStore<string>({ type: 'compare-set', desired: name, expected: '', key });
  if (known !== name) {
    throw runtimeError(
      `RPC worker id ${id} is not unique. Worker ${known} and already has ID and ${name} cannot be added.`,
    );
  }
  const infos = yield* readInfos(prefix);
  raising(() => {
    checkNewName(me, infos);
  });
  yield* writeInfos(prefix, [...infos, me]);
  return infos;
}

interface Started {
  readonly life: number;
  readonly others: readonly Peer[];
}

interface Starting {
  readonly infos: readonly NamedWorker[];
  readonly me: Peer;
  readonly prefix: string;
}

/** The agent listens, and knows where all others do. */
function* startAmong({ infos, me, prefix }: Starting): Program<Started> {
  const addresses = yield* askStore<readonly Address[]>({
    type: 'get',
    keys: infos.map(({ name }) => addressKey(prefix, name)),
  });
  const others = infos.map(({ id, name }, index) => ({
    address: addresses[index]?.address ?? '',
    id,
    name,
  }));
  const life = yield* ask<number>({ type: 'group.start-agent', peers: [me, ...others] });
  const value: Address = { address: me.address, life };
  yield* askStore<undefined>({ type: 'set', key: addressKey(prefix, me.name), value });
  const theirs = others.map(({ id }, index) => ({ id, life: addresses[index]?.life ?? 1 }));
  // A worker tells itself, too, that it has joined.
  const lives = [...theirs, { id: me.id, life }];
  yield* ask<undefined>({ type: 'group.learn-lives', lives });
  return { life, others };
}
