import { getIn } from '../../../src/core/persistent-map.ts';
import { stopWaiting } from '../../rref/owners.ts';
import type { WorkerContext } from '../context.ts';
import { isFetch } from '../references/fetch.ts';
import { declineForks, takeBackAnswer } from '../references/unclaimed-forks.ts';
import { recordFailure } from '../serving/failed-creations.ts';
import { respondCalledOff } from '../serving/respond.ts';
import type { Step } from '../step.ts';
import { andThen, stepOf } from '../step.ts';
import { putThread } from '../threads/thread.ts';
import { innerOf } from './inner-request.ts';
import type { CallOffReq, Frame } from './messages.ts';
import { reply } from './reply.ts';
import { nameRequest } from './request-names.ts';

/** A call off on its way. */
export type ReceivedCallOff = CallOffReq & Frame;

/**
 * A caller gave a call up. If the request never came, it is not served when it does, and what it would have
 * brought about ends here; if it was served, its answer is not read; if it still waits, it need not. All that
 * takes no thread of the pool, and a second time nothing happens.
 */
export function serveCallOff(context: WorkerContext, request: ReceivedCallOff): Step {
  const { call: id, from, fromLife, replyTo } = request;
  const caller = {
    from,
    ...(fromLife === undefined ? {} : { fromLife }),
    ...(replyTo === undefined ? {} : { replyTo }),
  };
  const { firstName, isFirst, served } = nameRequest(context, { id, ...caller });
  const calledOff = isFirst
    ? forgoRequest({ ...context, served }, request)
    : andThen(takeBackAnswer(context, firstName), (now) => callOffThread(now, firstName));
  return andThen(calledOff, (now) =>
    stepOf(now, reply(now, { body: { type: 'CALL_OFF_RESP' }, request })),
  );
}

/** The request will not be served any more. */
function forgoRequest(context: WorkerContext, { creates: created, forks }: CallOffReq): Step {
  return andThen(declineForks(context, forks), (now) =>
    created === undefined ? stepOf(now) : recordFailure(now, { created, message: lostText }),
  );
}

const lostText = 'The call that was to create the RRef was given up before it was served.';

/** A handler that waits for an OwnerRRef or its value ends; any other one answers without a value. */
function callOffThread(context: WorkerContext, name: string): Step {
  const thread = getIn(context.threads, name);
  if (thread?.request === undefined) return stepOf(context);
  const off = putThread(context, { ...thread, isCalledOff: true });
  const body = innerOf(thread.request);
  if (!('rrefId' in body) || !isFetch(body)) return stepOf(off);
  const { tables, wasWaiting } = stopWaiting(off.rrefs, { rrefId: body.rrefId, waiter: name });
  return wasWaiting ? respondCalledOff({ ...off, rrefs: tables }, name) : stepOf(off);
}
