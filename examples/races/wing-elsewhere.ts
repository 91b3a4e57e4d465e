import { exhibit as akkaNameReuse } from './akka-name-reuse.ts';
import { exhibit as akkaWatchAfterDeath } from './akka-watch-after-death.ts';
import { exhibit as birrellSendsWithoutWaiting } from './birrell-sends-without-waiting.ts';
import { exhibit as capnpReleaseCrossesSend } from './capnp-release-crosses-send.ts';
import { exhibit as daskStealingAba } from './dask-stealing-aba.ts';
import { exhibit as erlangLateReply } from './erlang-late-reply.ts';
import { exhibit as erlangMailboxLeak } from './erlang-mailbox-leak.ts';
import type { Exhibit } from './exhibit.ts';
import { exhibit as naiveReferenceCounting } from './naive-reference-counting.ts';
import { exhibit as orleansHandover } from './orleans-handover.ts';
import { exhibit as poolCountsAfterTheHook } from './pool-counts-after-the-hook.ts';
import { exhibit as raftSingleServerChange } from './raft-single-server-change.ts';
import { exhibit as rayRevivesDeletedActor } from './ray-revives-deleted-actor.ts';
import { exhibit as rayStrikesTwice } from './ray-strikes-twice.ts';
import { exhibit as rayTellsLater } from './ray-tells-later.ts';
import { exhibit as rayWaitsInVain } from './ray-waits-in-vain.ts';
import { exhibit as rmiLateDirty } from './rmi-late-dirty.ts';
import { exhibit as storeClosedTooEarly } from './store-closed-too-early.ts';
import { exhibit as terminationOneWave } from './termination-one-wave.ts';

/** Other systems, and patterns that many have. */
export const elsewhereWing: readonly Exhibit[] = [
  rayWaitsInVain,
  rayTellsLater,
  rayRevivesDeletedActor,
  rayStrikesTwice,
  rmiLateDirty,
  birrellSendsWithoutWaiting,
  naiveReferenceCounting,
  capnpReleaseCrossesSend,
  akkaNameReuse,
  akkaWatchAfterDeath,
  erlangLateReply,
  erlangMailboxLeak,
  daskStealingAba,
  raftSingleServerChange,
  orleansHandover,
  storeClosedTooEarly,
  poolCountsAfterTheHook,
  terminationOneWave,
];
