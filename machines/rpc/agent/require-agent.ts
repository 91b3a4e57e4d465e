import { torchCheck } from '../../engine/torch-error.ts';
import { surviveShutdown } from '../../rref/deletion.ts';
import type { WorkerContext } from '../context.ts';
import type { UserRequest } from '../user/user-request.ts';

/**
 * What a request says where the process has no agent.
 *
 * @see PyTorch, `api.py`, `_require_initialized`; `rpc_agent.cpp`, `RpcAgent::getCurrentRpcAgent`.
 */
const refusals: Readonly<Partial<Record<UserRequest['type'], string>>> = (() => {
  const uninitialized = 'RPC has not been initialized. Call torch.distributed.rpc.init_rpc first.';
  const noAgent =
    'Current RPC agent is not set! Did you initialize the RPC framework (e.g. by calling ' +
    '`rpc.init_rpc`)?';
  return {
    'gather.begin': uninitialized,
    'group.begin-shutdown': uninitialized,
    'rpc.async': uninitialized,
    'rpc.debug-info': noAgent,
    'rpc.get-timeout': noAgent,
    'rpc.profile-gil': noAgent,
    'rpc.remote': uninitialized,
    'rpc.set-timeout': noAgent,
    'rpc.sync': uninitialized,
    'rpc.worker-info': uninitialized,
    'rpc.worker-infos': noAgent,
    'rref.backward': noAgent,
    'rref.create': noAgent,
    'rref.get-type': noAgent,
    'rref.sweep': noAgent,
    'rref.to-here': noAgent,
  };
})();

/**
 * Refuses what needs distributed autograd.
 *
 * @throws {TorchError} if it is not initialised.
 * @see PyTorch, `container.cpp`, `DistAutogradContainer::getInstance`.
 */
export function requireAutograd({ group }: Pick<WorkerContext, 'group'>): void {
  torchCheck(
    group.isAutogradReady,
    'Need to initialize distributed autograd using torch.distributed.autograd.init()',
  );
}

/**
 * Refuses what needs an agent, and what needs distributed autograd.
 *
 * @throws {TorchError} if it is not there.
 */
export function requireAgent({ group, rrefs }: WorkerContext, { type }: UserRequest): void {
  if (type.startsWith('autograd.')) requireAutograd({ group });
  const keepsAgent = type === 'rref.create' && group.phase === 'stopped' && surviveShutdown(rrefs);
  const hasAgent = group.phase === 'running' || group.phase === 'closing' || keepsAgent;
  const refusal = refusals[type];
  torchCheck(hasAgent || refusal === undefined, refusal ?? '');
}
