import type { PersistentMap } from '../../../src/core/persistent-map.ts';
import type { WorkerContext } from '../context.ts';
import type { Asked, CallRequest } from '../user/user-request.ts';

/** The workers that are connected, and who holds the lock of the tables to connect to one more. */
export interface Connecting {
  readonly connected: PersistentMap<true>;
  /** The thread that holds the lock. */
  readonly holder?: string;
  /** Whether that thread waits for the lock itself, in a callback that the transport ran on it. */
  readonly isStuck?: true;
  /** The calls that wait for the lock. */
  readonly waiting: readonly Asked<CallRequest>[];
}

/** The worker whose transport runs a callback on the thread that connects, if one does: it waits for itself. */
export function runInline(context: WorkerContext): WorkerContext | undefined {
  const { agent } = context;
  if (agent.connecting?.holder === undefined) return undefined;
  return { ...context, agent: { ...agent, connecting: { ...agent.connecting, isStuck: true } } };
}
