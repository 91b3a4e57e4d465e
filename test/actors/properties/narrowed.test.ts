/** What invariants say where they once said less, or too much. */
import { describe, expect, test } from 'vitest';

import { cluster, distAutograd, rpc, torch } from '../../../actors/index.ts';
import type { WorkerContext } from '../../../machines/rpc/context.ts';
import { ownerKey, rrefId } from '../../../machines/rref/ids.ts';
import type { Program } from '../../../src/index.ts';
import { check, defineFunctions, defineSystem, setIn, valuesOf, zero } from '../../../src/index.ts';
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
