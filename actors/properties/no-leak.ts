import type { LocalEngine } from '../../machines/rpc/autograd/local-engine.ts';
import type { WorkerContext } from '../../machines/rpc/context.ts';
import type { RRefTables } from '../../machines/rref/tables.ts';
import { atQuiescence, keysOf, hasIn, getIn, sizeOf, valuesOf } from '../../src/index.ts';
import { happenedIn } from './happened.ts';
import type { Invariant } from './invariant.ts';
import { holdersIn } from './token-holders.ts';
import { workersIn } from './workers.ts';

/** P1. */
export const noLeak: Invariant = {
  name: 'P1',
  about:
    'at rest, workers that are up hold only the references of user code: no autograd context, call, retry or ' +
    'token of a group; what workers pin after a failed shutdown, or copies of references after a crash, is ' +
    'not asked for',
  of: ({ addresses }) =>
    atQuiescence('P1', (view) => {
      const workers = workersIn(view, addresses);
      const held = heldReferences(workers);
      const hasFailed = workers.some(hasFailedToShutDown);
      const isCutOff = hasFailed || happenedIn(view).crashed.length > 0;
      const { held: tokens } = holdersIn(view);
      return workers.every(
        (worker) =>
          isTidy(worker, held) &&
          !Object.hasOwn(tokens, worker.name) &&
          (hasFailed || hasNoContext(worker)) &&
          (isCutOff ? hasOnlyCopied(worker, held) : knowsNothing(worker, held)),
      );
    }),
};

/** Such a worker has gone without telling its peers what it no longer needs. */
function hasFailedToShutDown({ main, rrefs }: WorkerContext): boolean {
  return rrefs.destroyed && main.type === 'threw';
}

/** What user code has a handle to, anywhere. */
function heldReferences(workers: readonly WorkerContext[]): ReadonlySet<string> {
  return new Set(
    workers.flatMap(({ rrefs }) =>
      keysOf(rrefs.handles).map(
        (key) => getIn(rrefs.users, key)?.rrefId ?? getIn(rrefs.ownerRRefs, key)?.rrefId ?? key,
      ),
    ),
  );
}

/** What can be let go of without an answer of others. */
function isTidy(worker: WorkerContext, held: Held): boolean {
  const { agent, futures, local, passes, profiling, rrefs, sweeps, threads } = worker;
  const isKept = sizeOf(rrefs.handles) > 0;
  return (
    [agent.calls, passes, rrefs.pendingOwners, rrefs.pendingUsers, sweeps, threads].every(
      (map) => sizeOf(map) === 0,
    ) &&
    agent.retrying === 0 &&
    (local.engine === undefined || isIdle(local.engine)) &&
    (profiling === undefined || sizeOf(profiling.keys) + sizeOf(profiling.sessions) === 0) &&
    (isKept || sizeOf(futures) === 0) &&
    valuesOf(rrefs.users).every(
      ({ forkId, rrefId }) => held.has(rrefId) || isParent(rrefs, forkId),
    ) &&
    rrefs.numPendingFutures === 0
  );
}

function isIdle({ changingDepths, leftWakeUps = 0, passes }: LocalEngine): boolean {
  return sizeOf(passes) + leftWakeUps === 0 && changingDepths === undefined;
}

type Held = ReadonlySet<string>;

function isParent({ pendingChildren }: RRefTables, forkId: string): boolean {
  return valuesOf(pendingChildren).some((parent) => parent === forkId);
}

/** What is pinned by no copy at all is not pinned by that of a worker that is gone. */
function hasOnlyCopied({ rrefs }: WorkerContext, held: Held): boolean {
  return keysOf(rrefs.owners).every((rrefId) => held.has(rrefId) || hasIn(rrefs.forks, rrefId));
}

/** What others end, or go without an end that they could tell of. */
function hasNoContext({ autograd }: WorkerContext): boolean {
  const { contexts, heldContexts, initializedContextIds } = autograd;
  return [contexts, heldContexts, initializedContextIds].every((map) => sizeOf(map) === 0);
}

/** What others have to give back. */
function knowsNothing({ rrefs }: WorkerContext, held: Held): boolean {
  return (
    sizeOf(rrefs.pendingChildren) === 0 &&
    [...keysOf(rrefs.owners), ...keysOf(rrefs.forks)].every((rrefId) => held.has(rrefId)) &&
    keysOf(rrefs.confirmedUsers).every((forkId) => hasIn(rrefs.users, forkId))
  );
}
