import { startPass } from '../../../machines/autograd/backward.ts';
import type { AutogradContainer, Done } from '../../../machines/autograd/container.ts';
import { newContainer } from '../../../machines/autograd/container.ts';
import { releaseContext } from '../../../machines/autograd/lifetime.ts';
import {
  addRecvRpcBackward,
  getMessageWithAutograd,
} from '../../../machines/autograd/recording.ts';
import type { Tensor } from '../../../machines/engine/graph.ts';
import type { AutogradContextId } from '../../../machines/engine/ids.ts';
import { wireTensor } from '../../../machines/engine/tensor.ts';
import { keysOf } from '../../../src/core/persistent-map.ts';
import type { Thread } from '../engine/thread.ts';
import { createThread } from '../engine/thread.ts';
import type { Stage } from './stage.ts';
import { begin, perform, settle } from './stage.ts';

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

export function createCluster(workers: number): Cluster {
  const containers = Array.from({ length: workers }, (_, id) => newContainer(id));
  const threads = containers.map((_, id) => createThread(`t${id}`));
  const container = (worker: number) => containers[worker] ?? newContainer(worker);
  const thread = (worker: number) => threads[worker] ?? createThread('nobody');
  const run: Cluster['run'] = (worker, operation) => {
    const done = operation(container(worker));
    containers[worker] = done.container;
    for (const effect of done.effects) perform(stage, worker, effect);
    return done;
  };
  const stage: Stage = { open: [], run, sent: [], tasks: new Map(), waiters: new Map() };
  return {
    backward: (worker, call) => {
      backward(stage, worker, call);
    },
    call: (from, { args, body, contextId, to }) => {
      const received = carry({ run, thread }, from, { args, contextId, force: true, to });
      const results = body(received);
      return carry({ run, thread }, to, { args: results, contextId, force: false, to: from });
    },
    container,
    release: (worker, contextId) => {
      run(worker, (before) => releaseContext(before, contextId));
      settle(stage, () => 0);
    },
    run,
    sent: () => stage.sent,
    thread,
  };
}

function backward(stage: Stage, worker: number, call: BackwardCall): void {
  const { contextId, pick = () => 0, retainGraph = false, roots } = call;
  let outcome: readonly [string | undefined] | undefined;
  const answer = (message?: string) => {
    outcome = [message];
  };
  const begun = stage.run(worker, (before) => startPass(before, { contextId, retainGraph, roots }));
  begin(stage, worker, { ...begun, answer });
  settle(stage, pick);
  if (outcome === undefined) throw new Error('backward hangs');
  const [message] = outcome;
  if (message !== undefined) throw new Error(message);
}

type Message = Omit<Call, 'body'> & { readonly force: boolean };

/** Carries tensors to another worker; the message arrives at once. */
function carry(
  { run, thread }: Pick<Cluster, 'run' | 'thread'>,
  from: number,
  { args, contextId, force, to }: Message,
): readonly Tensor[] {
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
}

/** The ids behind the keys of a table of functions. */
export function idsIn(map: Parameters<typeof keysOf>[0]): readonly number[] {
  return keysOf(map).map((key) => Number(key.slice(1)));
}
