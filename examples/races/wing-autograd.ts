import { exhibit as accumulateGradLostUpdate } from './accumulate-grad-lost-update.ts';
import { exhibit as ambientContextLost } from './ambient-context-lost.ts';
import { exhibit as callbackCapturesRawContext } from './callback-captures-raw-context.ts';
import { exhibit as cleanupOvertakesForward } from './cleanup-overtakes-forward.ts';
import { exhibit as contextFreedMidBackward } from './context-freed-mid-backward.ts';
import { exhibit as contextOrphanedByCrash } from './context-orphaned-by-crash.ts';
import { exhibit as contextResurrectedByLateResponse } from './context-resurrected-by-late-response.ts';
import type { Exhibit } from './exhibit.ts';
import { exhibit as fastModeUnreachedSend } from './fast-mode-unreached-send.ts';
import { exhibit as futureDoneBeforeGradientsAccumulated } from './future-done-before-gradients-accumulated.ts';
import { exhibit as gpuToCpuContinuationLost } from './gpu-to-cpu-continuation-lost.ts';
import { exhibit as gradientRpcBlocksThread } from './gradient-rpc-blocks-thread.ts';
import { exhibit as graphTaskCompletedTwice } from './graph-task-completed-twice.ts';
import { exhibit as lateGradientInCleanupWindow } from './late-gradient-in-cleanup-window.ts';
import { exhibit as lateGradientRestartsEngine } from './late-gradient-restarts-engine.ts';
import { exhibit as leftoverWakeupTask } from './leftover-wakeup-task.ts';
import { exhibit as loserReturnsBeforeWinnerFinished } from './loser-returns-before-winner-finished.ts';
import { exhibit as lostNotify } from './lost-notify.ts';
import { exhibit as outstandingRpcAtRelease } from './outstanding-rpc-at-release.ts';
import { exhibit as reentrantBackwardDeadlock } from './reentrant-backward-deadlock.ts';
import { exhibit as sharedFinalCallbacks } from './shared-final-callbacks.ts';
import { exhibit as staleErrorPoisonsNextPass } from './stale-error-poisons-next-pass.ts';
import { exhibit as taskEnqueuedBeforeInitialised } from './task-enqueued-before-initialised.ts';
import { exhibit as topologicalNumberDataRace } from './topological-number-data-race.ts';

/** Distributed autograd and the engines of PyTorch. */
export const autogradWing: readonly Exhibit[] = [
  ambientContextLost,
  contextResurrectedByLateResponse,
  cleanupOvertakesForward,
  lateGradientRestartsEngine,
  lateGradientInCleanupWindow,
  staleErrorPoisonsNextPass,
  contextFreedMidBackward,
  callbackCapturesRawContext,
  gradientRpcBlocksThread,
  futureDoneBeforeGradientsAccumulated,
  gpuToCpuContinuationLost,
  outstandingRpcAtRelease,
  fastModeUnreachedSend,
  contextOrphanedByCrash,
  sharedFinalCallbacks,
  accumulateGradLostUpdate,
  reentrantBackwardDeadlock,
  graphTaskCompletedTwice,
  loserReturnsBeforeWinnerFinished,
  leftoverWakeupTask,
  taskEnqueuedBeforeInitialised,
  lostNotify,
  topologicalNumberDataRace,
];
