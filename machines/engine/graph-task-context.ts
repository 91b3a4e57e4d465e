import type { PersistentMap } from '../../src/core/persistent-map.ts';
import {
  deleteIn,
  emptyMap,
  getIn,
  setIn,
  sizeOf,
  valuesOf,
} from '../../src/core/persistent-map.ts';
import { handOn } from './continuations.ts';
import type { RunningNode } from './evaluate.ts';
import type {
  GraphTaskAnnouncement,
  GraphTaskMessage,
  GraphTaskReport,
} from './graph-task-messages.ts';
import type { EngineFact, GraphTask, GraphTaskOptions } from './graph-task-state.ts';
import { failed, newGraphTask } from './graph-task-state.ts';
import type { AutogradNode, Gradient } from './graph.ts';
import type { AutogradContextId, GraphTaskId, LoopId } from './ids.ts';
import { loopId } from './ids.ts';
import type { Turn } from './loop.ts';
import { resume, turn } from './loop.ts';
import { qualifiedName } from './node.ts';
import type { ReadyQueue } from './ready-queue.ts';
import { emptyQueue, lengthOf, push } from './ready-queue.ts';

/** What a graph task is made of. */
export interface GraphTaskInput extends GraphTaskOptions {
  readonly contextId: AutogradContextId;
  readonly id: GraphTaskId;
  /** Whether a profiler wants to know of each node that runs. */
  readonly isProfiled?: true;
  /** Whether nobody takes what goes back from a device to the CPU. */
  readonly losesContinuations?: true;
  readonly workerId: string;
}

/** A graph task and the loops that drain it. */
export interface GraphTaskContext {
  readonly contextId: AutogradContextId;
  readonly id: GraphTaskId;
  readonly isProfiled?: true;
  /** The ready queue of each loop that runs. */
  readonly loops: PersistentMap<ReadyQueue>;
  readonly nextLoopNr: number;
  /** By loop the node that waits for user code; absent where none ever did. */
  readonly asking?: PersistentMap<RunningNode>;
  readonly losesContinuations?: true;
  readonly task: GraphTask;
  /** The nodes released since the worker was told. */
  readonly unreported: PersistentMap<true>;
  readonly workerId: string;
}

/** A graph task in which nothing runs. */
export function newContext(input: GraphTaskInput): GraphTaskContext {
  const { contextId, id, isProfiled, losesContinuations, workerId } = input;
  return {
    contextId,
    id,
    ...(isProfiled === undefined ? {} : { isProfiled }),
    ...(losesContinuations === undefined ? {} : { losesContinuations }),
    loops: emptyMap(),
    nextLoopNr: 0,
    task: newGraphTask(input),
    unreported: emptyMap(),
    workerId,
  };
}

/** Where a loop starts. */
export interface LoopStart {
  readonly increment: boolean;
  readonly inputs: readonly Gradient[];
  readonly node: AutogradNode;
}

/** The graph task with one more loop, and the loop's name. */
export interface StartedLoop {
  readonly context: GraphTaskContext;
  readonly loop: LoopId;
}

/**
 * Starts a loop. The gradients for a send function are laid into the function, over those that may lie
 * there, since the function itself takes no inputs.
 *
 * @see PyTorch, `sendrpc_backward.cpp`, `setGrads`; `dist_engine.cpp`, `executeSendFunctionAsync`.
 */
export function startLoop(
  context: GraphTaskContext,
  { increment, inputs, node }: LoopStart,
): StartedLoop {
  const { task } = context;
  const isSend = node.type === 'send-rpc-backward';
  const loop = loopId(`loop-${context.nextLoopNr}`);
  const queue = push(emptyQueue, { inputs: isSend ? [] : inputs, node });
  return {
    context: {
      ...context,
      loops: setIn(context.loops, loop, queue),
      nextLoopNr: context.nextLoopNr + 1,
      task: {
        ...task,
        awaited: isSend ? deleteIn(task.awaited, node.id) : task.awaited,
        outstandingTasks: task.outstandingTasks + (increment ? 1 : 0),
        sendGrads: isSend ? setIn(task.sendGrads, node.id, inputs) : task.sendGrads,
      },
    },
    loop,
  };
}

/** A graph task after a turn of one of its loops, and what it has to say. */
export interface TurnedLoop {
  readonly announcements: readonly GraphTaskAnnouncement[];
  readonly context: GraphTaskContext;
  /** Whether it goes on when user code has answered. */
  readonly isAsking: boolean;
  readonly isOver: boolean;
  readonly reports: readonly GraphTaskReport[];
  /** Loops of devices that begin to run. */
  readonly started?: readonly LoopId[];
}

/** One turn of `loop`. */
export function turnLoop(context: GraphTaskContext, loop: LoopId): TurnedLoop {
  const queue = getIn(context.loops, loop) ?? emptyQueue;
  return turnedLoop(context, { loop, turned: turn(context.task, queue) });
}

/** What user code gave, or raised, for a loop that waits. */
export interface UserAnswer {
  readonly answer: unknown;
  /** The text of what it raised. */
  readonly error?: string | undefined;
  readonly loop: LoopId;
}

/** User code has ended: its loop goes on, or the pass fails by what it raised. */
export function answerLoop(
  { asking = emptyMap(), ...context }: GraphTaskContext,
  { answer, error, loop }: UserAnswer,
): TurnedLoop {
  const running = getIn(asking, loop);
  const rest = deleteIn(asking, loop);
  const now = sizeOf(rest) === 0 ? context : { ...context, asking: rest };
  const queue = getIn(now.loops, loop) ?? emptyQueue;
  if (running === undefined) {
    return { announcements: [], context: now, isAsking: false, isOver: false, reports: [] };
  }
  if (error === undefined) {
    return turnedLoop(now, { loop, turned: resume(now.task, { answer, queue, running }) });
  }
  const failure = { message: error, node: running.node.name, type: 'RuntimeError' } as const;
  const task = failed(now.task, failure);
  return turnedLoop(now, { loop, turned: { facts: [], queue: emptyQueue, task } });
}

function turnedLoop(
  context: GraphTaskContext,
  { loop, turned }: { readonly loop: LoopId; readonly turned: Turn },
): TurnedLoop {
  if (context.losesContinuations !== true) return turnedAlone(context, { loop, turned });
  const { loops, queue, started } = handOn(context.loops, { loop, queue: turned.queue });
  const handed = { ...context, loops };
  return { ...turnedAlone(handed, { loop, turned: { ...turned, queue } }), started };
}

function turnedAlone(
  context: GraphTaskContext,
  { loop, turned }: { readonly loop: LoopId; readonly turned: Turn },
): TurnedLoop {
  const { asks, facts, queue, task } = turned;
  if (asks !== undefined) {
    const { call, running } = asks;
    const asking = setIn(context.asking ?? emptyMap<RunningNode>(), loop, running);
    const loops = setIn(context.loops, loop, queue);
    return {
      announcements: [],
      context: { ...context, asking, loops, task },
      isAsking: true,
      isOver: false,
      reports: [...facts.flatMap(reportsOf), { type: 'function.asked', call, loop }],
    };
  }
  const isOver = lengthOf(queue) === 0;
  const loops = isOver ? deleteIn(context.loops, loop) : setIn(context.loops, loop, queue);
  const unreported = facts.reduce(addReleased, context.unreported);
  const reports = [...ranNode(context, turned), ...facts.flatMap(reportsOf)];
  if (!isOver || unreported.root === undefined) {
    const after = { ...context, loops, task, unreported };
    return {
      announcements: announced(turned, { after, loop }),
      context: after,
      isAsking: false,
      isOver,
      reports,
    };
  }
  const after = { ...context, loops, task, unreported: emptyMap<true>() };
  return {
    announcements: announced(turned, { after, loop }),
    context: after,
    isAsking: false,
    isOver,
    reports: [...reports, { type: 'nodes.released', nodes: unreported }],
  };
}

function ranNode(
  { isProfiled }: GraphTaskContext,
  { evaluated }: Turn,
): readonly GraphTaskReport[] {
  if (isProfiled !== true || evaluated?.isExecuted !== true) return [];
  return [{ type: 'node.ran', name: qualifiedName(evaluated.node) }];
}

/** `report` with the names of its graph task and context. */
export function messageOf(
  { contextId, id }: GraphTaskContext,
  report: GraphTaskReport,
): GraphTaskMessage {
  return { ...report, contextId, graphTask: id };
}

function addReleased(nodes: PersistentMap<true>, fact: EngineFact): PersistentMap<true> {
  return fact.type === 'node.released' ? setIn(nodes, fact.node, true) : nodes;
}

function reportsOf(fact: EngineFact): readonly GraphTaskReport[] {
  return fact.type === 'node.released' ? [] : [fact];
}

interface Announced {
  readonly after: GraphTaskContext;
  readonly loop: LoopId;
}

function announced(
  { evaluated, facts, task }: Turn,
  { after, loop }: Announced,
): readonly GraphTaskAnnouncement[] {
  if (evaluated === undefined) return [];
  const { isExecuted, node } = evaluated;
  const captured = facts.flatMap((fact) =>
    fact.type === 'gradient.captured' ? [{ type: fact.type, variable: fact.variable }] : [],
  );
  return [
    {
      type: 'node.evaluated',
      isExecuted,
      loop,
      name: node.name,
      node: node.id,
      outstandingTasks: task.outstandingTasks,
      queueLengths: valuesOf(after.loops).map((queue) => lengthOf(queue)),
    },
    ...captured,
  ];
}
