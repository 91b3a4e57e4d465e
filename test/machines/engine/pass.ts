import { assign, createActor, setup } from 'xstate';
import type { ActorRefFrom } from 'xstate';

import { accumulate } from '../../../machines/engine/accumulate.ts';
import { computeDependencies } from '../../../machines/engine/dependencies.ts';
import type { DependencyOptions, DependencyState } from '../../../machines/engine/dependencies.ts';
import type { GraphTaskInput } from '../../../machines/engine/graph-task-context.ts';
import type {
  GraphTaskAnnouncement,
  GraphTaskMessage,
} from '../../../machines/engine/graph-task-messages.ts';
import { graphTaskMachine } from '../../../machines/engine/graph-task.ts';
import type { AutogradNode, Gradient } from '../../../machines/engine/graph.ts';
import { autogradContextId, graphTaskId } from '../../../machines/engine/ids.ts';
import { emptyMap } from '../../../src/core/persistent-map.ts';
import type { PersistentMap } from '../../../src/core/persistent-map.ts';

/** A graph task under a parent that writes down what it is told. */
export interface Pass {
  readonly announcements: () => readonly GraphTaskAnnouncement[];
  /** What the worker's context would hold. */
  readonly gradients: () => PersistentMap<Gradient>;
  readonly messages: () => readonly GraphTaskMessage[];
  /** The messages by their types. */
  readonly said: () => readonly string[];
  /** Starts a loop at a node: at a send function with the gradients that came for it. */
  readonly start: (node: AutogradNode, grads?: readonly Gradient[]) => void;
  readonly task: ActorRefFrom<typeof graphTaskMachine>;
}

export interface PassOptions extends DependencyOptions {
  readonly keepGraph?: boolean;
  readonly released?: PersistentMap<true>;
  /** What the graph does not say by itself. */
  readonly state?: Partial<DependencyState>;
}

export function createPass(options: PassOptions): Pass {
  const { keepGraph = false, released = emptyMap<true>(), state } = options;
  const input = {
    ...computeDependencies(options),
    ...state,
    contextId: autogradContextId('c0'),
    id: graphTaskId('worker0/pass-0'),
    keepGraph,
    released,
    workerId: 'worker0',
  };
  const worker = createActor(workerMachine, { input }).start();
  const task = worker.getSnapshot().context.task;
  const announcements: GraphTaskAnnouncement[] = [];
  task.on('*', (announcement) => {
    announcements.push(announcement);
  });
  const messages = () => worker.getSnapshot().context.messages;
  return {
    announcements: () => announcements,
    gradients: () =>
      messages().reduce(
        (sum, each) => (each.type === 'gradient.captured' ? accumulate(sum, each) : sum),
        emptyMap<Gradient>(),
      ),
    messages,
    said: () => messages().map(({ type }) => type),
    start: (node, grads = []) => {
      const increment = node.type === 'graph-root';
      task.send({ type: 'loop.started', increment, inputs: grads, node });
    },
    task,
  };
}

const workerMachine = setup({
  types: {
    context: {} as {
      readonly messages: readonly GraphTaskMessage[];
      readonly task: ActorRefFrom<typeof graphTaskMachine>;
    },
    events: {} as GraphTaskMessage,
    input: {} as GraphTaskInput,
  },
  actions: {
    note: assign(({ context }, message: GraphTaskMessage) => ({
      messages: [...context.messages, message],
    })),
  },
  actors: { graphTask: graphTaskMachine },
}).createMachine({
  id: 'worker',
  context: ({ input, spawn }) => ({
    messages: [],
    task: spawn('graphTask', { id: 'task', input }),
  }),
  on: { '*': { actions: { type: 'note', params: ({ event }) => event } } },
});
