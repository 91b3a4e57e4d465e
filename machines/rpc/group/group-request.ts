import type { GatherWait } from '../../group/group.ts';
import type { StoreRequest } from '../../group/store-requests.ts';
import type { AgentOptions, MembershipUpdate, PeerLife } from '../agent/agent-life.ts';
import type { Peer } from '../agent/directory.ts';

/** What begins to join a group. */
export interface InitRequest {
  readonly type: 'group.begin-init';
  readonly initMethod: string;
  readonly rank: number;
  /** In seconds; the default of the process unless given. */
  readonly rpcTimeout?: number | undefined;
  /** Absent in a group that changes. */
  readonly worldSize: number | undefined;
}

/** What a process that joins knows of the place where its group meets. */
export interface BegunInit {
  /** The address of the process. */
  readonly address: string;
  readonly prefix: string;
  readonly rank: number;
  /** In seconds. */
  readonly rpcTimeout: number;
}

/** What a process that leaves knows of its group. */
export interface BegunShutdown {
  /** Whether one that leaves waits for what it serves, and gives its references back. */
  readonly drains: boolean;
  readonly id: number;
  readonly isStatic: boolean;
  readonly me: Peer;
  /** The names and ids of all that it knows. */
  readonly peers: readonly Peer[];
  readonly prefix: string;
  readonly swallowsBarrierError: boolean;
}

/** What is still under way among the members of a group. */
export interface Activity {
  readonly calls: number;
  /** References that came after the sweep, of whose end their owners have to be told. */
  readonly references: number;
}

/** The token of a group that changes, as one worker holds it. */
export interface GroupToken {
  /** Whether it is given back also after an error. */
  readonly isReleasedOnError: boolean;
  readonly token: string;
}

/** What the library code of a group asks of its process. */
export type GroupRequest =
  | InitRequest
  | {
      readonly type: 'gather.begin';
      readonly names?: readonly string[] | undefined;
      readonly object: unknown;
    }
  | {
      readonly type: 'gather.broadcast';
      readonly id: string;
      readonly objects: Readonly<Record<string, unknown>>;
    }
  /** The leader has told all others; or it, or the follower, has failed. */
  | { readonly type: 'gather.end'; readonly hasFailed: boolean; readonly id: string }
  | {
      readonly type: 'gather.report';
      readonly id: string;
      readonly names: readonly string[];
      readonly object: unknown;
      readonly worker: string;
    }
  | ({
      readonly type: 'gather.wait';
      /** 0 is without end. */
      readonly timeoutMs: number;
    } & GatherWait)
  | {
      readonly type: 'group.begin-process-group' | 'group.begin-shutdown';
    }
  /** Waits for its own calls, perhaps also for those that it serves. */
  | { readonly type: 'group.await-calls'; readonly handlersToo: boolean }
  /** How a worker is to hold the token of its group. */
  | { readonly type: 'group.begin-token'; readonly isJoin: boolean; readonly name: string }
  | ({ readonly type: 'group.create-agent' } & AgentOptions)
  | { readonly type: 'group.end-init'; readonly rank: number }
  /** What PyTorch writes to its log. */
  | { readonly type: 'group.log'; readonly message: string }
  | { readonly type: 'group.learn-lives'; readonly lives: readonly PeerLife[] }
  | { readonly type: 'group.start-agent'; readonly peers: readonly Peer[] }
  /** `isTogether`: all members have agreed that nothing is under way. */
  | { readonly type: 'group.stop-agent'; readonly isTogether?: true }
  | { readonly type: 'group.sync'; readonly counts: boolean }
  | { readonly type: 'group.update-membership'; readonly update: MembershipUpdate }
  | { readonly type: 'store.call'; readonly request: StoreRequest };
