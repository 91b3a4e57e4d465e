/**
 * What user code asks of the process that it runs in.
 *
 * @see PyTorch, `torch/distributed/rpc/api.py`; `torch/csrc/distributed/rpc/init.cpp`.
 */
import { unreachable } from '../../../src/core/errors.ts';
import { isNone } from '../../engine/python-types.ts';
import { TorchError, torchCheck } from '../../engine/torch-error.ts';
import { debugInfoOf } from '../agent/debug-info.ts';
import { peerById, peerByName, peersOf } from '../agent/directory.ts';
import type { WorkerContext } from '../context.ts';
import { nameOfWorker } from '../context.ts';
import { answer } from '../futures/futures.ts';
import type { Step } from '../step.ts';
import { stepOf } from '../step.ts';
import type { Asked, ProcessRequest, WorkerRef } from './user-request.ts';

/** Serves a request about the process. */
export function serveProcess(
  context: WorkerContext,
  { request, thread }: Asked<ProcessRequest>,
): Step {
  const { agent } = context;
  switch (request.type) {
    case 'rpc.debug-info':
      return give(context, { thread, value: debugInfoOf(context) });
    case 'rpc.get-timeout':
      return give(context, { thread, value: agent.defaultTimeoutMs / 1_000 });
    case 'rpc.profile-gil': {
      const profiled = { ...context, agent: { ...agent, profilesGil: request.isOn } };
      return give(profiled, { thread, value: undefined });
    }
    case 'rpc.set-timeout': {
      const defaultTimeoutMs = timeoutMsOf(request.seconds);
      return give(
        { ...context, agent: { ...agent, defaultTimeoutMs } },
        { thread, value: undefined },
      );
    }
    case 'rpc.worker-info': {
      const id = request.worker === undefined ? context.id : idOf(context, request.worker);
      return give(context, { thread, value: infoOf(context, id) });
    }
    case 'rpc.worker-infos': {
      const value = peersOf(context.directory).map(({ id, name }) => ({ id, name }));
      return give(context, { thread, value });
    }
    case 'time.sleep':
      return stepOf(context, {
        type: 'function.told',
        delayMs: Math.max(0, Math.round(request.seconds * 1_000)),
        event: { type: 'request.answered', value: undefined },
        thread,
      });
    default:
      return unreachable(request);
  }
}

/**
 * A time-out in seconds as the agent takes it: cut to milliseconds, so the smallest ones become 0, and what no `int`
 * of C++ holds becomes its least one, which is over at once.
 */
export function timeoutMsOf(seconds: number): number {
  const timeoutMs = Math.trunc(seconds * 1_000) + 0;
  return Math.abs(timeoutMs) < intEnd ? timeoutMs : -intEnd;
}

const intEnd = 2 ** 31;

/**
 * The id of a worker that user code names.
 *
 * @throws {TorchError} if there is none.
 */
export function idOf(context: WorkerContext, worker: WorkerRef): number {
  const { directory, id: rank } = context;
  const name = nameOfWorker(context, rank);
  const wanted = wantedOf(worker);
  const isId = typeof wanted === 'number';
  const found = isId ? peerById(directory, wanted) : peerByName(directory, wanted);
  torchCheck(
    found !== undefined,
    `name:${name},rank:${rank} could not find destination ${isId ? 'id' : 'name'} ${wanted}`,
  );
  return found.id;
}

/** What is no name and no id may come from programs without types. */
function wantedOf(worker: unknown): number | string {
  const isObject = typeof worker === 'object' && Boolean(worker);
  // cast -- an object that is given for a worker is its information
  const wanted: unknown = isObject ? (worker as { readonly id?: unknown }).id : worker;
  if (typeof wanted === 'string' || (typeof wanted === 'number' && Number.isInteger(wanted))) {
    return wanted;
  }
  const given = isNone(wanted) ? 'None' : JSON.stringify(wanted);
  throw new TorchError('ValueError', `Cannot get WorkerInfo from name ${given}`);
}

function infoOf({ directory }: WorkerContext, id: number) {
  return { id, name: peerById(directory, id)?.name ?? '' };
}

function give(
  context: WorkerContext,
  { thread, value }: { readonly thread: string; readonly value: unknown },
): Step {
  return answer(context, { outcome: { type: 'returned', value }, thread });
}
