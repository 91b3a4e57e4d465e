/**
 * Leases of autograd contexts. In PyTorch a worker keeps the context of a peer until it is told of its end, which
 * one that crashed tells nobody. Without the switch it asks whoever made the context, with ever longer waits while
 * nothing happens in it; not for ever, so that what is stuck comes to rest. Any other answer than that the
 * context is there ends it here, with its pass.
 *
 * @see PyTorch, issue 26379; the leases of Java's RMI.
 */
import {
  deleteIn,
  emptyMap,
  getIn,
  keysOf,
  setIn,
  sizeOf,
} from '../../../src/core/persistent-map.ts';
import type { PersistentMap } from '../../../src/core/persistent-map.ts';
import type { AutogradContext } from '../../autograd/container.ts';
import { findContext } from '../../autograd/container.ts';
import { idInKey, keyOf, makerOf } from '../../autograd/ids.ts';
import { forgetContext } from '../../autograd/lifetime.ts';
import type { AutogradContextId } from '../../engine/ids.ts';
import { isOn } from '../../switches/switches.ts';
import { addressById } from '../agent/directory.ts';
import type { LeaseAutogradContextReq, Request } from '../agent/messages.ts';
import { reply } from '../agent/reply.ts';
import { send } from '../agent/send.ts';
import type { WorkerContext } from '../context.ts';
import type { Part, Step } from '../step.ts';
import { andThen, stepOf } from '../step.ts';
import { applyAutograd } from './autograd-effects.ts';
import { rememberEnd } from './ended-contexts.ts';

/** How often in a row the maker of a context was asked; by `keyOf` the context. */
export type Leases = PersistentMap<number>;

/**
 * How many time-outs of a call pass before each question in a row: more than one, so that calls of a peer that
 * crashed have ended by then; with PyTorch's default of a minute the last comes after half an hour.
 */
const waitsInTimeouts: readonly number[] = [2, 4, 8, 16];
const defaultTimeoutMs = 60_000;

/** Begins a lease with each context of a peer that was made in this step; whatever happens in one renews it. */
export function tendLeases(before: WorkerContext, step: Step): Step {
  const { contexts: old } = before.autograd;
  const { contexts, workerId } = step.context.autograd;
  if (old === contexts || isOn(before.switches, 'da.noLease')) return step;
  return [...new Set([...keysOf(old), ...keysOf(contexts)])]
    .filter((key) => makerOf(idInKey(key)) !== workerId)
    .reduce((now, key) => andThen(now, tend(getIn(old, key), getIn(contexts, key))), step);
}

/** A lease is over: whoever made the context is asked, if it is still known. */
export function askMaker(context: WorkerContext, { contextId }: OfContext): Step {
  if (findContext(context.autograd, contextId) === undefined) return stepOf(context);
  const to = makerOf(contextId);
  if (addressById(context.directory, to) === undefined) return expire(context, { contextId });
  const leases = setIn(leasesOf(context), keyOf(contextId), askedFor(context, contextId) + 1);
  return send(
    { ...context, leases },
    {
      body: { type: 'LEASE_AUTOGRAD_CONTEXT_REQ', contextId },
      continuation: { type: 'lease-answered', contextId },
      timeoutMs: timeoutMsOf(context),
      to,
    },
  );
}

/** Says whether a context is there. That takes no thread of the pool, nor does it matter how often. */
export function answerLease(
  context: WorkerContext,
  request: LeaseAutogradContextReq & Request,
): Step {
  const isHeld = findContext(context.autograd, request.contextId) !== undefined;
  const body = { type: 'LEASE_AUTOGRAD_CONTEXT_RESP', isHeld } as const;
  return stepOf(context, reply(context, { body, request }));
}

/** The maker of a context has answered, or did not. */
export function settleLease(
  context: WorkerContext,
  { contextId, isHeld }: OfContext & { readonly isHeld: boolean },
): Step {
  if (findContext(context.autograd, contextId) === undefined) return stepOf(context);
  if (!isHeld) return expire(context, { contextId });
  const asked = askedFor(context, contextId);
  // If something happened in it meanwhile, its lease has begun anew.
  return asked === 0 ? stepOf(context) : begin(contextId, asked)(context);
}

interface OfContext {
  readonly contextId: AutogradContextId;
}

function tend(old: AutogradContext | undefined, context: AutogradContext | undefined): Part {
  const contextId = (context ?? old)?.contextId;
  if (contextId === undefined || old === context) return stepOf;
  if (old === undefined) return begin(contextId, 0);
  if (context === undefined) return end(contextId);
  return (now) =>
    askedFor(now, contextId) === 0
      ? stepOf(now)
      : andThen(end(contextId)(now), begin(contextId, 0));
}

function begin(contextId: AutogradContextId, asked: number): Part {
  const timeouts = waitsInTimeouts[asked];
  if (timeouts === undefined) return stepOf;
  return (context) =>
    stepOf(context, {
      type: 'timer.set',
      delayMs: timeouts * timeoutMsOf(context),
      event: { type: 'lease.over', contextId },
      id: leaseId(contextId),
    });
}

function end(contextId: AutogradContextId): Part {
  return ({ leases: asked = emptyMap(), ...context }) => {
    const leases = deleteIn(asked, keyOf(contextId));
    return stepOf(sizeOf(leases) === 0 ? context : { ...context, leases }, {
      type: 'timer.cancelled',
      id: leaseId(contextId),
    });
  };
}

function expire(context: WorkerContext, { contextId }: OfContext): Step {
  return applyAutograd(rememberEnd(context, contextId), forgetContext(context.autograd, contextId));
}

function leasesOf({ leases = emptyMap() }: Pick<WorkerContext, 'leases'>): Leases {
  return leases;
}

function askedFor(context: WorkerContext, contextId: AutogradContextId): number {
  return getIn(leasesOf(context), keyOf(contextId)) ?? 0;
}

/** Where calls wait without end, a lease is as long as by default. */
function timeoutMsOf({ agent }: WorkerContext): number {
  return agent.defaultTimeoutMs === 0 ? defaultTimeoutMs : agent.defaultTimeoutMs;
}

function leaseId(contextId: AutogradContextId): string {
  return `lease-${contextId}`;
}
