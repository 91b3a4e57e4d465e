import type { PersistentMap } from '../../src/core/persistent-map.ts';
import { emptyMap } from '../../src/core/persistent-map.ts';
import type { Gather } from './gather.ts';

/**
 * Where the agent of a process stands: `new -> running -> closing -> stopped -> running -> …`. In `closing`
 * its pipes are closed, and its pool does what it still has to do.
 */
export type AgentPhase = 'closing' | 'new' | 'running' | 'stopped';

/** What a process knows of its group, as an agent and as the module of Python. */
export interface Group {
  /** How many barriers of the store the process came to: PyTorch's `barrierId`. */
  readonly barriers: number;
  /** The variables of its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The gathers under way, by their ids: PyTorch's `_all_gather_sequence_id_to_states`. */
  readonly gathers: PersistentMap<Gather>;
  /** The gathers that this member gave up, by their ids, where that is remembered. */
  readonly givenUp: PersistentMap<true>;
  /** While the sum of all calls is made: what would send, and so waits. */
  readonly held?: readonly HeldEvent[];
  /** Whether its agent closed after all members had agreed that nothing is under way. */
  readonly hasLeftTogether?: true;
  /** How often `init_rpc` was called: PyTorch's `_init_counter`. */
  readonly inits: number;
  /** Whether distributed autograd is initialised. */
  readonly isAutogradReady: boolean;
  /** Whether references still go through an agent that was stopped. */
  readonly isRRefAgentGone: boolean;
  readonly isStatic: boolean;
  /** All names at the start of the agent: PyTorch's `_ALL_WORKER_NAMES`; absent, those of the directory. */
  readonly names?: readonly string[];
  readonly phase: AgentPhase;
  /** What the keys of the agent's store begin with. */
  readonly prefix: string;
  /** How many gathers each set of names has begun, by `gatherKey`. */
  readonly sequences: PersistentMap<number>;
  /** How many operations the process asked its store for. */
  readonly storeCalls: number;
  /** How long it waits for the store; 0 is without end. */
  readonly storeTimeoutMs: number;
  /** How many peers are still to be told of the end of an autograd context; absent if none is. */
  readonly untold?: number;
  /** What its threads wait for, by thread. */
  readonly waits: PersistentMap<GroupWait>;
}

/** An event that has to wait. */
export interface HeldEvent {
  readonly type: string;
}

/** How a member waits in a gather. */
export interface GatherWait {
  readonly id: string;
  readonly names: readonly string[];
  /** Whether the gather is forgotten afterwards. */
  readonly pops: boolean;
  /** Whether, when the time is over, it goes on to look who is missing, and waits again. */
  readonly probes: boolean;
}

/** What a thread waits for. */
export type GroupWait =
  /** No call of this process is active. */
  | { readonly type: 'calls' }
  /** Neither is one that it serves. */
  | { readonly type: 'calls-and-handlers' }
  /** The pool has nothing to do, and its agent is closed; or its agent is closed after that. */
  | { readonly type: 'drained' | 'drained-first' }
  /** All members have reported, or the leader says so. */
  | ({ readonly type: 'gathered' } & GatherWait)
  /** A gather that somebody else waits for is over. */
  | { readonly type: 'reported'; readonly id: string }
  | { readonly type: 'store'; readonly answer: StoreUse; readonly id: string };

/** What the answer of the store is for: user code, or the sum of the active calls of all. */
export type StoreUse = 'sum' | 'value';

/** The group of a process that was started as a member, or of one that has yet to join. */
export function newGroup({ env, isMember, rpcTimeoutMs }: NewGroup): Group {
  return {
    barriers: 0,
    env,
    gathers: emptyMap(),
    givenUp: emptyMap(),
    inits: isMember ? 1 : 0,
    isAutogradReady: isMember,
    isRRefAgentGone: false,
    isStatic: true,
    phase: isMember ? 'running' : 'new',
    prefix: isMember ? 'rpc_prefix_0' : '',
    sequences: emptyMap(),
    storeCalls: 0,
    storeTimeoutMs: rpcTimeoutMs,
    waits: emptyMap(),
  };
}

interface NewGroup {
  readonly env: Readonly<Record<string, string>>;
  readonly isMember: boolean;
  readonly rpcTimeoutMs: number;
}
