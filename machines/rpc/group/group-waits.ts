/** What threads wait for at start-up, in collectives and at shutdown. */
import { deleteIn, setIn, valuesOf } from '../../../src/core/persistent-map.ts';
import type { GroupWait } from '../../group/group.ts';
import { isOn } from '../../switches/switches.ts';
import type { WorkerContext } from '../context.ts';
import type { Step } from '../step.ts';
import { stepOf } from '../step.ts';

/** A thread and what it waits for. */
export interface Waiting {
  readonly thread: string;
  /** Without end if it is 0 or absent. */
  readonly timeoutMs?: number | undefined;
  readonly wait: GroupWait;
}

/** The thread waits. */
export function awaitGroup(context: WorkerContext, { thread, timeoutMs = 0, wait }: Waiting): Step {
  const { group } = context;
  const waiting = {
    ...context,
    group: { ...group, waits: setIn(group.waits, thread, wait) },
  };
  if (timeoutMs === 0) return stepOf(waiting);
  return stepOf(waiting, {
    type: 'timer.set',
    delayMs: Math.max(0, timeoutMs),
    event: { type: 'group.timed-out', thread },
    id: groupTimerId(thread),
  });
}

/** The wait of a thread is over, whoever ends it. */
export function endWait(context: WorkerContext, thread: string): Step {
  const { group } = context;
  const ended = { ...context, group: { ...group, waits: deleteIn(group.waits, thread) } };
  return stepOf(ended, { type: 'timer.cancelled', id: groupTimerId(thread) });
}

// PyTorch's default of a call, for who has none.
const patienceMsDefault = 60_000;

/**
 * How long a member waits for others before it looks whether they are there, in milliseconds; 0 if it never does.
 */
export function patienceMs({ agent, switches }: WorkerContext): number {
  if (isOn(switches, 'shutdown.noFailureDetection')) return 0;
  return agent.defaultTimeoutMs === 0 ? patienceMsDefault : agent.defaultTimeoutMs;
}

/**
 * How many calls of the process are not over: those that were sent, those that wait to be sent again, those that
 * its functions may still make though nobody waits for them, and those of the thread that ended an autograd
 * context, which PyTorch makes before that goes on.
 *
 * @see PyTorch, `tensorpipe_agent.cpp`, `clientActiveCalls_`; the queues of `process_group_agent.cpp`.
 */
export function activeCalls(context: WorkerContext): number {
  const { agent, group, pool, switches } = context;
  if (isOn(switches, 'term.queueEmptyMeansIdle')) return pool.queue.length;
  const retries = isOn(switches, 'term.retryNotCounted') ? 0 : agent.retrying;
  const forNobody = isOn(switches, 'term.handlerNotCounted') ? 0 : runningForNobody(context);
  return agent.clientActiveCalls + retries + forNobody + (group.untold ?? 0);
}

/** How many functions run whose callers have given them up. */
function runningForNobody({ threads }: WorkerContext): number {
  return valuesOf(threads).filter(
    ({ isCalledOff, result }) => isCalledOff === true && result === undefined,
  ).length;
}

function groupTimerId(thread: string): string {
  return `group-${thread}`;
}
