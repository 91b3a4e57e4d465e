/**
 * The threads of devices in a local pass: each drains a queue of its own, section by section, beside the thread that
 * asked for the pass, which owns it and runs what lies on no device. Whoever sees that nothing is left completes the
 * pass. User code of nodes on devices is run by the owner.
 *
 * @see PyTorch, `torch/csrc/autograd/engine.cpp`, `Engine::thread_main`, `execute_with_graph_task`,
 * `GraphTask::mark_as_completed_and_run_post_processing`.
 */
import { unreachable } from '../../../src/core/errors.ts';
import type { PersistentMap } from '../../../src/core/persistent-map.ts';
import { deleteIn, emptyMap, getIn, hasIn, setIn } from '../../../src/core/persistent-map.ts';
import type { Gradient } from '../../engine/graph.ts';
import { runTask } from '../../engine/local-pass.ts';
import type { ReadyQueue } from '../../engine/ready-queue.ts';
import {
  deviceOf,
  emptyQueue,
  lengthOf,
  noDevice,
  pop,
  push,
  sortOut,
} from '../../engine/ready-queue.ts';
import { isOn } from '../../switches/switches.ts';
import type { WorkerContext } from '../context.ts';
import { answer } from '../futures/futures.ts';
import type { Part, Step, WorkerEffect } from '../step.ts';
import { andThen, queueWork, stepOf } from '../step.ts';
import { failureOf } from '../user/failure.ts';
import type { LocalPassOfThread, Parallel } from './local-engine.ts';
import { engineOf, putEngine, putLocalPass, surroundingsOf } from './local-engine.ts';
import { keepFacts, storeSum } from './pass-facts.ts';

/** A thread of a pass: its owner, or that of a device. */
export const ownerOfPass = 'owner';

/** What the threads of a pass share that has just begun; nothing where the process has no devices. */
export function newParallel({ devices }: WorkerContext): { readonly parallel?: Parallel } {
  if (devices === undefined) return {};
  const parallel: Parallel = {
    active: emptyMap(),
    asking: [],
    isClaimed: false,
    isCompleted: false,
    isOwned: false,
    isWaiting: false,
    outstanding: 1,
    queues: emptyMap(),
    wakeUps: 0,
  };
  return { parallel };
}

/** The owner of a pass is noted, and then the first node is queued; once it was the other way round. */
export function publish(context: WorkerContext, name: string, begun: Part): Step {
  if (getIn(engineOf(context).passes, name)?.parallel === undefined) return begun(context);
  return isOn(context.switches, 'engine.publishBeforeInit')
    ? andThen(spread(context, name), queueWork({ type: 'engine.owned', pass: name }))
    : andThen(spread(owned(context, name), name), begun);
}

/** The owner of a pass whose nodes may run already. */
export function ownPass(context: WorkerContext, { pass: name }: PassName): Step {
  const found = getIn(engineOf(context).passes, name);
  if (found === undefined) return stepOf(context);
  const value = { type: 'turned', pass: name } as const;
  return answer(owned(context, name), {
    outcome: { type: 'returned', value },
    thread: found.thread,
  });
}

function owned(context: WorkerContext, name: string): WorkerContext {
  return change(context, name, (parallel) => ({ ...parallel, isOwned: true }));
}

/** Queues the nodes that became ready on the owner's thread and lie on devices for these. */
export function spread(context: WorkerContext, name: string): Step {
  const found = getIn(engineOf(context).passes, name);
  if (found?.parallel === undefined) return stepOf(context);
  const { elsewhere, queue } = sortOut(found.pass.queue, (task) => deviceOf(task) !== noDevice);
  if (elsewhere.length === 0) return stepOf(context);
  let { active, queues } = found.parallel;
  const effects: WorkerEffect[] = [];
  for (const task of elsewhere) {
    const device = deviceOf(task);
    queues = setIn(queues, device, push(queueOf(queues, device), task));
    if (hasIn(active, device)) continue;
    active = setIn(active, device, true);
    const work = { type: 'engine.device-turned', device, pass: name } as const;
    effects.push({ type: 'work.queued', work });
  }
  const parallel = { ...found.parallel, active, queues };
  const pass = { ...found.pass, queue };
  return stepOf(putLocalPass(context, name, { ...found, parallel, pass }), ...effects);
}

interface PassName {
  readonly pass: string;
}

/** A turn of the thread of a device: it runs the next node of its queue, if there is one. */
export function turnDevice(
  context: WorkerContext,
  { device, pass: name }: PassName & { readonly device: string },
): Step {
  const running = getIn(engineOf(context).passes, name);
  if (running?.parallel === undefined) return stepOf(context);
  const next = pop(queueOf(running.parallel.queues, device));
  if (next === undefined) {
    return stepOf(
      change(context, name, ({ active, ...parallel }) => ({
        ...parallel,
        active: deleteIn(active, device),
      })),
    );
  }
  const stored = storeSum(context, running);
  const turned = runTask(running.pass, next.task, surroundingsOf(stored));
  const queues = setIn(running.parallel.queues, device, next.queue);
  const parallel = { ...running.parallel, queues };
  const { context: kept } = keepFacts(stored, { name, running: { ...running, parallel }, turned });
  const again = queueWork({ type: 'engine.device-turned', device, pass: name });
  switch (turned.type) {
    case 'asks':
      return andThen(stepOf(handOver(kept, name, turned.call)), wake(name), again);
    case 'failed': {
      const failure = failureOf(turned.error);
      const failed = change(kept, name, (now) => ({ ...now, failure }));
      return andThen(stepOf(failed), wake(name));
    }
    case 'ended':
    case 'evaluated': {
      const ready = lengthOf(turned.pass.queue) - lengthOf(running.pass.queue);
      const counted = change(kept, name, (now) => ({
        ...now,
        outstanding: now.outstanding + ready - 1,
      }));
      const handed = spread(counted, name);
      const { queue = emptyQueue } = getIn(engineOf(handed.context).passes, name)?.pass ?? {};
      return andThen(
        handed,
        lengthOf(queue) > 0 ? wake(name) : stepOf,
        queueWork({ type: 'engine.counted', by: device, pass: name }),
      );
    }
    default:
      return unreachable(turned);
  }
}

/** A thread that has run a node looks whether it was the last; so may another one at that time. */
export function readCount(
  context: WorkerContext,
  { by, pass: name }: PassName & { readonly by: string },
): Step {
  const running = getIn(engineOf(context).passes, name);
  if (running?.parallel === undefined) return stepOf(context);
  const goOn: Part =
    by === ownerOfPass
      ? stepOf
      : queueWork({ type: 'engine.device-turned', device: by, pass: name });
  const { isClaimed, isCompleted, outstanding } = running.parallel;
  if (outstanding > 0) return goOn(context);
  const isDoubled =
    isClaimed && by !== ownerOfPass && isOn(context.switches, 'engine.decrementThenRead');
  const moves = isOn(context.switches, 'engine.moveThenComplete');
  if (isClaimed && !isDoubled && !moves) {
    const isEarly =
      by === ownerOfPass && !isCompleted && isOn(context.switches, 'engine.flagMeansDone');
    const text = 'graph_task->future_result_->completed() INTERNAL ASSERT FAILED';
    return andThen(isEarly ? announceMishap(context, text) : stepOf(context), goOn);
  }
  const { captured } = running.pass.task;
  const task = { ...running.pass.task, captured: emptyMap<Gradient>() };
  const claimed = putLocalPass(context, name, {
    ...running,
    parallel: { ...running.parallel, isClaimed: true },
    pass: moves ? { ...running.pass, task } : running.pass,
  });
  const work = { type: 'engine.completing', by, isDoubled, pass: name } as const;
  return andThen(stepOf(claimed), queueWork(moves ? { ...work, captured } : work), goOn);
}

/** A thread completes the pass, and wakes its owner. */
export function completeLocalPass(
  context: WorkerContext,
  { captured, isDoubled, pass: name }: Completing,
): Step {
  const running = getIn(engineOf(context).passes, name);
  if (running?.parallel === undefined) {
    return stepOf(isDoubled ? leaveWakeUps(context, 1) : context);
  }
  if (running.parallel.isCompleted || isDoubled) {
    return stepOf(
      isDoubled ? change(context, name, (now) => ({ ...now, wakeUps: now.wakeUps + 1 })) : context,
    );
  }
  const task = captured === undefined ? running.pass.task : { ...running.pass.task, captured };
  const completed = putLocalPass(context, name, {
    ...running,
    parallel: { ...running.parallel, isCompleted: true, wakeUps: running.parallel.wakeUps + 1 },
    pass: { ...running.pass, task },
  });
  return running.parallel.isOwned
    ? wake(name)(completed)
    : announceMishap(completed, '0 <= device_index INTERNAL ASSERT FAILED: the pass has no owner');
}

/** What a thread that completes a pass has in hand. */
export interface Completing extends PassName {
  readonly by: string;
  /** The gradients that it moved out, where that comes first. */
  readonly captured?: PersistentMap<Gradient>;
  /** Whether another thread completes it too, and this one only wakes the owner. */
  readonly isDoubled: boolean;
}

/** The owner has nothing to run: it sleeps until something comes for it. */
export function sleepOwner(context: WorkerContext, name: string): Step {
  return isOn(context.switches, 'engine.notifyUnlocked')
    ? queueWork({ type: 'engine.slept', pass: name })(context)
    : fallAsleep(context, { pass: name });
}

/** The owner sleeps from now on, whatever came since it looked. */
export function fallAsleep(context: WorkerContext, { pass: name }: PassName): Step {
  return stepOf(change(context, name, (parallel) => ({ ...parallel, isWaiting: true })));
}

/** The wake-ups that a pass leaves behind; its owner has taken one. */
export function wakeUpsLeft({ parallel }: LocalPassOfThread): number {
  return Math.max(0, (parallel?.wakeUps ?? 0) - 1);
}

/** Wake-ups stay in the queue of a thread whose pass is over. */
export function leaveWakeUps(context: WorkerContext, count: number): WorkerContext {
  if (count === 0) return context;
  const engine = engineOf(context);
  return putEngine(context, { ...engine, leftWakeUps: (engine.leftWakeUps ?? 0) + count });
}

function wake(name: string): Part {
  return (context) => {
    const running = getIn(engineOf(context).passes, name);
    if (running?.parallel?.isWaiting !== true) return stepOf(context);
    const awake = change(context, name, (parallel) => ({ ...parallel, isWaiting: false }));
    const value = { type: 'turned', pass: name } as const;
    return answer(awake, { outcome: { type: 'returned', value }, thread: running.thread });
  };
}

/** A node that waits for user code goes to the owner. */
function handOver(
  context: WorkerContext,
  name: string,
  call: Parallel['asking'][number]['call'],
): WorkerContext {
  const found = getIn(engineOf(context).passes, name);
  if (found?.parallel === undefined || found.pass.running === undefined) return context;
  const { running, ...pass } = found.pass;
  const asking = [...found.parallel.asking, { call, running }];
  return putLocalPass(context, name, {
    ...found,
    parallel: { ...found.parallel, asking },
    pass,
  });
}

/** The worker after a change of what the threads of a pass share. */
export function change(
  context: WorkerContext,
  name: string,
  alter: (parallel: Parallel) => Parallel,
): WorkerContext {
  const found = getIn(engineOf(context).passes, name);
  if (found?.parallel === undefined) return context;
  return putLocalPass(context, name, { ...found, parallel: alter(found.parallel) });
}

function announceMishap(context: WorkerContext, message: string): Step {
  return stepOf(context, {
    type: 'announced',
    announcement: { type: 'framework.failed', message },
  });
}

function queueOf(queues: Parallel['queues'], device: string): ReadyQueue {
  return getIn(queues, device) ?? emptyQueue;
}
