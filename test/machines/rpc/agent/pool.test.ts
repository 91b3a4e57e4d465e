import { expect, test } from 'vitest';

import { tensorPipe } from '../../../../machines/rpc/agent/backend.ts';
import { directoryOf } from '../../../../machines/rpc/agent/directory.ts';
import { leavePool, submit } from '../../../../machines/rpc/agent/pool.ts';
import type { WorkerContext } from '../../../../machines/rpc/context.ts';
import { newWorkerContext } from '../../../../machines/rpc/context.ts';
import { switchesOf } from '../../../../machines/switches/switches.ts';

const worker = newWorkerContext({
  backend: tensorPipe,
  backwardMode: 'fast',
  directory: directoryOf([{ address: 'worker0', id: 0, name: 'worker0' }]),
  id: 0,
  missing: [],
  poolSize: 2,
  rpcTimeoutMs: 60_000,
  switches: switchesOf('pytorch-2.6'),
});

function submitAll(calls: readonly number[]): {
  readonly context: WorkerContext;
  readonly taken: number[];
} {
  const taken: number[] = [];
  let context = worker;
  for (const call of calls) {
    const step = submit(context, { type: 'response.taken', call });
    ({ context } = step);
    taken.push(...takenIn(step.effects));
  }
  return { context, taken };
}

function takenIn(effects: ReturnType<typeof submit>['effects']): readonly number[] {
  return effects.flatMap((effect) =>
    effect.type === 'work.queued' && effect.work.type === 'response.taken'
      ? [effect.work.call]
      : [],
  );
}

test('takes as many tasks as it has threads, and the others in their order', () => {
  const { context, taken } = submitAll([1, 2, 3, 4]);
  expect(taken).toEqual([1, 2]);
  const third = leavePool(context);
  expect(takenIn(third.effects)).toEqual([3]);
  const fourth = leavePool(third.context);
  expect(takenIn(fourth.effects)).toEqual([4]);
  const last = leavePool(leavePool(fourth.context).context);
  expect(last.context.pool).toEqual({ queue: [], running: 0, size: 2 });
});

test('an idle pool has nobody to leave it', () => {
  expect(() => leavePool(worker)).toThrow(/none is at work/);
});
