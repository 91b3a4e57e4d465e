import { exhibit as allGatherKeyCollision } from './all-gather-key-collision.ts';
import { exhibit as allGatherTimeoutPassesBarrier } from './all-gather-timeout-passes-barrier.ts';
import { exhibit as barrierWithoutFailureDetector } from './barrier-without-failure-detector.ts';
import { exhibit as callbackBlocksLoop } from './callback-blocks-loop.ts';
import { exhibit as callbackErrorSwallowed } from './callback-error-swallowed.ts';
import { exhibit as controlMessageNotIdempotent } from './control-message-not-idempotent.ts';
import { exhibit as creationFailureStrandsFetchers } from './creation-failure-strands-fetchers.ts';
import { exhibit as deleteAllWithoutWait } from './delete-all-without-wait.ts';
import { exhibit as deleteOvertakesCreate } from './delete-overtakes-create.ts';
import { exhibit as destructorUnderLock } from './destructor-under-lock.ts';
import type { Exhibit } from './exhibit.ts';
import { exhibit as fetchParksAfterDelete } from './fetch-parks-after-delete.ts';
import { exhibit as forkHandshakeLeakOnPickleFailure } from './fork-handshake-leak-on-pickle-failure.ts';
import { exhibit as futureCheckThenAct } from './future-check-then-act.ts';
import { exhibit as gilLockOrderDeadlock } from './gil-lock-order-deadlock.ts';
import { exhibit as initExhaustsPool } from './init-exhausts-pool.ts';
import { exhibit as lateDuplicateForkRequest } from './late-duplicate-fork-request.ts';
import { exhibit as leakedActiveCallOnSendFailure } from './leaked-active-call-on-send-failure.ts';
import { exhibit as lostForkRequestKillsProcess } from './lost-fork-request-kills-process.ts';
import { exhibit as membershipLockInverted } from './membership-lock-inverted.ts';
import { exhibit as membershipTokenKeyReuse } from './membership-token-key-reuse.ts';
import { exhibit as membershipTokenSelfDeadlock } from './membership-token-self-deadlock.ts';
import { exhibit as negativeCallCount } from './negative-call-count.ts';
import { exhibit as poolDrainedBeforeListener } from './pool-drained-before-listener.ts';
import { exhibit as readErrorVsWriteCallback } from './read-error-vs-write-callback.ts';
import { exhibit as reentrantCallbackUnderLock } from './reentrant-callback-under-lock.ts';
import { exhibit as requestBeforeInit } from './request-before-init.ts';
import { exhibit as retryAfterShutdown } from './retry-after-shutdown.ts';
import { exhibit as retryInvisibleToTermination } from './retry-invisible-to-termination.ts';
import { exhibit as retrySendsGuttedMessage } from './retry-sends-gutted-message.ts';
import { exhibit as reverseDeviceMapLate } from './reverse-device-map-late.ts';
import { exhibit as rrefLeakAtShutdownFamily } from './rref-leak-at-shutdown-family.ts';
import { exhibit as selfRemoteTimeout } from './self-remote-timeout.ts';
import { exhibit as shutdownIntentLostUpdate } from './shutdown-intent-lost-update.ts';
import { exhibit as sweepBetweenCreateAndFork } from './sweep-between-create-and-fork.ts';
import { exhibit as terminationCountNotFrozen } from './termination-count-not-frozen.ts';
import { exhibit as terminationDecrementBeforeCallbacks } from './termination-decrement-before-callbacks.ts';
import { exhibit as terminationLocalIdleIsNotGlobalIdle } from './termination-local-idle-is-not-global-idle.ts';
import { exhibit as terminationQueueEmptyIsNotIdle } from './termination-queue-empty-is-not-idle.ts';
import { exhibit as throwingCallbackSkipsBookkeeping } from './throwing-callback-skips-bookkeeping.ts';
import { exhibit as timeoutEntryOfWrongRequest } from './timeout-entry-of-wrong-request.ts';
import { exhibit as timeoutRecordedOnFirstRref } from './timeout-recorded-on-first-rref.ts';
import { exhibit as timeoutThreadNeverFires } from './timeout-thread-never-fires.ts';
import { exhibit as timeoutVsResponseDoubleCompletion } from './timeout-vs-response-double-completion.ts';
import { exhibit as udfBeforeArgsConfirmed } from './udf-before-args-confirmed.ts';
import { exhibit as unpickleBlocksPoolThread } from './unpickle-blocks-pool-thread.ts';

/** References, shutdown, start-up, the agent and groups of PyTorch's RPC. */
export const rpcWing: readonly Exhibit[] = [
  deleteOvertakesCreate,
  fetchParksAfterDelete,
  selfRemoteTimeout,
  retrySendsGuttedMessage,
  throwingCallbackSkipsBookkeeping,
  timeoutRecordedOnFirstRref,
  forkHandshakeLeakOnPickleFailure,
  lostForkRequestKillsProcess,
  lateDuplicateForkRequest,
  controlMessageNotIdempotent,
  udfBeforeArgsConfirmed,
  unpickleBlocksPoolThread,
  creationFailureStrandsFetchers,
  sweepBetweenCreateAndFork,
  deleteAllWithoutWait,
  destructorUnderLock,
  rrefLeakAtShutdownFamily,
  shutdownIntentLostUpdate,
  allGatherTimeoutPassesBarrier,
  allGatherKeyCollision,
  terminationQueueEmptyIsNotIdle,
  terminationLocalIdleIsNotGlobalIdle,
  terminationCountNotFrozen,
  terminationDecrementBeforeCallbacks,
  retryInvisibleToTermination,
  poolDrainedBeforeListener,
  barrierWithoutFailureDetector,
  negativeCallCount,
  leakedActiveCallOnSendFailure,
  retryAfterShutdown,
  requestBeforeInit,
  reverseDeviceMapLate,
  gilLockOrderDeadlock,
  initExhaustsPool,
  timeoutVsResponseDoubleCompletion,
  timeoutEntryOfWrongRequest,
  timeoutThreadNeverFires,
  readErrorVsWriteCallback,
  reentrantCallbackUnderLock,
  futureCheckThenAct,
  callbackErrorSwallowed,
  callbackBlocksLoop,
  membershipTokenSelfDeadlock,
  membershipLockInverted,
  membershipTokenKeyReuse,
];
