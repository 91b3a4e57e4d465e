import type { StartedPass } from '../../../machines/autograd/backward.ts';
import { receiveGradients, startPass } from '../../../machines/autograd/backward.ts';
import { cleanupBackwardPass, clearOutstandingRpcs } from '../../../machines/autograd/cleanup.ts';
import type { AutogradContainer, Done } from '../../../machines/autograd/container.ts';
import { newContainer } from '../../../machines/autograd/container.ts';
import type { AutogradEffect } from '../../../machines/autograd/effects.ts';
import {
  accumulateGrad,
  addReleasedNodes,
  errorOnNode,
} from '../../../machines/autograd/gradients.ts';
import { peerId } from '../../../machines/autograd/ids.ts';
import { releaseContext, releaseContextIfPresent } from '../../../machines/autograd/lifetime.ts';
import {
  addOutstandingRpc,
  awaitOutstandingRpcs,
  outstandingRpcCompleted,
  outstandingRpcFailed,
} from '../../../machines/autograd/outstanding-rpcs.ts';
import type { Pass } from '../../../machines/autograd/pass.ts';
import {
  addRecvRpcBackward,
  getMessageWithAutograd,
} from '../../../machines/autograd/recording.ts';
import type { GraphTaskContext, LoopStart } from '../../../machines/engine/graph-task-context.ts';
import { newContext, startLoop, turnLoop } from '../../../machines/engine/graph-task-context.ts';
import type { GraphTaskReport } from '../../../machines/engine/graph-task-messages.ts';
import { failed } from '../../../machines/engine/graph-task-state.ts';
import type { Tensor } from '../../../machines/engine/graph.ts';
import type { AutogradContextId } from '../../../machines/engine/ids.ts';
import { wireTensor } from '../../../machines/engine/tensor.ts';
import { keysOf, sizeOf } from '../../../src/core/persistent-map.ts';
import type { Thread } from '../engine/thread.ts';
import { createThread } from '../engine/thread.ts';

/** Workers with their containers, one thread each, and a network that answers when asked to. */
export interface Cluster {
  /** `backward`, with everything that follows from it; throws what it raises. */
  readonly backward: (worker: number, call: BackwardCall) => void;
  /** A call of `body` on a worker: what it gives, as tensors of the caller. */
  readonly call: (from: number, call: Call) => readonly Tensor[];
  readonly container: (worker: number) => AutogradContainer;
  /** Leaves the context, and delivers the wave. */
  readonly release: (worker: number, contextId: AutogradContextId) => void;
  readonly run: <D extends Done>(worker: number, operation: (before: AutogradContainer) => D) => D;
  /** The messages between workers, in the order of sending. */
  readonly sent: () => readonly string[];
  readonly thread: (worker: number) => Thread;
}

export interface BackwardCall {
  readonly contextId: AutogradContextId;
  readonly retainGraph?: boolean;
  readonly roots: readonly Tensor[];
  /** Which of what could go on goes on next, among so many. */
  readonly pick?: (count: number) => number;
}

export interface Call {
  readonly args: readonly Tensor[];
  readonly body: (args: readonly Tensor[]) => readonly Tensor[];
  readonly contextId: AutogradContextId;
  readonly to: number;
}

type Answer = (message?: string) => void;

interface Task {
  readonly answer: Answer;
  context: GraphTaskContext;
  isRunning: boolean;
}

export function createCluster(workers: number): Cluster {
  const containers = Array.from({ length: workers }, (_, id) => newContainer(id));
  const threads = containers.map((_, id) => createThread(`t${id}`));
  const sent: string[] = [];
  const open: (() => void)[] = [];
  const waiters = new Map<string, Answer>();
  const tasks = new Map<string, Task>();
  let calls = 0;

  const thread = (worker: number) => threads[worker] ?? createThread('nobody');
  const container = (worker: number) => containers[worker] ?? newContainer(worker);

  const run: Cluster['run'] = (worker, operation) => {
    const done = operation(container(worker));
    containers[worker] = done.container;
    for (const effect of done.effects) perform(worker, effect);
    return done;
  };

  const perform = (worker: number, effect: AutogradEffect) => {
    if (effect.type === 'cleanup.sent') {
      const { message, to } = effect;
      sent.push(`${worker} -> ${to} ${message.type}`);
      open.push(() => {
        run(to, (before) => releaseContextIfPresent(before, message.contextId));
      });
    } else if (effect.type === 'outstanding-rpcs.settled') {
      waiters.get(effect.waiter)?.(effect.message);
    } else if (effect.type === 'graph-task.poisoned') {
      const { graphTask, message } = effect;
      const task = tasks.get(`${worker}/${graphTask}`);
      if (task?.isRunning !== true) return;
      const { contextId, task: state } = task.context;
      const after = failed(state, { message, type: 'RuntimeError' });
      task.context = { ...task.context, task: after };
      end(worker, { contextId, graphTask });
    } else if (effect.type === 'graph-task.dropped') tasks.delete(`${worker}/${effect.graphTask}`);
  };

  const carry = (from: number, message: Omit<Call, 'body'> & { readonly force: boolean }) => {
    const { args, contextId, force, to } = message;
    const frame = thread(from).frame();
    const wrapped = run(from, (before) =>
      getMessageWithAutograd(before, { current: contextId, force, frame, tensors: args, to }),
    );
    thread(from).setFrame(wrapped.frame);
    const tensors = args.map((each) => wireTensor(each));
    const { metadata } = wrapped;
    if (metadata === undefined) return tensors;
    const incoming = { ...metadata, frame: thread(to).frame(), from, tensors };
    const received = run(to, (before) => addRecvRpcBackward(before, incoming));
    thread(to).setFrame(received.frame);
    return received.tensors;
  };

  const begin = (worker: number, begun: StartedPass, answer: Answer) => {
    const { input, pass, start } = begun;
    run(worker, (before) => clearOutstandingRpcs(before, pass));
    tasks.set(`${worker}/${pass.graphTask}`, {
      answer,
      context: newContext(input),
      isRunning: true,
    });
    loop(worker, pass, start);
  };

  const loop = (worker: number, pass: Pass, start: LoopStart) => {
    const task = tasks.get(`${worker}/${pass.graphTask}`);
    if (task === undefined) return;
    const started = startLoop(task.context, start);
    task.context = started.context;
    const turn = () => {
      const turned = turnLoop(task.context, started.loop);
      task.context = turned.context;
      for (const each of turned.reports) report(worker, pass, each);
      if (turned.isOver) end(worker, pass);
      else open.push(turn);
    };
    open.push(turn);
  };

  const end = (worker: number, pass: Pass) => {
    const task = tasks.get(`${worker}/${pass.graphTask}`);
    if (task?.isRunning !== true) return;
    const { failure, outstandingTasks } = task.context.task;
    const finish: Answer = (message) => {
      run(worker, (before) => cleanupBackwardPass(before, pass));
      task.answer(message);
    };
    task.isRunning = failure === undefined && outstandingTasks > 0;
    if (failure !== undefined) finish(errorOnNode(worker, failure.message));
    else if (outstandingTasks === 0) {
      const waiter = `pass-${worker}-${pass.graphTask}`;
      waiters.set(waiter, finish);
      run(worker, (before) => awaitOutstandingRpcs(before, { pass, waiter }));
    }
  };

  const report = (worker: number, pass: Pass, said: GraphTaskReport) => {
    if (said.type === 'gradient.captured') {
      run(worker, (before) => accumulateGrad(before, { ...said, pass }));
    } else if (said.type === 'nodes.released') {
      run(worker, (before) => addReleasedNodes(before, { nodes: said.nodes, pass }));
    } else if (said.type === 'gradient.sent') sendGradients(worker, pass, said);
  };

  const sendGradients = (
    worker: number,
    pass: Pass,
    said: GraphTaskReport & { readonly type: 'gradient.sent' },
  ) => {
    const to = peerId(said.toWorker);
    const rpc = `rpc-${calls}`;
    calls += 1;
    sent.push(`${worker} -> ${to} BACKWARD_AUTOGRAD_REQ ${said.autogradMessageId}`);
    run(worker, (before) => addOutstandingRpc(before, { pass, rpc }));
    const answer: Answer = (message) => {
      sent.push(`${to} -> ${worker} ${message ?? 'BACKWARD_AUTOGRAD_RESP'}`);
      open.push(() => {
        const done = { pass, rpc };
        if (message === undefined) run(worker, (before) => outstandingRpcCompleted(before, done));
        else run(worker, (before) => outstandingRpcFailed(before, { ...done, message }));
      });
    };
    const { contextId } = pass;
    open.push(() => {
      const arrived = run(to, (before) => receiveGradients(before, { ...said, contextId }));
      if (arrived.type === 'first') begin(to, arrived, answer);
      else {
        loop(to, arrived.pass, arrived.start);
        answer();
      }
    });
  };

  const settle = (pick: (count: number) => number) => {
    while (open.length > 0) open.splice(pick(open.length), 1)[0]?.();
  };

  return {
    backward: (worker, { contextId, pick = () => 0, retainGraph = false, roots }) => {
      let outcome: readonly [string | undefined] | undefined;
      const begun = run(worker, (before) => startPass(before, { contextId, retainGraph, roots }));
      begin(worker, begun, (message) => {
        outcome = [message];
      });
      settle(pick);
      if (outcome === undefined) throw new Error('backward hangs');
      if (outcome[0] !== undefined) throw new Error(outcome[0]);
    },
    call: (from, { args, body, contextId, to }) => {
      const received = carry(from, { args, contextId, force: true, to });
      return carry(to, { args: body(received), contextId, force: false, to: from });
    },
    container,
    release: (worker, contextId) => {
      run(worker, (before) => releaseContext(before, contextId));
      settle(() => 0);
    },
    run,
    sent: () => sent,
    thread,
  };
}

/** Whether a worker has no context and no pass left. */
export function isQuiet({ contexts, heldContexts, initializedContextIds }: AutogradContainer) {
  return [contexts, heldContexts, initializedContextIds].every((map) => sizeOf(map) === 0);
}

/** The ids behind the keys of a table of functions. */
export function idsIn(map: Parameters<typeof keysOf>[0]): readonly number[] {
  return keysOf(map).map((key) => Number(key.slice(1)));
}
