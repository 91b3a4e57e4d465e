import type { AutogradDebugInfo } from '../../autograd/debug-info.ts';
import { debugInfo as autogradInfo } from '../../autograd/debug-info.ts';
import type { RRefDebugInfo } from '../../rref/debug-info.ts';
import { debugInfo as rrefInfo } from '../../rref/debug-info.ts';
import type { WorkerContext } from '../context.ts';

/** What `rpc._get_debug_info()` says of the agent. */
export interface AgentDebugInfo {
  readonly 'agent.client_active_calls': string;
  /** Only where the lock of the interpreter is watched; nobody waits for it here. */
  readonly 'agent.gil_average_wait_time_us'?: string;
  readonly 'agent.num_idle_threads': string;
  readonly 'agent.server_active_async_calls': string;
  readonly 'agent.server_active_calls': string;
  readonly 'agent.thread_pool_size': string;
}

/** What `rpc._get_debug_info()` says, and the three tables that it hides. */
export type DebugInfo = RRefDebugInfo & AutogradDebugInfo & AgentDebugInfo;

/** How much there is of everything on a worker. @see PyTorch, `api.py`, `_get_debug_info`. */
export function debugInfoOf({ agent, autograd, pool, rrefs }: WorkerContext): DebugInfo {
  return {
    ...autogradInfo(autograd),
    ...rrefInfo(rrefs),
    'agent.client_active_calls': String(agent.clientActiveCalls),
    ...(agent.profilesGil ? { 'agent.gil_average_wait_time_us': '0' } : {}),
    'agent.num_idle_threads': String(pool.size - pool.running),
    'agent.server_active_async_calls': String(agent.serverActiveAsyncCalls),
    'agent.server_active_calls': String(agent.serverActiveCalls),
    'agent.thread_pool_size': String(pool.size),
  };
}
