/** Waits are looked at after each section: threads go on whose waits are over. */
import { unreachable } from '../../../src/core/errors.ts';
import { getIn, keysOf, sizeOf } from '../../../src/core/persistent-map.ts';
import type { GroupWait } from '../../group/group.ts';
import type { WorkerContext } from '../context.ts';
import type { Outcome } from '../futures/futures.ts';
import { answer } from '../futures/futures.ts';
import type { Step } from '../step.ts';
import { andThen, queueWork, stepOf } from '../step.ts';
import { isGatherOver, leaveGather } from './gathers.ts';
import { activeCalls, endWait } from './group-waits.ts';

const nothing: Outcome = { type: 'returned', value: undefined };

/** Lets threads go on whose waits are over after this step. */
export function advanceGroup(step: Step): Step {
  if (sizeOf(step.context.group.waits) === 0) return step;
  return keysOf(step.context.group.waits).reduce((now, thread) => {
    const wait = getIn(now.context.group.waits, thread);
    if (wait === undefined || !isOver(now.context, wait)) return now;
    return andThen(now, (context) => proceed(context, { thread, wait }));
  }, step);
}

function isOver(context: WorkerContext, wait: GroupWait): boolean {
  const { agent, pool } = context;
  switch (wait.type) {
    case 'calls':
      return activeCalls(context) === 0;
    case 'calls-and-handlers':
      return activeCalls(context) + agent.serverActiveCalls === 0;
    case 'drained':
    case 'drained-first':
      return pool.running + pool.queue.length === 0;
    case 'gathered':
    case 'reported':
      return isGatherOver(context, wait);
    case 'store':
      return false;
    default:
      return unreachable(wait);
  }
}

interface Over {
  readonly thread: string;
  readonly wait: GroupWait;
}

function proceed(context: WorkerContext, { thread, wait }: Over): Step {
  const ended = endWait(context, thread);
  switch (wait.type) {
    case 'drained':
      return andThen(
        ended,
        (now) => stepOf({ ...now, group: { ...now.group, phase: 'stopped' } }),
        (now) => answer(now, { outcome: nothing, thread }),
      );
    case 'drained-first':
      // Requests that come before the next section are taken.
      return andThen(ended, queueWork({ type: 'pool.drained', thread }));
    case 'gathered':
      return andThen(ended, (now) => leaveGather(now, { thread, wait }));
    case 'calls':
    case 'calls-and-handlers':
    case 'reported':
    case 'store':
      return andThen(ended, (now) => answer(now, { outcome: nothing, thread }));
    default:
      return unreachable(wait);
  }
}
