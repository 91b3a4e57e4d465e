import { assign, enqueueActions, sendParent, setup } from 'xstate';

import { sizeOf } from '../../src/core/persistent-map.ts';
import type { GraphTaskContext, GraphTaskInput, LoopStart } from './graph-task-context.ts';
import { answerLoop, messageOf, newContext, startLoop, turnLoop } from './graph-task-context.ts';
import type { GraphTaskAnnouncement, GraphTaskEvent } from './graph-task-messages.ts';
import { failed } from './graph-task-state.ts';
import type { Versions } from './versions.ts';

type LoopTurn = Extract<GraphTaskEvent, { readonly type: 'function.answered' | 'loop.turned' }>;

// One event makes at most a handful of microsteps: a loop drains, the pass completes.
const microstepsMax = 16;

/**
 * One backward pass on one worker: loops, one for each gradient message that arrived, evaluate the nodes
 * of the graph one at a time. A send function that gets no gradient keeps it from completing, and it lives
 * on until its worker stops it: late gradients may still arrive.
 *
 * `running -> completed | failed`
 *
 * @see PyTorch, `torch/csrc/distributed/autograd/engine/dist_engine.cpp`; `torch/csrc/autograd/engine.cpp`.
 */
export const graphTaskMachine = setup({
  types: {
    context: {} as GraphTaskContext,
    emitted: {} as GraphTaskAnnouncement,
    events: {} as GraphTaskEvent,
    input: {} as GraphTaskInput,
  },
  actions: {
    fail: assign(({ context }, { message }: { readonly message: string }) => ({
      task: failed(context.task, { message, type: 'RuntimeError' }),
    })),
    failUnfinished: assign(({ context }) => ({
      task: failed(context.task, {
        message: 'could not compute gradients for some functions',
        type: 'RuntimeError',
      }),
    })),
    loseContext: assign(({ context }) => ({ task: { ...context.task, contextIsGone: true } })),
    noteVersions: assign(({ context }, { versions }: { readonly versions: Versions }) => ({
      task: { ...context.task, versions },
    })),
    startLoop: enqueueActions(({ context, enqueue }, start: LoopStart) => {
      const started = startLoop(context, start);
      enqueue.assign(started.context);
      enqueue.sendTo(({ self }) => self, { type: 'loop.turned', loop: started.loop });
    }),
    tellCompleted: sendParent(({ context }) =>
      messageOf(context, { type: 'graph-task.completed' }),
    ),
    tellFailed: enqueueActions(({ context, enqueue }) => {
      const { failure } = context.task;
      if (failure === undefined) return;
      enqueue.sendParent(messageOf(context, { type: 'graph-task.failed', failure }));
    }),
    turnLoop: enqueueActions(({ context, enqueue }, event: LoopTurn) => {
      const turned =
        event.type === 'function.answered'
          ? answerLoop(context, event)
          : turnLoop(context, event.loop);
      enqueue.assign(turned.context);
      for (const announcement of turned.announcements) enqueue.emit(announcement);
      for (const report of turned.reports) enqueue.sendParent(messageOf(context, report));
      for (const started of turned.started ?? []) {
        enqueue.sendTo(({ self }) => self, { type: 'loop.turned', loop: started });
      }
      if (turned.isOver) enqueue.raise({ type: 'loop.drained' });
      else if (!turned.isAsking) {
        enqueue.sendTo(({ self }) => self, { type: 'loop.turned', loop: event.loop });
      }
    }),
  },
  guards: {
    hasFailed: ({ context }) => context.task.failure !== undefined,
    hasUnfinished: ({ context }) => sizeOf(context.task.notReady) > 0,
    isDone: ({ context }) => context.task.outstandingTasks === 0,
  },
}).createMachine({
  id: 'graph-task',
  context: ({ input }) => newContext(input),
  initial: 'running',
  on: {
    'context.released': { actions: 'loseContext' },
    'function.answered': { actions: { type: 'turnLoop', params: ({ event }) => event } },
    'loop.started': { actions: { type: 'startLoop', params: ({ event }) => event } },
    'loop.turned': { actions: { type: 'turnLoop', params: ({ event }) => event } },
    'tensors.modified': { actions: { type: 'noteVersions', params: ({ event }) => event } },
    'task.failed': { actions: { type: 'fail', params: ({ event }) => event } },
  },
  states: {
    running: {
      always: { guard: 'hasFailed', target: 'failed' },
      on: { 'loop.drained': { guard: 'isDone', target: 'ending' } },
    },
    ending: {
      always: [
        { guard: 'hasUnfinished', actions: 'failUnfinished', target: 'failed' },
        { target: 'completed' },
      ],
    },
    completed: { entry: 'tellCompleted' },
    failed: { entry: 'tellFailed' },
  },
  options: { maxIterations: microstepsMax },
});
