import type { ActorLogic, Snapshot } from 'xstate';
import { enqueueActions, fromTransition, setup } from 'xstate';

import { graphTaskMachine } from '../engine/graph-task.ts';
import { settleInjected } from './agent/callbacks.ts';
import { endReleases } from './autograd/autograd-requests.ts';
import { tendLeases } from './autograd/leases.ts';
import type { WorkerContext, WorkerInput } from './context.ts';
import { newWorkerContext } from './context.ts';
import { advanceGroup } from './group/group-progress.ts';
import { holdSends } from './group/store-calls.ts';
import { perform } from './perform.ts';
import { advanceSweeps } from './references/sweep.ts';
import type { WorkerEvent } from './sections.ts';
import { runSection } from './sections.ts';
import type { FunctionOutput } from './serving/functions.ts';
import { startMain } from './serving/functions.ts';
import type { FunctionEvent, FunctionInput, WorkerAnnouncement } from './step.ts';

/** The logic of the actor that runs a user function. */
export type FunctionLogic = ActorLogic<Snapshot<FunctionOutput>, FunctionEvent, FunctionInput>;

// No row raises an event without a delay, so one event makes one microstep.
const microstepsMax = 8;

/**
 * One worker: PyTorch's agent, reference context, autograd container and dist engine. What it does at each
 * event is the table in `sections.ts`.
 *
 * User functions and graph tasks are its children; `userFunction` is to be provided.
 *
 * @see PyTorch, `torch/csrc/distributed/rpc`, `torch/csrc/distributed/autograd`.
 */
export const workerMachine = setup({
  types: {
    context: {} as WorkerContext,
    emitted: {} as WorkerAnnouncement,
    events: {} as WorkerEvent,
    input: {} as WorkerInput,
  },
  actors: {
    graphTask: graphTaskMachine,
    // cast -- a stand-in that does nothing, until the logic of user functions is provided
    userFunction: fromTransition((state: object) => state, {}) as unknown as FunctionLogic,
  },
  actions: {
    runSection: enqueueActions(({ context, enqueue }, event: WorkerEvent) => {
      const step = advanceSweeps(endReleases(settleInjected(runSection(context, event))));
      perform(enqueue, advanceGroup(holdSends(context, event, tendLeases(context, step))));
    }),
    startMain: enqueueActions(({ context, enqueue }) => {
      perform(enqueue, startMain(context));
    }),
  },
}).createMachine({
  id: 'worker',
  context: ({ input }) => newWorkerContext(input),
  entry: 'startMain',
  on: { '*': { actions: { type: 'runSection', params: ({ event }) => event } } },
  options: { maxIterations: microstepsMax },
});
