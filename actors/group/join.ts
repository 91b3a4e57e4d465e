import { checkGroupKind } from '../../machines/group/names.ts';
import type { BegunInit } from '../../machines/rpc/group/group-request.ts';
import type { Program } from '../../src/index.ts';
import { ask } from '../ask.ts';
import { raising } from '../errors.ts';
import type { BackendOptions } from './options.ts';
import { askStore } from './store.ts';

/** A process that is about to be the worker `name`. */
export interface Joining {
  readonly begun: BegunInit;
  readonly name: string;
  readonly options: BackendOptions;
}

/** Makes the agent, and says at the store which kind of group this is. */
export function* startJoining(
  { begun, name, options }: Joining,
  { isStatic }: { readonly isStatic: boolean },
): Program<void> {
  const { prefix, rank: id, rpcTimeout } = begun;
  yield* ask<undefined>({
    type: 'group.create-agent',
    backend: options.faults,
    id,
    isStatic,
    name,
    poolSize: options.numWorkerThreads,
    prefix,
    rpcTimeout,
  });
  const mine = String(isStatic);
  const theirs = yield* askStore<string>({
    type: 'compare-set',
    desired: mine,
    expected: '',
    key: `${prefix}/rpcIsStaticGroup`,
  });
  raising(() => {
    checkGroupKind(mine, theirs);
  });
}

/** Where a worker says that it listens, and since which start of its process. */
export function addressKey(prefix: string, name: string): string {
  return `${prefix}/address-${name}`;
}
