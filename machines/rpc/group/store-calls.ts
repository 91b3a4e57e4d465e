/**
 * The store, as a process asks it. While the sum of all active calls is made, no call may begin.
 *
 * @see PyTorch, `tensorpipe_agent.cpp`, `TensorPipeAgent::join`; `agent_utils.cpp`, `syncCallCount`.
 */
import { invariant } from '../../../src/core/errors.ts';
import { getIn, keysOf } from '../../../src/core/persistent-map.ts';
import type { StoreUse } from '../../group/group.ts';
import type { StoreRequest } from '../../group/store-requests.ts';
import { lateForks } from '../../rref/deletion.ts';
import { isOn } from '../../switches/switches.ts';
import { peersOf } from '../agent/directory.ts';
import type { WorkerContext } from '../context.ts';
import type { Outcome } from '../futures/futures.ts';
import { answer } from '../futures/futures.ts';
import type { Step } from '../step.ts';
import { andThen, stepOf } from '../step.ts';
import { runtimeError } from '../user/failure.ts';
import { timeOutGather } from './gathers.ts';
import type { Activity } from './group-request.ts';
import { activeCalls, awaitGroup, endWait, patienceMs } from './group-waits.ts';

/** How often others may be looked for before somebody who waits at the store gives up. */
const looksMax = 10;

/** An operation of the store that a thread waits for. */
export interface StoreCall {
  readonly request: StoreRequest;
  readonly thread: string;
  /** How long it waits; as long as the group says unless given. */
  readonly timeoutMs?: number;
  readonly use?: StoreUse;
}

/** Asks the store; the thread goes on with the answer. */
export function callStore(context: WorkerContext, call: StoreCall): Step {
  const { request, thread, timeoutMs = context.group.storeTimeoutMs, use = 'value' } = call;
  const { group, lives } = context;
  const id = `${context.name}-${lives}-${group.storeCalls}`;
  const counted = { ...context, group: { ...group, storeCalls: group.storeCalls + 1 } };
  const isBlocking = request.type === 'arrive' || 'keys' in request;
  return andThen(
    awaitGroup(counted, {
      thread,
      timeoutMs: isBlocking ? timeoutMs : 0,
      wait: { type: 'store', answer: use, id },
    }),
    (now) =>
      stepOf(now, {
        type: 'store.asked',
        asked: { type: 'store.asked', from: context.name, id, request },
      }),
  );
}

/** The store has answered; nothing follows where nobody waits for it any more. */
export function receiveStoreAnswer(
  context: WorkerContext,
  { id, value }: { readonly id: string; readonly value: unknown },
): Step {
  const { waits } = context.group;
  const thread = keysOf(waits).find((name) => {
    const wait = getIn(waits, name);
    return wait?.type === 'store' && wait.id === id;
  });
  if (thread === undefined) return stepOf(context);
  const wait = getIn(waits, thread);
  if (wait?.type !== 'store' || wait.answer === 'value') {
    return settle(context, { outcome: { type: 'returned', value }, thread });
  }
  // cast -- what each member came with
  const sum = (value as readonly Activity[]).reduce(added, nothingActive);
  return settle(context, { outcome: { type: 'returned', value: sum }, thread });
}

/** What a thread waits for has not come in time. */
export function timeOutWait(context: WorkerContext, { thread }: { readonly thread: string }): Step {
  const wait = getIn(context.group.waits, thread);
  if (wait?.type === 'gathered') {
    return andThen(endWait(context, thread), (now) => timeOutGather(now, { thread, wait }));
  }
  if (wait?.type !== 'store') return stepOf(context);
  const outcome = { type: 'threw', error: runtimeError('Socket Timeout') } as const;
  return settle(context, { outcome, thread });
}

/**
 * All members come to a barrier; where they count, the answer is the sum of what they have to do, and none of
 * them begins a call until it is made.
 */
export function syncCalls(
  context: WorkerContext,
  { counts, thread }: { readonly counts: boolean; readonly thread: string },
): Step {
  const { group, id, switches } = context;
  if (isOn(switches, 'term.localIdle')) {
    return answer(context, { outcome: { type: 'returned', value: nothingActive }, thread });
  }
  const freezes = counts && !isOn(switches, 'term.noFreeze');
  const synced = { ...group, barriers: group.barriers + 1 };
  const frozen = { ...context, group: freezes ? { ...synced, held: [] } : synced };
  return callStore(frozen, {
    request: {
      type: 'arrive',
      key: `${group.prefix}/calls-${group.barriers}`,
      rank: id,
      size: peersOf(context.directory).length,
      value: counts ? activityOf(context) : nothingActive,
    },
    thread,
    timeoutMs: patienceMs(context) * looksMax || group.storeTimeoutMs,
    use: 'sum',
  });
}

const nothingActive: Activity = { calls: 0, references: 0 };

function activityOf(context: WorkerContext): Activity {
  return { calls: activeCalls(context), references: lateForks(context.rrefs).length };
}

function added(one: Activity, other: Activity): Activity {
  return { calls: one.calls + other.calls, references: one.references + other.references };
}

/** A section that would send waits while the sum of calls is made: as if it had not begun. */
export function holdSends(
  before: WorkerContext,
  event: { readonly type: string },
  step: Step,
): Step {
  const { held } = before.group;
  if (held === undefined || step.context.agent.nextMessageId === before.agent.nextMessageId) {
    return step;
  }
  return stepOf({ ...before, group: { ...before.group, held: [...held, event] } });
}

/** The address of the store. */
export function storeOf({ name, store }: WorkerContext): string {
  invariant(
    store !== undefined,
    'rpc/no-store',
    `${name} asks for a store, but its cluster has none. Give the cluster \`start: 'joined'\`, or 'apart'.`,
  );
  return store;
}

interface Settled {
  readonly outcome: Outcome;
  readonly thread: string;
}

function settle(context: WorkerContext, { outcome, thread }: Settled): Step {
  return andThen(endWait(context, thread), thaw, (now) => answer(now, { outcome, thread }));
}

/** What was held comes again. */
function thaw(context: WorkerContext): Step {
  const { held, ...group } = context.group;
  if (held === undefined) return stepOf(context);
  return stepOf(
    { ...context, group },
    ...held.map((event) => ({ type: 'event.resumed', event }) as const),
  );
}
