import { historic, live } from './switch.ts';

/** Start-up, collectives, shutdown and membership. */
export const groupSwitches = {
  'api.allGatherIgnoresTimeout': live('a gather that timed out goes on with the part that it has'),
  'api.allGatherKeyConcat': live(
    'the key of a gather glues names together, so two groups may share one',
  ),
  'api.gatherBlocksHandler': historic(
    'a member that reports to a gather keeps a thread of the pool of its leader until all have',
  ),
  'dyn.keyReuse': live('the mark that a join is done stays for the next one of that name'),
  'dyn.leaveIgnoresServerCalls': live(
    'a worker that leaves waits for its own calls, not for those that it serves',
  ),
  'dyn.lockInverted': live('the directory is locked only in groups that never change'),
  'dyn.tokenNoFinally': live('an error while joining keeps the token of the group'),
  'init.lateReverseMap': historic(
    'a worker serves calls before it knows the device maps of its peers',
  ),
  'init.noGroupBarrier': live('a collective may begin before all members have joined its group'),
  'init.startAgentFirst': historic('a worker serves requests before it is initialised'),
  'shutdown.drainBeforeClose': historic(
    'the pool is drained before the pipes are closed, so work comes after it',
  ),
  'shutdown.intentNoLock': historic(
    'two reports at once each miss the other, and the leader never proceeds',
  ),
  'shutdown.noFailureDetection': live(
    'nobody notices a dead member, so the barrier waits for ever',
  ),
  'shutdown.noWaitOwners': historic(
    'a worker leaves before the references that it owns are deleted',
  ),
  'shutdown.noWaitPending': historic(
    'references are deleted at shutdown before they are confirmed',
  ),
  'shutdown.swallowBarrierError': historic(
    'an error in the barrier is swallowed, and the join waits for ever',
  ),
  'term.localIdle': historic('a worker leaves as soon as it has nothing to do itself'),
  'term.noFreeze': historic('counts are read one after the other while calls go on'),
  'term.handlerNotCounted': live(
    'a function that still runs for a caller which gave it up counts as no call',
  ),
  'term.lateReferenceNotCounted': live(
    'a reference that came after the sweep at shutdown is left to its owner for ever',
  ),
  'term.queueEmptyMeansIdle': historic('an empty queue counts as having nothing to do'),
  'term.retryNotCounted': live('a message that waits for its retry counts as no call'),
} as const;
