/** What servers of Raft keep and tell one another. */

/** What is agreed on, one after the other. */
export interface Entry {
  readonly term: number;
  /** Which leader took it. */
  readonly by: string;
}

/** What a server has written down: it survives a crash. */
export interface Written {
  readonly log: readonly Entry[];
  readonly term: number;
  readonly votedFor?: string | undefined;
}

/** Who a server is, and what it has written down before it starts. */
export interface ServerInput extends Written {
  readonly name: string;
  readonly peers: readonly string[];
}

/** What a server knows. */
export interface ServerContext extends ServerInput {
  /** How many entries of its log it knows to be committed. */
  readonly committed: number;
  /** How many entries each of the others is known to have repeated: of a leader, matchIndex. */
  readonly repeated: Readonly<Record<string, number>>;
  /** How many entries each of the others is thought to have: of a leader, nextIndex less 1. */
  readonly sent: Readonly<Record<string, number>>;
  /** Who has voted for it, in the order of their names: of a candidate. */
  readonly votes: readonly string[];
}

/** What every message says. */
export interface Signed {
  readonly from: string;
  readonly term: number;
}

/** A candidate asks for a vote. */
export interface VoteRequest extends Signed {
  /** The length of the candidate's log and the term of its last entry. */
  readonly length: number;
  readonly lastTerm: number;
}

/** A leader says how the log goes on. */
export interface Append extends Signed {
  readonly committed: number;
  readonly entries: readonly Entry[];
  /** How many entries come before these, and the term of the last of them. */
  readonly after: number;
  readonly afterTerm: number;
}

/** A server says how long its log is now, or after how many entries it cannot go on. */
export interface Repeated extends Signed {
  readonly length: number;
}

/** What servers tell one another. */
export type RaftMessage =
  | ({ readonly type: 'raft.vote-request' } & VoteRequest)
  | ({ readonly type: 'raft.vote' } & Signed)
  | ({ readonly type: 'raft.append' } & Append)
  | ({ readonly type: 'raft.repeated' | 'raft.refused' } & Repeated);

/** What a server is told, by others or by its clock and its clients. */
export type ServerEvent = RaftMessage | { readonly type: 'entry.requested' | 'patience.lost' };

/** What the history of a system is made of. */
export type RaftAnnouncement =
  | { readonly type: 'leader.elected'; readonly log: readonly Entry[]; readonly term: number }
  | {
      readonly type: 'entries.committed';
      readonly entries: readonly Entry[];
      readonly term: number;
    };
