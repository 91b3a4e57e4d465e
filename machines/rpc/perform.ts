import type { AnyActorRef } from 'xstate';

import { invariant, unreachable } from '../../src/core/errors.ts';
import type { GraphTaskInput } from '../engine/graph-task-context.ts';
import type { GraphTaskEvent } from '../engine/graph-task-messages.ts';
import type { StoreAsked } from '../group/store-requests.ts';
import { addressById } from './agent/directory.ts';
import type { Message } from './agent/messages.ts';
import type { PipeReset } from './agent/pipes.ts';
import type { WorkerContext } from './context.ts';
import { storeOf } from './group/store-calls.ts';
import type { WorkerEvent } from './sections.ts';
import type {
  FunctionEvent,
  FunctionInput,
  Step,
  WorkerAnnouncement,
  WorkerEffect,
} from './step.ts';

/** What of XState's `enqueue` carries out the effects of a worker. */
export interface Enqueuer {
  assign(context: WorkerContext): void;
  cancel(id: string): void;
  emit(announcement: WorkerAnnouncement): void;
  raise(event: WorkerEvent, options: { readonly delay: number; readonly id?: string }): void;
  sendTo(
    to: string | ((args: { readonly system: ActorsByName }) => AnyActorRef),
    event: FunctionEvent | GraphTaskEvent | Message | PipeReset | StoreAsked,
    options?: { readonly delay?: number },
  ): void;
  spawnChild(
    source: 'userFunction',
    options: { readonly id: string; readonly input: FunctionInput },
  ): void;
  spawnChild(
    source: 'graphTask',
    options: { readonly id: string; readonly input: GraphTaskInput },
  ): void;
  stopChild(id: string): void;
}

/** Where XState looks up an actor by its name. */
interface ActorsByName {
  get(name: string): unknown;
}

/** Puts a step of a worker into XState's words. */
export function perform(enqueue: Enqueuer, { context, effects }: Step): void {
  enqueue.assign(context);
  for (const effect of effects) performEffect(enqueue, context, effect);
}

function performEffect(enqueue: Enqueuer, context: WorkerContext, effect: WorkerEffect): void {
  switch (effect.type) {
    case 'announced':
      return enqueue.emit(effect.announcement);
    case 'event.resumed':
      // cast -- it is an event that this worker took before
      return enqueue.raise(effect.event as WorkerEvent, { delay: 0 });
    case 'function.forgotten':
      return enqueue.stopChild(effect.thread);
    case 'function.started':
      return enqueue.spawnChild('userFunction', { id: effect.input.id, input: effect.input });
    case 'function.told':
      return enqueue.sendTo(effect.thread, effect.event, delayed(effect));
    case 'graph-task.started':
      return enqueue.spawnChild('graphTask', { id: effect.input.id, input: effect.input });
    case 'graph-task.stopped':
      return enqueue.stopChild(effect.graphTask);
    case 'graph-task.told':
      return enqueue.sendTo(effect.graphTask, effect.event);
    case 'message.sent': {
      const address = effect.address ?? addressOf(context, effect.to);
      return enqueue.sendTo(
        // cast -- XState's own `system.get` gives `any`
        ({ system }) => system.get(address) as AnyActorRef,
        effect.message,
        delayed(effect),
      );
    }
    case 'store.asked': {
      const address = storeOf(context);
      // cast -- XState's own `system.get` gives `any`
      return enqueue.sendTo(({ system }) => system.get(address) as AnyActorRef, effect.asked);
    }
    case 'timer.cancelled':
      return enqueue.cancel(effect.id);
    case 'timer.set':
      return enqueue.raise(effect.event, { delay: effect.delayMs, id: effect.id });
    case 'work.queued':
      // Mail of one actor to itself keeps its order; timers that are due at once come in any order.
      return enqueue.raise(effect.work, { delay: 0 });
    default:
      return unreachable(effect);
  }
}

function delayed({ delayMs }: { readonly delayMs: number }) {
  return delayMs === 0 ? {} : { delay: delayMs };
}

function addressOf({ directory, name }: WorkerContext, id: number): string {
  const address = addressById(directory, id);
  invariant(
    address !== undefined,
    'rpc/no-peer',
    `${name} sends to worker ${id}, which it does not know.`,
  );
  return address;
}
