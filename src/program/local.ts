import type { Failure } from './failure.ts';
import type { Request } from './request.ts';

/** What a local request comes to, and the frame after it. */
export type LocalOutcome<Frame> =
  | { readonly frame: Frame; readonly answer: unknown }
  | { readonly frame: Frame; readonly thrown: Failure };

/**
 * Answers one type of request within the step: a pure function of the frame (plain data that belongs to
 * the running function, for instance the counters of autograd) and the request. It is asked again when
 * a history is replayed. Declared as a method, so that a handler may name the very request it takes.
 */
export type LocalHandler<Frame> = {
  handle(frame: Frame, request: Request): LocalOutcome<Frame>;
}['handle'];

/** The handlers of local requests by type; every other request is remote, and leaves the actor. */
export type LocalTable<Frame> = Readonly<Record<string, LocalHandler<Frame>>>;
