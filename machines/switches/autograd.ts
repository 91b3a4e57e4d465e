import { historic, live, reported } from './switch.ts';

/** Distributed autograd and the engines. */
export const autogradSwitches = {
  'da.cleanupUnknownIsNoop': live(
    'the end of an unknown context is forgotten, although a call of it may follow',
  ),
  'da.contextNotRefcounted': historic(
    'the end of a context frees what its backward pass still uses',
  ),
  'da.createOnResponse': live('a late answer makes a context anew that is over'),
  'da.noContextInContinuation': historic(
    'what runs after a wait is in no context, or in that of another request',
  ),
  'da.noLease': live('the contexts of a worker that died are never released'),
  'da.rawContextInCallback': live('the callback of a gradient uses its context without holding it'),
  'da.releaseIgnoresOpenCalls': live('a context may be released while calls of it are under way'),
  'da.reusesIds': live(
    'a worker that starts again gives out the ids of contexts and messages of its life before',
  ),
  'de.blockingGradientHandler': historic(
    'a gradient occupies a thread of the pool until its pass is over',
  ),
  'de.cleanupNotAtomic': live('others may come between the three sections of a clean-up'),
  'de.completeBeforeAccumulate': historic(
    'a pass is reported complete before its gradients are stored',
  ),
  'de.errorToCurrentTask': live('the late error of an earlier pass fails the pass that runs now'),
  'de.launchNotAtomic': live(
    'a pass is marked in one section and forgets earlier gradients in the next',
  ),
  'de.noContinuationThread': historic(
    'what goes back from a device to the CPU is queued for no thread',
  ),
  'de.passOutlivesContext': live(
    'a pass that waits for a gradient goes on waiting after the end of its context',
  ),
  'de.restartAfterFailure': live(
    'a late gradient of a failed pass begins a new one that cannot end',
  ),
  'engine.accumulateNoLock': historic('two passes add to one leaf and one sum is lost'),
  'engine.decrementThenRead': historic(
    'two threads see the count at zero, and both wake the owner',
  ),
  'engine.flagMeansDone': historic(
    'a thread returns on seeing the flag, before the result is there',
  ),
  'engine.globalCallbacks': historic('all passes share one list of final callbacks'),
  'engine.moveThenComplete': historic(
    'gradients are moved out before it is known who completes the pass',
  ),
  'engine.noReentrantLoop': historic('a backward pass within another waits for its own thread'),
  'engine.notifyUnlocked': historic('a wake-up without the lock can be missed'),
  'engine.publishBeforeInit': historic('a graph task can be seen before its fields are set'),
  'engine.staleTopoNr': reported('the depth of a node is read while another thread writes it'),
} as const;
