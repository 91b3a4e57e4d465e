import type { Property } from '../../src/index.ts';
import { ambientContext, contextRestored } from './ambient-context.ts';
import { autogradTables } from './autograd-tables.ts';
import { callsAndThreads } from './calls-and-threads.ts';
import { completedOnce, futureCompletedOnce } from './completed-once.ts';
import { groupLife } from './group-life.ts';
import { countersInBounds, honestCounters } from './honest-counters.ts';
import type { Invariant, WatchedCluster } from './invariant.ts';
import { monotoneLife } from './monotone-life.ts';
import { noLeak } from './no-leak.ts';
import { noMishap } from './no-mishap.ts';
import { noPrematureDelete, ownersKnowCopies } from './no-premature-delete.ts';
import { noStuckRequest } from './no-stuck-request.ts';
import { orderedReads } from './ordered-reads.ts';
import { passes } from './passes.ts';
import { noPoolSizeDependence } from './pool-size.ts';
import { referenceTables } from './reference-tables.ts';
import { releasedLocks } from './released-locks.ts';
import { rightAddressee } from './right-addressee.ts';
import { robust } from './robust.ts';
import { sameValues } from './same-values.ts';
import { oneTokenHolder } from './token-holders.ts';
import { uniqueIds } from './unique-ids.ts';

// More than there are of one kind.
const namesMax = 100;

/** All invariants of clusters: those that speak of single worlds first, since they are found first. */
export const clusterInvariants: readonly Invariant[] = [
  noLeak,
  noPrematureDelete,
  noStuckRequest,
  completedOnce,
  honestCounters,
  monotoneLife,
  ambientContext,
  sameValues,
  noPoolSizeDependence,
  noMishap,
  robust,
  releasedLocks,
  rightAddressee,
  uniqueIds,
  ...referenceTables,
  ownersKnowCopies,
  ...callsAndThreads,
  futureCompletedOnce,
  countersInBounds,
  ...autogradTables,
  ...passes,
  ...groupLife,
  contextRestored,
  oneTokenHolder,
  orderedReads,
].toSorted(byName);

/** The invariants as properties of one cluster, named `P1`, `P2`, …, `S1`, … */
export function invariantsOf(watched: WatchedCluster): readonly Property[] {
  return clusterInvariants
    .filter(({ isForDevices }) => watched.hasDevices || isForDevices !== true)
    .map((invariant) => invariant.of(watched));
}

/** `P2` before `P10`, both before `S1`, and that before `D1`. */
function byName(a: Invariant, b: Invariant): number {
  return rankOf(a) - rankOf(b);
}

function rankOf({ name }: Invariant): number {
  return 'PSD'.indexOf(name.charAt(0)) * namesMax + Number(name.slice(1));
}
