/**
 * What the library code of a group asks of its process.
 *
 * @see PyTorch, `torch/distributed/rpc/__init__.py`, `init_rpc`; `api.py`, `shutdown`.
 */
import { unreachable } from '../../../src/core/errors.ts';
import { checkWorkerId } from '../../autograd/ids.ts';
import { TorchError, torchCheck } from '../../engine/torch-error.ts';
import { meetingOf } from '../../group/rendezvous.ts';
import { isOn } from '../../switches/switches.ts';
import {
  createAgent,
  learnLives,
  startAgent,
  stopAgent,
  updateMembership,
} from '../agent/agent-life.ts';
import { peerById, peersOf } from '../agent/directory.ts';
import type { WorkerContext } from '../context.ts';
import type { Outcome } from '../futures/futures.ts';
import { answer } from '../futures/futures.ts';
import type { Step } from '../step.ts';
import { andThen, stepOf } from '../step.ts';
import { failureOf } from '../user/failure.ts';
import type { Asked, UserRequest } from '../user/user-request.ts';
import { awaitGather, beginGather, endGather, receiveBroadcast, receiveReport } from './gathers.ts';
import type {
  BegunInit,
  BegunShutdown,
  GroupRequest,
  GroupToken,
  InitRequest,
} from './group-request.ts';
import { awaitGroup } from './group-waits.ts';
import { callStore, syncCalls } from './store-calls.ts';

/** Whether this is one of them. */
export function isGroupRequest(request: UserRequest): request is GroupRequest {
  return /^(?:gather|group|store)\./.test(request.type);
}

/** Serves a request about the group. */
export function serveGroup(context: WorkerContext, { request, thread }: Asked<GroupRequest>): Step {
  switch (request.type) {
    case 'gather.begin':
      return beginGather(context, { ...request, thread });
    case 'gather.broadcast':
      return receiveBroadcast(context, { ...request, thread });
    case 'gather.end':
      return endGather(context, { ...request, thread });
    case 'gather.report':
      return receiveReport(context, { ...request, thread });
    case 'gather.wait':
      return awaitGather(context, { thread, timeoutMs: request.timeoutMs, wait: request });
    case 'group.await-calls': {
      const type = request.handlersToo ? 'calls-and-handlers' : 'calls';
      return awaitGroup(context, { thread, wait: { type } });
    }
    case 'group.begin-init':
      return beginInit(context, { request, thread });
    case 'group.begin-process-group': {
      const waitsForAll = !isOn(context.switches, 'init.noGroupBarrier');
      return give(context, { thread, value: { waitsForAll } });
    }
    case 'group.begin-shutdown':
      return give(context, { thread, value: beginShutdown(context) });
    case 'group.begin-token':
      return give(context, { thread, value: tokenOf(context, request) });
    case 'group.create-agent':
      return give(createAgent(context, request), { thread, value: undefined });
    case 'group.end-init':
      return give(initAutograd(context, request.rank), { thread, value: undefined });
    case 'group.learn-lives':
      return give(learnLives(context, request.lives), { thread, value: undefined });
    case 'group.log':
      return andThen(logMessage(context, request.message), (now) =>
        give(now, { thread, value: undefined }),
      );
    case 'group.start-agent':
      return give(startAgent(context, request.peers), { thread, value: context.lives });
    case 'group.stop-agent':
      return stopAgent(request.isTogether === true ? leftTogether(context) : context, { thread });
    case 'group.sync':
      return syncCalls(context, { counts: request.counts, thread });
    case 'group.update-membership':
      return give(updateMembership(context, request.update), { thread, value: undefined });
    case 'store.call':
      return callStore(context, { request: request.request, thread });
    default:
      return unreachable(request);
  }
}

/**
 * A process counts its starts and initialises distributed autograd before it looks whether it has an agent: what
 * it has done of that stays done when it fails.
 */
function beginInit(context: WorkerContext, { request, thread }: Asked<InitRequest>): Step {
  const { agent, group, name: address } = context;
  const { initMethod, rpcTimeout = agent.defaultTimeoutMs / 1_000 } = request;
  const { rank, store } = meetingOf({ ...request, env: group.env });
  const isServed = rank === 0 && initMethod.startsWith('tcp://') && group.phase === 'running';
  torchCheck(!isServed || !group.prefix.startsWith(`${store}/`), 'Address already in use');
  const prefix = `${store}/rpc_prefix_${group.inits}`;
  const counted = { ...context, group: { ...group, inits: group.inits + 1 } };
  const value: BegunInit = { address, prefix, rank, rpcTimeout };
  try {
    const ready = isOn(context.switches, 'init.startAgentFirst')
      ? counted
      : initAutograd(counted, rank);
    const { phase } = group;
    const isFree = phase === 'new' || phase === 'stopped';
    const outcome: Outcome = isFree
      ? { type: 'returned', value }
      : { type: 'threw', error: { message: 'RPC is already initialized', name: 'RuntimeError' } };
    return answer(ready, { outcome, thread });
  } catch (thrown) {
    if (!(thrown instanceof TorchError)) throw thrown;
    return answer(counted, { outcome: { type: 'threw', error: failureOf(thrown) }, thread });
  }
}

/** Distributed autograd knows its worker from now on. @see PyTorch, `container.cpp`, `init`. */
function initAutograd(context: WorkerContext, rank: number): WorkerContext {
  const { autograd, group } = context;
  checkWorkerId(rank);
  torchCheck(
    !group.isAutogradReady || autograd.workerId === rank,
    `Container is already initialized with worker_id: ${autograd.workerId}, cannot initialize with ` +
      `different worker_id: ${rank}`,
  );
  if (group.isAutogradReady) return context;
  return {
    ...context,
    autograd: { ...autograd, workerId: rank },
    group: { ...group, isAutogradReady: true },
  };
}

/** PyTorch names a token alike each time, so the mark that one is done stays for the next one of that name. */
function tokenOf(
  { group, lives, name: process, switches }: WorkerContext,
  { isJoin, name }: { readonly isJoin: boolean; readonly name: string },
): GroupToken {
  const epoch = isOn(switches, 'dyn.keyReuse') ? '' : `_${process}_${lives}_${group.inits}`;
  return {
    isReleasedOnError: !isOn(switches, 'dyn.tokenNoFinally'),
    token: `Token_for_${name}_${isJoin ? 'join' : 'leave'}${epoch}`,
  };
}

function leftTogether(context: WorkerContext): WorkerContext {
  return { ...context, group: { ...context.group, hasLeftTogether: true } };
}

function beginShutdown({ directory, group, id, name, switches }: WorkerContext): BegunShutdown {
  return {
    drains: !isOn(switches, 'dyn.leaveIgnoresServerCalls'),
    id,
    isStatic: group.isStatic,
    me: peerById(directory, id) ?? { address: name, id, name },
    peers: peersOf(directory),
    prefix: group.prefix,
    swallowsBarrierError: isOn(switches, 'shutdown.swallowBarrierError'),
  };
}

function logMessage(context: WorkerContext, message: string): Step {
  return stepOf(context, { type: 'announced', announcement: { type: 'api.logged', message } });
}

function give(
  context: WorkerContext,
  { thread, value }: { readonly thread: string; readonly value: unknown },
): Step {
  return answer(context, { outcome: { type: 'returned', value }, thread });
}
