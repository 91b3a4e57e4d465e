import type { WorkerContext } from '../../machines/rpc/context.ts';
import type { ForkId, RRefId } from '../../machines/rref/ids.ts';
import { createdOn, localIdOf } from '../../machines/rref/ids.ts';
import { always, keysOf, valuesOf } from '../../src/index.ts';
import { happenedIn } from './happened.ts';
import type { Invariant } from './invariant.ts';
import { addressOfRank, everyWorker, workerAt } from './workers.ts';

/** S1. */
export const uniqueIds: Invariant = {
  name: 'S1',
  about:
    'each id of a reference or a copy is one that the worker which it names has given out; those of ' +
    'workers that crashed are not looked at',
  of: ({ addresses }) =>
    always(
      'S1',
      everyWorker(addresses, (worker, view) => {
        const { crashed } = happenedIn(view);
        return idsOn(worker).every((id) => {
          const address = addressOfRank(worker, createdOn(id));
          if (address === undefined) return true;
          const maker = crashed.includes(address) ? undefined : workerAt(view, address);
          return maker === undefined || localIdOf(id) < maker.rrefs.nextLocalId;
        });
      }),
    ),
};

function idsOn({ rrefs }: WorkerContext): readonly (ForkId | RRefId)[] {
  // casts -- what the tables are keyed by
  const owned = [
    ...keysOf(rrefs.owners),
    ...keysOf(rrefs.forks),
  ] as readonly string[] as readonly RRefId[];
  const known = valuesOf(rrefs.forks).flatMap((forks) => keysOf(forks) as readonly ForkId[]);
  const used = valuesOf(rrefs.users).flatMap(({ forkId, rrefId }) => [forkId, rrefId]);
  return [...owned, ...known, ...used];
}
