import { invariant, unreachable } from '../../../src/core/errors.ts';
import { deleteIn, hasIn } from '../../../src/core/persistent-map.ts';
import type { RRefEffect, Waiter } from '../../rref/effects.ts';
import { holdHandle } from '../../rref/handles.ts';
import type { OwnerKey, RRefId } from '../../rref/ids.ts';
import type { Done } from '../../rref/tables.ts';
import { sendWithRetries } from '../agent/send.ts';
import type { WorkerContext } from '../context.ts';
import { forgetOwnerReadiness } from '../devices/thread-streams.ts';
import { forgetCreation } from '../profiling/profiling.ts';
import type { Step } from '../step.ts';
import { andThen, queueWork, stepOf } from '../step.ts';
import { giveHandles, releaseIn } from '../threads/holding.ts';
import { putThread, threadOf } from '../threads/thread.ts';

/** How often PyTorch sends a message of the reference protocol again. */
const controlRetriesMax = 5;

/**
 * The worker after an operation on its reference tables, with what the operation asks for.
 *
 * @param parentId the worker of the parent, where the operation asks the owner about a fork.
 */
export function applyRRefs(context: WorkerContext, done: Done, parentId?: number): Step {
  return done.effects.reduce<Step>(
    (step, effect) => andThen(step, (now) => applyEffect(now, effect, parentId)),
    stepOf({ ...context, rrefs: done.tables }),
  );
}

function applyEffect(context: WorkerContext, effect: RRefEffect, parentId?: number): Step {
  switch (effect.type) {
    case 'control.sent':
      return sendWithRetries(context, {
        body: effect.message,
        maxRetries: controlRetriesMax,
        ...(parentId === undefined ? {} : { parentId }),
        retryCount: 0,
        to: effect.to,
      });
    case 'user.confirmed':
      return effect.waiters.reduce<Step>(
        (step, waiter) => andThen(step, (now) => confirmOne(now, waiter)),
        stepOf(context),
      );
    case 'user.refused':
      return effect.waiters.reduce<Step>(
        (step, waiter) => andThen(step, (now) => refuseOne(now, { ...effect, waiter })),
        stepOf(context),
      );
    case 'user.unreferenced':
      return queueWork({ type: 'user-rref.unreferenced', forkId: effect.forkId })(context);
    case 'owner.available':
      return wake(context, { ...effect, type: 'owner-rref.found' });
    case 'value.available':
      return wake(context, { ...effect, type: 'owner-value.found' });
    case 'owner.dropped': {
      const creationErrors = deleteIn(context.creationErrors, effect.owner);
      const forgotten = forgetOwnerReadiness(
        forgetCreation({ ...context, creationErrors }, effect.owner),
        effect.owner,
      );
      return andThen(releaseIn(forgotten, effect.value), (now) => announceDrop(now, effect.rrefId));
    }
    default:
      return unreachable(effect);
  }
}

/** An owner may hold a second object of one name; only the last one is the end of the reference. */
function announceDrop(context: WorkerContext, rrefId: RRefId): Step {
  return hasIn(context.rrefs.owners, rrefId)
    ? stepOf(context)
    : stepOf(context, { type: 'announced', announcement: { type: 'rref.dropped', rrefId } });
}

/** One reference less that the request has to wait for. */
function confirmOne(context: WorkerContext, waiter: Waiter): Step {
  const thread = threadOf(context, waiter);
  invariant(
    thread.unconfirmed > 0,
    'rpc/uneven-count',
    `Thread "${waiter}" of ${context.name} waits for no reference, but one was confirmed.`,
  );
  const unconfirmed = thread.unconfirmed - 1;
  const after = putThread(context, { ...thread, unconfirmed });
  return unconfirmed > 0
    ? stepOf(after)
    : queueWork({ type: 'request.ready', thread: waiter })(after);
}

/** The request cannot run; it is answered once it waits for no other reference. */
function refuseOne(
  context: WorkerContext,
  { message, waiter }: { readonly message: string; readonly waiter: Waiter },
): Step {
  const refused = putThread(context, { ...threadOf(context, waiter), refusal: message });
  return confirmOne(refused, waiter);
}

interface Wakening {
  readonly type: 'owner-rref.found' | 'owner-value.found';
  readonly owner: OwnerKey;
  readonly waiters: readonly Waiter[];
}

/** Who waited goes on in a step of its own, and holds the OwnerRRef until then. */
function wake(context: WorkerContext, { owner, type, waiters }: Wakening): Step {
  return waiters.reduce<Step>(
    (step, thread) =>
      andThen(step, (now) => {
        const held = { ...now, rrefs: holdHandle(now.rrefs, owner).tables };
        const given = giveHandles(held, { keys: [owner], thread });
        return queueWork({ type, owner, thread })(given);
      }),
    stepOf(context),
  );
}
