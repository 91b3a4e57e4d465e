import { describe, expect, test } from 'vitest';

import { cluster, rpc } from '../../../actors/index.ts';
import type { ClusterSetting, SwitchName } from '../../../actors/index.ts';
import { workerAt } from '../../../actors/properties/workers.ts';
import {
  brokenCallback,
  callsOfTwo,
  chainedCall,
  twoCalls,
  unmappedTensor,
} from '../../../examples/tutorials/chained-futures.ts';
import { failingTwice } from '../../../examples/tutorials/failing-passes.ts';
import { fetchInSweep } from '../../../examples/tutorials/fetch-in-sweep.ts';
import {
  backAndForth,
  givenUp,
  laterResult,
  leftBehind,
  thereAndBack,
  twoGradients,
  waitedForLater,
} from '../../../examples/tutorials/late-gradients.ts';
import {
  gradOfTwoDevices,
  onDevice,
  partlyOnDevice,
} from '../../../examples/tutorials/local-passes.ts';
import {
  sharingAmongUsers,
  sharingByOwner,
  sharingWithOwner,
} from '../../../examples/tutorials/sharing.ts';
import {
  calledAtEnd,
  createdAtEnd,
  droppedBeforeEnd,
  givenUpAtEnd,
  meeting,
  readAtEnd,
  unconfirmedAtEnd,
} from '../../../examples/tutorials/shutting-down.ts';
import {
  creation,
  returnedReference,
  unreadReference,
  writtenReference,
} from '../../../examples/tutorials/small-programs.ts';
import { tracedCall } from '../../../examples/tutorials/traced-call.ts';
import {
  missing,
  unreadable,
  unreadableCreation,
  unwritable,
} from '../../../examples/tutorials/unreadable-messages.ts';
import { agree, defineFunctions, ms, zero } from '../../../src/index.ts';
import type { SystemDefinition } from '../../../src/index.ts';
import { brokenWith } from './switched.ts';
import type { SwitchCase } from './switched.ts';

const lossy = { faults: { drop: 1 } };
const endless = { poolSize: 2, rpcTimeout: ms(0) };

// The first send, and all five that follow it.
const refused = { backend: { messagesToFail: ['RREF_FORK_REQUEST'], numFailSends: 6 } };

const early = { faults: { early: 1 } };
// Else the end of a context waits for its calls.
const unwaited = { poolSize: 2, switches: { 'da.releaseIgnoresOpenCalls': true } };

// Else a context that nobody ends is given up in time.
const unleased = { switches: { 'da.noLease': true } };

const refusing = { latency: [zero], toDownNode: 'refused' } as const;

// Else who is not heard reports again.
const unrepeated = { switches: { 'shutdown.noFailureDetection': true } };

// Else the others wait for the message that is to be sent again.
const unretriedDelete = {
  backend: { messagesToFail: ['RREF_USER_DELETE'], numFailSends: 1 },
  switches: { 'term.retryNotCounted': true },
};

/** Where each bug shows, of those that need a search; the searches are not told what to look for. */
const cases: Readonly<Partial<Record<SwitchName, readonly SwitchCase[]>>> = {
  'agent.countBeforeWriteNoGuard': [{ breaks: 'P5', make: unmappedTensor, setting: {} }],
  'agent.errorFlushOnce': [
    { breaks: 'P12', make: twoCalls, setting: { faults: { crash: 1 }, network: refusing } },
  ],
  'agent.inlineCallbacksUnderLock': [
    { breaks: 'P15', make: callsOfTwo, setting: {} },
    { breaks: 'P3', make: callsOfTwo, setting: {} },
  ],
  'da.cleanupUnknownIsNoop': [
    { breaks: 'P1', make: givenUp, setting: { ...early, ...unleased, poolSize: 2 } },
  ],
  'da.contextNotRefcounted': [{ breaks: 'P12', make: tracedCall, setting: early }],
  'da.createOnResponse': [{ breaks: 'P1', make: leftBehind, setting: unwaited }],
  'da.noContextInContinuation': [{ breaks: 'P3', make: laterResult, setting: {} }],
  'da.noLease': [{ breaks: 'P1', make: givenUp, setting: { faults: { crash: 1 } } }],
  'da.rawContextInCallback': [{ breaks: 'P12', make: twoGradients, setting: early }],
  'de.blockingGradientHandler': [{ breaks: 'P11', make: backAndForth, setting: {} }],
  'de.completeBeforeAccumulate': [{ breaks: 'P10', make: tracedCall, setting: {} }],
  'de.noContinuationThread': [{ breaks: 'P3', make: thereAndBack, setting: {} }],
  'de.restartAfterFailure': [{ breaks: 'P12', make: failingTwice, setting: { poolSize: 2 } }],
  'engine.decrementThenRead': [{ breaks: 'P1', make: gradOfTwoDevices, setting: {} }],
  'engine.flagMeansDone': [{ breaks: 'P12', make: partlyOnDevice, setting: {} }],
  'engine.moveThenComplete': [{ breaks: 'P10', make: gradOfTwoDevices, setting: {} }],
  'engine.notifyUnlocked': [{ breaks: 'P3', make: onDevice, setting: {} }],
  'engine.publishBeforeInit': [{ breaks: 'P12', make: onDevice, setting: {} }],
  'future.checkThenAct': [{ breaks: 'P3', make: chainedCall, setting: {} }],
  'future.swallowCallbackErrors': [{ breaks: 'P3', make: brokenCallback, setting: {} }],
  'rref.assertOnDuplicate': [{ breaks: 'P12', make: creation, setting: lossy }],
  'rref.blockOnMissingOwner': [
    { breaks: 'P11', make: sharingAmongUsers, setting: { rpcTimeout: ms(0) } },
  ],
  'rref.callbackRethrows': [{ breaks: 'P12', make: sharingAmongUsers, setting: refused }],
  'rref.destroyUnderLock': [{ breaks: 'P3', make: unreadReference, setting: {} }],
  'rref.failureNotRecorded': [
    { breaks: 'P3', make: sharingWithOwner, setting: lossy },
    { breaks: 'P3', make: unreadableCreation, setting: endless },
  ],
  'rref.fetchDoesNotPin': [{ breaks: 'P3', make: fetchInSweep, setting: endless }],
  'rref.forkOnAnyPickle': [{ breaks: 'P1', make: writtenReference, setting: {} }],
  'rref.noForkRollback': [
    { breaks: 'P1', make: sharingByOwner, setting: lossy },
    { breaks: 'P1', make: returnedReference, setting: lossy },
    { breaks: 'P1', make: unwritable, setting: {} },
    { breaks: 'P1', make: unreadable, setting: {} },
    { breaks: 'P1', make: missing, setting: {} },
  ],
  'rref.runUdfUnconfirmed': [{ breaks: 'S8', make: sharingAmongUsers, setting: {} }],
  'rref.staticErrorHandler': [
    { breaks: 'P16', make: twoCreations, setting: { faults: { early: 2 } } },
  ],
  'shutdown.drainBeforeClose': [{ breaks: 'P7', make: calledAtEnd, setting: {} }],
  'shutdown.intentNoLock': [{ breaks: 'P3', make: meeting, setting: unrepeated }],
  'shutdown.noWaitOwners': [
    { breaks: 'P2', make: readAtEnd, setting: {} },
    { breaks: 'P3', make: readAtEnd, setting: { rpcTimeout: ms(0) } },
    { breaks: 'P7', make: droppedBeforeEnd, setting: unretriedDelete },
  ],
  'shutdown.noWaitPending': [{ breaks: 'P1', make: unconfirmedAtEnd, setting: {} }],
  'term.lateReferenceNotCounted': [{ breaks: 'P7', make: createdAtEnd, setting: { poolSize: 2 } }],
  'term.handlerNotCounted': [
    // The function goes on while the members, who have agreed that all is over, meet for the last time.
    { breaks: 'P7', make: givenUpAtEnd, setting: { network: { latency: [ms(10)] }, poolSize: 2 } },
  ],
};

describe.each(Object.entries(cases))('the switch %s', (text, each) => {
  // cast -- the keys of the table
  const name = text as SwitchName;

  test.each(each)('breaks $breaks, and the protocol holds without it', (one) => {
    expect(brokenWith(one, { isOn: true, name, only: one.breaks })).toEqual([one.breaks]);
    expect(brokenWith(one, { isOn: false, name })).toEqual([]);
  });
});

const value = (): number => 42;

/** Worker 0 holds two references that it creates at one time. */
function twoCreations(setting: ClusterSetting): SystemDefinition {
  function* createTwo() {
    yield* rpc.remote('worker1', value, []);
    yield* rpc.remote('worker1', value, []);
    yield* rpc.sleep(1);
  }
  const functions = defineFunctions({ createTwo, value });
  const main = { worker0: functions.toCall('createTwo', []) };
  return cluster({ workers: 2, ...setting, functions, main });
}

/** All orders are to end alike. */
function oneEnd(setting: ClusterSetting): SystemDefinition {
  const end = agree('one end', (view) => String(workerAt(view, 'worker0')?.main.type));
  return { ...waitedForLater(setting), properties: [end] };
}

test.each([true, false])(
  'da.releaseIgnoresOpenCalls (%s) decides whether a call fails by the end of its context',
  (isOn) => {
    const one = { breaks: 'one end', make: oneEnd, setting: { poolSize: 2 } };
    const broken = brokenWith(one, { isOn, name: 'da.releaseIgnoresOpenCalls' });
    expect(broken).toEqual(isOn ? ['one end'] : []);
  },
);
