/** What the messages and the work of a worker mean, by their types, for whoever reads the story of an exhibit. */
export const rpcMeanings: Readonly<Record<string, string>> = {
  BACKWARD_AUTOGRAD_REQ: '{from} sends {to} a gradient',
  BACKWARD_AUTOGRAD_RESP: '{from} tells {to} that its part of the pass is over',
  CALL_OFF_REQ: '{from} tells {to} that it has given a call up',
  CALL_OFF_RESP: '{from} has noted that the call was given up',
  CLEANUP_AUTOGRAD_CONTEXT_REQ: '{from} tells {to} that an autograd context is over',
  CLEANUP_AUTOGRAD_CONTEXT_RESP: '{from} has forgotten the autograd context',
  EXCEPTION: '{from} answers {to} with an error',
  FORWARD_AUTOGRAD_REQ: '{from} calls a function on {to} in an autograd context',
  FORWARD_AUTOGRAD_RESP: '{from} answers {to}, in the autograd context',
  PYTHON_CALL: '{from} calls a function on {to}',
  PYTHON_REMOTE_CALL: '{from} asks {to} to make a value and keep it',
  PYTHON_RREF_FETCH_CALL: '{from} asks {to} for the value of a reference',
  PYTHON_RREF_FETCH_RET: '{from} sends {to} the value of a reference',
  PYTHON_RET: '{from} answers {to}',
  REMOTE_RET: '{from} tells {to} that the value was made',
  RREF_ACK: '{from} acknowledges to {to}',
  RREF_CHILD_ACCEPT: '{from} tells {to} that its copy of the reference is confirmed',
  RREF_FORK_REQUEST: '{from} asks the owner {to} to note its copy of the reference',
  RREF_USER_DELETE: '{from} tells the owner {to} that its copy of the reference is gone',
  SCRIPT_CALL: '{from} runs an operator on {to}',
  SCRIPT_REMOTE_CALL: '{from} asks {to} to run an operator and keep the result',
  'call.timed-out': 'a call of {at} times out',
  'future.done': 'a future of {at} is completed',
  'function.resumed': 'a function on {at} goes on',
  'gather.begin': '{at} begins a gather',
  'handle.dropped': 'a handle of {at} is gone',
  'owner-fork.added': '{at} gives its OwnerRRef the value',
  'owner-rref.created': '{at} notes the copy of who asked for the value',
  'owner-rref.found': '{at} finds the OwnerRRef that was asked for',
  'owner-value.found': '{at} finds the value that was asked for',
  'owner-value.set': '{at} answers that the value was made',
  'remote-call.ran': 'the function that makes a value on {at} has ended',
  'request.answered': 'a program on {at} goes on',
  'request.failed': '{at} answers with an error',
  'request.made': 'a program on {at} asks for something',
  'request.raised': 'a program on {at} gets an error',
  'request.ready': 'all that a request to {at} waited for is there',
  'request.taken': 'a thread of {at} takes a request',
  'response.taken': 'a thread of {at} ends a call: its callbacks run',
  'retry.due': '{at} sends a message again',
  'store.answered': 'the store answers {to}',
  'store.asked': '{from} asks the store',
  'sweep.timed-out': '{at} waits no longer for references to be deleted',
  'sweep.users-deleted': '{at} has deleted all its references',
  'thread.woke': 'a thread of {at} has slept enough',
  'user-rref.deleted': '{at} has forgotten its reference',
  'user-rref.unreferenced': 'nobody on {at} uses the reference any more: it is deleted',
};

/** What the messages of `systems/ray-borrowers.ts` mean, for the stories of its exhibits. */
export const rayBorrowersMeanings: Readonly<Record<string, string>> = {
  'object.lent': 'the program of {at} lends the object',
  'object.dropped': 'the program of {at} drops the object',
  'process.killed': '{at} is killed',
  'process.died': 'the owner hears that {from} has died',
  'borrow.given': '{from} gives {to} a reference',
  'borrow.kept': '{from} tells {to} that it keeps the reference',
  'removal.awaited': 'the owner asks {to} to say when it has dropped the object',
  'removal.told': '{from} tells the owner that it has dropped the object',
  'borrow.registered': '{from} asks the owner to list it',
  'borrow.accepted': 'the owner has listed {to}',
  'borrow.refused': 'the owner tells {to} that the object is gone',
  'borrow.settled': '{from} tells {to} that it is listed',
};

/** What the messages of `protocols/reference-listing.ts` mean, for the stories of its exhibits. */
export const referenceListingMeanings: Readonly<Record<string, string>> = {
  'reference.lent': '{at} lends its reference',
  'reference.dropped': '{at} drops its reference',
  'reference.copy': '{from} sends {to} a reference',
  'listing.enter': '{from} asks the owner to list it',
  'listing.entered': 'the owner has listed {to}',
  'listing.leave': '{from} asks the owner to strike it off',
  'listing.left': 'the owner has struck {to} off',
  'reference.confirmed': '{from} tells {to} that it is listed',
};

/** What the messages of `systems/akka-watch.ts` mean, for the stories of its exhibits. */
export const akkaWatchMeanings: Readonly<Record<string, string>> = {
  'child.wanted': 'the name is to be given',
  'child.introduced': 'the watcher is told who has the name',
  watch: 'the watcher watches who has the name',
  terminated: 'the watcher hears that somebody of that name has stopped',
  'xstate.after.life.akka-parent.taken': 'who has the name stops',
};

/** What the messages of `systems/erlang-call.ts` mean, for the stories of its exhibits. */
export const erlangCallMeanings: Readonly<Record<string, string>> = {
  'call.wanted': 'the program of {at} calls',
  'gen.call': '{from} asks {to}',
  'gen.reply': '{from} replies to {to}',
  'xstate.after.patience.erlang-client.waiting': 'the call times out',
};
