/**
 * The life of an agent: it is made, it listens, it stops; in one process after another there may be more.
 *
 * @see PyTorch, `tensorpipe_agent.cpp`, `startImpl`, `shutdownImpl`; `torch/distributed/rpc/backend_registry.py`,
 * `_tensorpipe_init_backend_handler`.
 */
import { emptyMap, getIn, setIn, valuesOf } from '../../../src/core/persistent-map.ts';
import { torchCheck } from '../../engine/torch-error.ts';
import { checkWorkerName } from '../../group/names.ts';
import { surviveShutdown } from '../../rref/deletion.ts';
import { renewTables } from '../../rref/renewal.ts';
import { isOn } from '../../switches/switches.ts';
import type { WorkerContext } from '../context.ts';
import { answer } from '../futures/futures.ts';
import { awaitGroup } from '../group/group-waits.ts';
import type { Step, WorkerEffect } from '../step.ts';
import { andThen, stepOf } from '../step.ts';
import { timeoutMsOf } from '../user/process-requests.ts';
import type { FaultyBackendOptions } from './backend.ts';
import { faultyTensorPipe } from './backend.ts';
import type { Peer } from './directory.ts';
import { addPeer, directoryOf, removePeer } from './directory.ts';
import { failCall } from './end-call.ts';
import { leavePipe, pipeKey } from './pipes.ts';
import { sendBack } from './reply.ts';

/** What an agent is made with. */
export interface AgentOptions {
  readonly backend?: FaultyBackendOptions | undefined;
  readonly id: number;
  readonly isStatic: boolean;
  readonly name: string;
  readonly poolSize?: number | undefined;
  readonly prefix: string;
  /** In seconds. */
  readonly rpcTimeout: number;
}

const workerIdMax = 32_767;

/**
 * Makes the agent; it does not listen yet, and knows nobody.
 *
 * @throws {TorchError} for a name or an id that is refused, or a backend that cannot be.
 */
export function createAgent(context: WorkerContext, options: AgentOptions): WorkerContext {
  const { agent, group, pool, rrefs } = context;
  const { backend, id, isStatic, name, poolSize = pool.size, prefix, rpcTimeout } = options;
  checkWorkerName(name);
  torchCheck(id <= workerIdMax, `RPC worker id ${id} out of bound of int16_t.`);
  torchCheck(poolSize > 0, `num_worker_threads must be positive, got ${poolSize}`);
  const timeoutMs = timeoutMsOf(rpcTimeout);
  const isSecond = group.phase === 'stopped';
  const keepsTables = isSecond && surviveShutdown(rrefs);
  return {
    ...context,
    agent: {
      ...agent,
      ...(backend === undefined ? {} : { backend: faultyTensorPipe(backend) }),
      calls: emptyMap(),
      clientActiveCalls: 0,
      defaultTimeoutMs: timeoutMs,
      failedSends: emptyMap(),
      pipes: emptyMap(),
    },
    directory: directoryOf([]),
    group: {
      ...group,
      isRRefAgentGone: keepsTables,
      isStatic,
      prefix,
      storeTimeoutMs: timeoutMs,
    },
    id,
    pool: { ...pool, size: poolSize },
    rrefs: keepsTables ? rrefs : renewTables(rrefs, id),
  };
}

/** The agent listens from now on, and knows these. */
export function startAgent(context: WorkerContext, peers: readonly Peer[]): WorkerContext {
  const { hasLeftTogether: _before, ...group } = context.group;
  return {
    ...context,
    directory: directoryOf(peers),
    group: { ...group, names: peers.map(({ name }) => name), phase: 'running' },
  };
}

/** A worker joins or leaves: from now on it is known, or it is not. */
export function updateMembership(context: WorkerContext, update: MembershipUpdate): WorkerContext {
  const { life, peer, type } = update;
  if (type === 'left') {
    const left = { ...context, directory: removePeer(context.directory, peer.id) };
    return leavePipe(left, peer.id);
  }
  const joined = { ...context, directory: addPeer(context.directory, peer) };
  return learnLives(joined, [{ id: peer.id, life }]);
}

/** Who joins or leaves. */
export interface MembershipUpdate {
  readonly type: 'joined' | 'left';
  /** How often its process began to listen. */
  readonly life: number;
  readonly peer: Peer;
}

/** Which start of its process each peer is at. */
export function learnLives(context: WorkerContext, lives: readonly PeerLife[]): WorkerContext {
  const { agent } = context;
  const pipes = lives
    .filter(({ id, life }) => life > 1 && getIn(agent.pipes, pipeKey(id)) === undefined)
    .reduce((all, { id, life }) => setIn(all, pipeKey(id), { life }), agent.pipes);
  return { ...context, agent: { ...agent, pipes } };
}

/** A peer, and how often its process began to listen. */
export interface PeerLife {
  readonly id: number;
  readonly life: number;
}

/**
 * The agent stops: its pipes are closed, and the thread goes on when the pool has nothing to do any more. It was once
 * the other way round.
 */
export function stopAgent(context: WorkerContext, { thread }: { readonly thread: string }): Step {
  return isOn(context.switches, 'shutdown.drainBeforeClose')
    ? awaitGroup(context, { thread, wait: { type: 'drained-first' } })
    : andThen(closeAgent(context, 'closing'), (now) =>
        awaitGroup(now, { thread, wait: { type: 'drained' } }),
      );
}

/** The pool had nothing to do a moment ago: the pipes are closed, and the agent has stopped. */
export function closeDrained(
  context: WorkerContext,
  { thread }: { readonly thread: string },
): Step {
  return andThen(closeAgent(context, 'stopped'), (now) =>
    answer(now, { outcome: { type: 'returned', value: undefined }, thread }),
  );
}

/** Nobody listens any more: the calls of the agent fail, and its peers learn that theirs will not be answered. */
function closeAgent(context: WorkerContext, phase: 'closing' | 'stopped'): Step {
  const { agent, group, lives } = context;
  const closing = { ...context, group: { ...group, phase }, lives: lives + 1 };
  return valuesOf(agent.calls)
    .filter((call) => call.result === undefined)
    .toSorted((a, b) => a.id - b.id)
    .reduce<Step>(
      (step, { id }) => andThen(step, (now) => failCall(now, { error: 'pipe closed', id })),
      stepOf(closing, ...resets(closing)),
    );
}

/** Who waits for an answer of this agent sees the end of its pipe; it need not be known here yet. */
function resets({ id: from, lives: life, threads }: WorkerContext): readonly WorkerEffect[] {
  const requests = valuesOf(threads).flatMap(({ request }) => request ?? []);
  const byCaller = new Map(requests.map((request) => [request.from, request]));
  return [...byCaller]
    .filter(([to]) => to !== from)
    .toSorted(([a], [b]) => a - b)
    .map(([, request]) => sendBack(request, { type: 'pipe.reset', from, life }));
}
