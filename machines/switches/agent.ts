import { historic, live } from './switch.ts';

/** The agent, futures and the interpreter lock. */
export const agentSwitches = {
  'agent.countBeforeWriteNoGuard': historic('a call whose send fails stays counted as active'),
  'agent.decrementAfterCallbacks': live(
    'a call is counted down after its callbacks, and not if one of them raises',
  ),
  'agent.decrementFirst': historic(
    'a call is counted down before its callbacks, which may make further calls',
  ),
  'agent.errorFlushOnce': historic('a failed pipe is reported twice to its calls'),
  'agent.inlineCallbacksUnderLock': historic(
    'connecting runs callbacks while the tables are locked',
  ),
  'agent.keepsTimedOutCalls': live(
    'a call that timed out stays in the table until its answer comes, which may be never',
  ),
  'agent.noCompleteOnce': historic('a time-out and a late answer both complete the same call'),
  'agent.noReconnect': live('a broken pipe stays broken, also after its peer is back'),
  'agent.registerBeforeCount': live('a send that fails leaves its call registered but not counted'),
  'agent.retryCheckThenAct': live(
    'a retry is put in the map although the agent has stopped meanwhile',
  ),
  'agent.retryThrowsAfterStop': historic('a retry on an agent that has stopped ends the process'),
  'agent.serializeMovesPayload': live(
    'the first attempt takes the body of a message along: retries come without it',
  ),
  'agent.servesTwice': live('a request that comes twice is served twice'),
  'agent.timerByCaptureId': historic(
    'an answer cancels the time-out of the call that was made last',
  ),
  'agent.waitKeepsThread': live(
    'a function that waits keeps its thread of the pool, which what it waits for may need',
  ),
  'agent.watchdogDead': historic('the thread of the time-outs never finds one due'),
  'future.checkThenAct': historic(
    'a future is seen incomplete in one section and gets its callback in the next',
  ),
  'future.swallowCallbackErrors': live('an error in a done callback is logged and reaches nobody'),
  'lock.gilHeldWhileWaiting': historic('user code that waits keeps the lock of the interpreter'),
  'profiler.noStreams': live(
    'a request that is recorded works on the default streams, which wait for nothing',
  ),
  'profiler.keyOutlivesError': live(
    'the name of a recorded call is kept for ever where no answer brings its events',
  ),
} as const;
