import { historic, live } from './switch.ts';

/** How references are counted. */
export const rrefSwitches = {
  'rref.assertOnDuplicate': historic('a control message that comes twice is an error'),
  'rref.blockOnMissingOwner': historic(
    'a fetch of what does not exist yet keeps its thread of the pool',
  ),
  'rref.callbackRethrows': live(
    'a callback raises the error of its call, so what should follow it is skipped',
  ),
  'rref.contextSurvivesShutdown': live(
    'after a second start references use the agent that was stopped, and are never deleted',
  ),
  'rref.createForkNotAtomic': live(
    'a remote call makes its OwnerRRef in one section and registers the fork in the next',
  ),
  'rref.deleteUnknownForkIsNoop': live(
    'the delete of an unknown fork is forgotten, although its creation may follow',
  ),
  'rref.destroyUnderLock': historic(
    'the last handle to a value is dropped while the tables are locked',
  ),
  'rref.erasesUncreatedOwners': live(
    'the last fork takes along an OwnerRRef whose value somebody still waits for',
  ),
  'rref.failureNotRecorded': live(
    'an owner forgets that a creation failed, so who fetches waits for ever',
  ),
  'rref.fetchDoesNotPin': live(
    'a fetch under way does not hold the value, so a delete may come first',
  ),
  'rref.forkOnAnyPickle': historic(
    'pickling takes a fork also where nothing is sent, and nobody deletes it',
  ),
  'rref.noForkRollback': live('the forks that a failed or lost message took are never given back'),
  'rref.noTombstones': live(
    'a deleted fork is forgotten, so a late copy of its request revives it',
  ),
  'rref.ownerForkUnflagged': live(
    'a fork that came from its owner never says that it is confirmed, though it is',
  ),
  'rref.ownerForkUntracked': historic(
    'a fork that came from its owner is not deleted by the sweep at shutdown',
  ),
  'rref.runUdfUnconfirmed': historic(
    'a function runs before the owners know the references in its arguments',
  ),
  'rref.selfRemoteRequiresOwner': live(
    'a remote call to oneself asserts that its OwnerRRef is there, also after a time-out',
  ),
  'rref.staticErrorHandler': live(
    'every failed creation is recorded on the first reference that ever failed',
  ),
} as const;
