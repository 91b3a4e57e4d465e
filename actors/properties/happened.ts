/**
 * What invariants have to know of the past. It changes where something goes wrong or an id dies, so it
 * sets few worlds apart that are not apart anyway.
 */
import type { Fact, Monitor, View } from '../../src/index.ts';
import { unreachable } from '../../src/index.ts';
import { isInternalError } from './internal-errors.ts';

/** The past of a cluster. */
export interface Happened {
  /** The workers that were down at some time, in the order in which they crashed. */
  readonly crashed: readonly string[];
  /** The references whose owner let go of them, in alphabetical order. */
  readonly dropped: readonly string[];
  /** Whether a message was lost on its way. */
  readonly isLossy: boolean;
  /** The first thing that framework code never does; empty if none. */
  readonly mishap: string;
  /** The gather that somebody left without what all members brought, if there was one. */
  readonly torn?: string;
}

const name = 'orrery.rpc';

/** Notes the past of a cluster. */
export const happenedMonitor: Monitor = {
  facts: ['emitted', 'failed', 'lost', 'sent', 'stopped'],
  initial: { crashed: [], dropped: [], isLossy: false, mishap: '' } satisfies Happened,
  name,
  step,
};

/** What has happened so far. */
export function happenedIn(view: View): Happened {
  // cast -- the state of this monitor
  return view.monitor(name) as Happened;
}

function step(happened: Happened, fact: Fact): Happened {
  switch (fact.type) {
    case 'stopped':
      return isWorker(fact.actor) ? withCrash(happened, fact.actor) : happened;
    case 'lost':
      return happened.isLossy ? happened : { ...happened, isLossy: true };
    case 'failed':
      return withMishap(happened, `${fact.actor} failed: ${String(fact.error)}`);
    case 'sent':
      return afterSending(happened, fact.event);
    case 'emitted':
      return afterAnnouncement(happened, fact.event);
    case 'received':
    case 'started':
      return happened;
    default:
      return unreachable(fact);
  }
}

/** An answer, to a peer or to a function of user code, that says that the framework itself is at fault. */
function afterSending(happened: Happened, event: Announcement): Happened {
  const text = errorIn(event);
  return text !== undefined && isInternalError(text) ? withMishap(happened, text) : happened;
}

function errorIn(event: Announcement): string | undefined {
  switch (event.type) {
    case 'EXCEPTION':
      return typeof event.payload === 'string' ? event.payload : undefined;
    case 'request.failed':
      return event.error?.message;
    default:
      // What is sent is open.
      return undefined;
  }
}

interface Announcement {
  readonly [key: string]: unknown;
  readonly error?: { readonly message: string };
  readonly payload?: unknown;
  readonly type: string;
}

/**
 * What a callback throws reaches nobody, and the thread that sends again ends the process with what a
 * callback throws there.
 *
 * @see PyTorch, `rref_context.cpp`, `handleException`; `rpc_agent.cpp`, `retryExpiredRpcs`.
 */
function afterAnnouncement(happened: Happened, event: Announcement): Happened {
  switch (event.type) {
    case 'callback.threw':
      return withMishap(happened, `a callback threw: ${String(event['message'])}`);
    case 'gather.torn':
      return happened.torn === undefined ? { ...happened, torn: String(event['id']) } : happened;
    case 'framework.failed':
      return withMishap(happened, String(event['message']));
    case 'rref.dropped':
      return withDropped(happened, String(event['rrefId']));
    default:
      // What machines announce is open.
      return happened;
  }
}

function isWorker(address: string): boolean {
  return !address.includes('/');
}

function withCrash(happened: Happened, worker: string): Happened {
  const { crashed } = happened;
  return crashed.includes(worker) ? happened : { ...happened, crashed: [...crashed, worker] };
}

function withDropped(happened: Happened, rrefId: string): Happened {
  const { dropped } = happened;
  return dropped.includes(rrefId)
    ? happened
    : { ...happened, dropped: [...dropped, rrefId].toSorted() };
}

function withMishap(happened: Happened, mishap: string): Happened {
  return happened.mishap === '' ? { ...happened, mishap } : happened;
}
