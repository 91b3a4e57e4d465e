/** What invariants say where they once said less, or too much. */
import { describe, expect, test } from 'vitest';

import { cluster, distAutograd, rpc, torch } from '../../../actors/index.ts';
import { tracedCall } from '../../../examples/tutorials/traced-call.ts';
import type { Call } from '../../../machines/rpc/agent/call.ts';
import { callKey } from '../../../machines/rpc/agent/call.ts';
import type { WorkerContext } from '../../../machines/rpc/context.ts';
import { newThread } from '../../../machines/rpc/threads/thread.ts';
import { ownerKey, rrefId } from '../../../machines/rref/ids.ts';
import type { Program } from '../../../src/index.ts';
import {
  check,
  defineFunctions,
  defineSystem,
  emptyMap,
  keysOf,
  mapOf,
  setIn,
  sizeOf,
  valuesOf,
  zero,
} from '../../../src/index.ts';
import { judge } from './planted.ts';

const seven = (): number => 7;

/** As a remote trainer does: the request is in no context, its function makes one. */
function* train(): Program<number> {
  return yield* distAutograd.context(function* inContext() {
    yield* torch.tensor([1], { requiresGrad: true });
    return yield* rpc.sync('worker0', seven, []);
  });
}

/** The first function of a request in an autograd context, as if it were in none. */
function inNoContext({ threads }: WorkerContext): Partial<WorkerContext> | undefined {
  const found = valuesOf(threads).find(
    ({ contextId, request }) => contextId !== undefined && request !== undefined,
  );
  if (found === undefined) return undefined;
  const { contextId: _, ...thread } = found;
  return { threads: setIn(threads, thread.name, thread) };
}

function withRetry({ agent }: WorkerContext): Partial<WorkerContext> {
  return { agent: { ...agent, retrying: 1 } };
}

function withUnforked({ rrefs }: WorkerContext): Partial<WorkerContext> {
  const strange = rrefId(0, 99);
  return { rrefs: { ...rrefs, owners: setIn(rrefs.owners, strange, ownerKey(strange)) } };
}

function withForgotten({ rrefs }: WorkerContext): Partial<WorkerContext> {
  return { rrefs: { ...rrefs, hasLeaked: true } };
}

/** A send function that waits for its gradient, and nothing else to do. */
const pass = (outstandingTasks: number, failure?: object) => ({
  actors: ({ name, passes }: WorkerContext) =>
    Object.fromEntries(
      valuesOf(passes).map(({ pass: { graphTask } }) => [
        `${name}/${graphTask}`,
        { loops: emptyMap(), task: { awaited: mapOf([['n1', 'm1']]), failure, outstandingTasks } },
      ]),
    ),
  worker: ({ passes }: WorkerContext) => (sizeOf(passes) > 0 ? {} : undefined),
});

/** A context on which no pass runs is marked. */
function withMark({ autograd, passes }: WorkerContext): Partial<WorkerContext> | undefined {
  const [key] = keysOf(autograd.contexts);
  const { initializedContextIds: ids } = autograd;
  if (key === undefined || sizeOf(passes) + sizeOf(ids) > 0) return undefined;
  return { autograd: { ...autograd, initializedContextIds: setIn(ids, key, true) } };
}

/** A pass whose context is that of another one. */
function withSecondPass({ passes }: WorkerContext): Partial<WorkerContext> | undefined {
  const [first] = valuesOf(passes);
  return first && { passes: setIn(passes, 'graph-task-99', first) };
}

/** What an owner was told to be over is in its table. */
function withRevived(where: 'forgotten' | 'tombstones') {
  return ({ rrefs }: WorkerContext): Partial<WorkerContext> | undefined => {
    const [known] = valuesOf(rrefs.forks);
    const [forkId] = known === undefined ? [] : keysOf(known);
    if (forkId === undefined) return undefined;
    return { rrefs: { ...rrefs, [where]: setIn(rrefs[where] ?? emptyMap<true>(), forkId, true) } };
  };
}

/** A call without time-out is open, and a request waits that no function runs for. */
function withWaiting(isServing: boolean, timeoutMs = 0) {
  return (worker: WorkerContext): Partial<WorkerContext> | undefined => {
    if (worker.id !== 0) return undefined;
    const { agent, threads } = worker;
    const open = { id: 7, isOver: false, timeoutMs } as unknown as Call;
    const waiting = newThread(worker, 'call-1-7');
    return {
      agent: { ...agent, calls: setIn(agent.calls, callKey(7), open) },
      ...(isServing ? { threads: setIn(threads, waiting.name, waiting) } : {}),
    };
  };
}

const crash = { crashed: ['worker9'], held: {} };

describe('P9', () => {
  test('lets a function that is called remotely make a context of its own', () => {
    const functions = defineFunctions({ main: () => rpc.sync('worker1', train, []), seven, train });
    const system = defineSystem(
      cluster({
        functions,
        main: { worker0: functions.toCall('main', []) },
        network: { latency: [zero] },
        poolSize: 2,
        profile: 'hardened',
        workers: 2,
      }),
    );
    const { violations } = check(system, { schedules: 30, seed: 1, strategy: 'random' });
    expect(violations).toEqual([]);
  });

  test('does not let one be in none where its request is in one', () => {
    const judged = judge('P9', {
      actors: ({ name, threads }) =>
        Object.fromEntries(valuesOf(threads).map((thread) => [`${name}/${thread.name}`, {}])),
      worker: inNoContext,
    });
    expect(judged).toEqual({ amiss: false, asItIs: true });
  });
});

describe('P1', () => {
  test('asks for what waits to be sent again', () => {
    expect(judge('P1', { worker: withRetry })).toEqual({ amiss: false, asItIs: true });
  });

  test('asks for a value that no copy pins, also where a worker crashed', () => {
    const judged = judge('P1', { past: crash, worker: withUnforked });
    expect(judged).toEqual({ amiss: false, asItIs: true });
  });
});

test('P7 asks for copies that a process forgot, though it had waited for their end', () => {
  expect(judge('P7', { worker: withForgotten })).toEqual({ amiss: false, asItIs: true });
  expect(judge('P7', { past: crash, worker: withForgotten }).amiss).toBe(true);
});

describe('P3', () => {
  const past = { isLossy: true };

  test('lets a call without time-out wait whose message was lost', () => {
    expect(judge('P3', { past, worker: withWaiting(false) }).amiss).toBe(true);
    expect(judge('P3', { worker: withWaiting(false) }).amiss).toBe(false);
  });

  test('lets neither a call with a time-out wait, nor a request that has no function', () => {
    expect(judge('P3', { past, worker: withWaiting(false, 60_000) }).amiss).toBe(false);
    expect(judge('P3', { past, worker: withWaiting(true) }).amiss).toBe(false);
  });
});

test.each(['forgotten', 'tombstones'] as const)(
  'P8 lets no copy come back that is in the %s',
  (where) => {
    expect(judge('P8', { worker: withRevived(where) })).toEqual({ amiss: false, asItIs: true });
  },
);

describe('S17', () => {
  test('asks for a pass on each context that is marked', () => {
    expect(judge('S17', { worker: withMark })).toEqual({ amiss: false, asItIs: true });
  });

  test('asks for one pass on a context, not two', () => {
    expect(judge('S17', { worker: withSecondPass })).toEqual({ amiss: false, asItIs: true });
  });
});

test('S18 counts what a pass has left to do, as long as it has not failed', () => {
  expect(judge('S18', pass(1)).amiss).toBe(true);
  expect(judge('S18', pass(2)).amiss).toBe(false);
  expect(judge('S18', pass(2, { message: 'x' })).amiss).toBe(true);
  expect(judge('S18', pass(-1, { message: 'x' })).amiss).toBe(false);
});

test('S17 lets a pass mark its context while it asks which messages it needs', () => {
  const setting = { backwardMode: 'smart-discovery', profile: 'hardened' } as const;
  const { violations } = check(defineSystem(tracedCall(setting)), {
    properties: ['S17', 'S18'],
    schedules: 5,
    strategy: 'random',
  });
  expect(violations).toEqual([]);
});
