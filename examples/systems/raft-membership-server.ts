/**
 * A server of Raft whose members change: its part of `raft-membership.ts`. Its log is short, goes round whole, and says
 * who counts, so that it has states and terms in common with `examples/protocols/raft-server.ts`, and no rule about the
 * log: each is to be read by itself.
 */
import { and, assign, emit, enqueueActions, sendTo, setup } from 'xstate';

/** The servers that there are. */
export const all: readonly string[] = ['s1', 's2', 's3', 's4'];

/** What a server announces. */
export interface CommittedEvent {
  readonly type: 'entries.committed';
  readonly entries: readonly Entry[];
  readonly term: number;
}

/** An entry of the log: the members from then on. */
export interface Entry {
  readonly members: readonly string[];
  readonly term: number;
}

interface Signed {
  readonly from: string;
  readonly term: number;
}

interface VoteRequest extends Signed {
  readonly lastTerm: number;
  readonly length: number;
}

interface Append extends Signed {
  /** The whole log: it is short. */
  readonly log: readonly Entry[];
}

/** What a server knows. */
export interface ServerContext {
  readonly committed: number;
  readonly log: readonly Entry[];
  readonly name: string;
  /** Who has the leader's log as it is, in the order of their names. */
  readonly repeated: readonly string[];
  readonly term: number;
  readonly votedFor: string;
  /** In the order of their names. */
  readonly votes: readonly string[];
}

type ServerEvent =
  | { readonly type: 'patience.lost' }
  | { readonly type: 'member.removed'; readonly member: string }
  | ({ readonly type: 'raft.vote-request' } & VoteRequest)
  | ({ readonly type: 'raft.vote' } & Signed)
  | ({ readonly type: 'raft.append' } & Append)
  | ({ readonly type: 'raft.repeated'; readonly length: number } & Signed);

/**
 * A server.
 *
 * `follower -> candidate -> leader -> follower`
 */
export const serverMachine = setup({
  types: {
    input: {} as { readonly name: string },
    context: {} as ServerContext,
    events: {} as ServerEvent,
    emitted: {} as CommittedEvent,
  },
  actions: {
    announceCommitted: emit(({ context: { committed, log, term } }) => ({
      type: 'entries.committed' as const,
      entries: log.slice(0, committed),
      term,
    })),
    // An entry of its own term that changes nothing comes first.
    beginOffice: assign(({ context: { log, name, term } }) => ({
      log: [...log, { members: membersOf(log), term }],
      repeated: [name],
    })),
    commit: assign(({ context: { log } }) => ({ committed: log.length })),
    confirm: sendTo(
      ({ system }, { from }: Append) => system.get(from),
      ({ context: { name, term } }, { log }): ServerEvent => ({
        type: 'raft.repeated',
        from: name,
        length: log.length,
        term,
      }),
    ),
    followTerm: assign(({ context }, { term }: Signed) =>
      term > context.term ? { term, votedFor: '' } : {},
    ),
    noteRepeated: assign(({ context: { repeated } }, { from }: Signed) => ({
      repeated: withName(repeated, from),
    })),
    noteVote: assign(({ context: { votes } }, { from }: Signed) => ({
      votes: withName(votes, from),
    })),
    remove: assign(({ context: { log, name, term } }, { member }: { readonly member: string }) => ({
      log: [...log, { members: membersOf(log).filter((each) => each !== member), term }],
      repeated: [name],
    })),
    replicate: enqueueActions(({ context: { log, name, term }, enqueue }) => {
      if (termOf(log) !== term) return;
      const append: ServerEvent = { type: 'raft.append', from: name, log, term };
      for (const peer of membersOf(log).filter((each) => each !== name)) {
        enqueue.sendTo(({ system }) => system.get(peer), append);
      }
    }),
    askForVotes: enqueueActions(({ context: { log, name, term }, enqueue }) => {
      const lastTerm = termOf(log);
      const request = { from: name, lastTerm, length: log.length, term };
      const asked: ServerEvent = { type: 'raft.vote-request', ...request };
      for (const peer of membersOf(log).filter((each) => each !== name)) {
        enqueue.sendTo(({ system }) => system.get(peer), asked);
      }
    }),
    // What was sent before, and comes late, takes nothing away.
    repeat: assign(({ context }, { log }: Append) =>
      log.every((entry, index) => isSame(entry, context.log[index])) ? {} : { log },
    ),
    resign: assign({ repeated: [], votes: [] }),
    stand: assign(({ context: { name, term } }) => ({
      term: term + 1,
      votedFor: name,
      votes: [name],
    })),
    vote: enqueueActions(({ context: { name, term }, enqueue }, { from }: VoteRequest) => {
      enqueue.assign({ votedFor: from });
      const vote: ServerEvent = { type: 'raft.vote', from: name, term };
      enqueue.sendTo(({ system }) => system.get(from), vote);
    }),
  },
  guards: {
    grantsVote: ({ context }, request: VoteRequest) => grantsVote(context, request),
    isAhead: ({ context: { committed, log } }) => log.length > committed,
    isCurrent: ({ context }, { term }: Signed) => term >= context.term,
    isElected: ({ context: { log, votes } }) => isMajority(votes, membersOf(log)),
    isFirst: ({ context: { name } }) => name === 's1',
    isLast: ({ context: { log, term } }, event: Signed & { readonly length: number }) =>
      event.term === term && event.length === log.length,
    isNewTerm: ({ context }, { term }: Signed) => term > context.term,
    isOwnTerm: ({ context }, { term }: Signed) => term === context.term,
    isRepeated: ({ context: { log, repeated } }) => isMajority(repeated, membersOf(log)),
    mayChange: ({ context: { committed, log } }) => committed === log.length,
  },
}).createMachine({
  id: 'raft-member',
  context: ({ input: { name } }) => ({
    committed: 0,
    log: [],
    name,
    repeated: [],
    term: 1,
    votedFor: 's1',
    votes: [],
  }),
  initial: 'beginning',
  on: {
    'raft.vote-request': [
      {
        guard: { type: 'grantsVote', params: ({ event }) => event },
        target: '.follower',
        actions: [
          { type: 'followTerm', params: ({ event }) => event },
          { type: 'vote', params: ({ event }) => event },
        ],
      },
      {
        guard: { type: 'isNewTerm', params: ({ event }) => event },
        target: '.follower',
        actions: { type: 'followTerm', params: ({ event }) => event },
      },
    ],
    'raft.append': {
      guard: { type: 'isCurrent', params: ({ event }) => event },
      target: '.follower',
      actions: [
        { type: 'followTerm', params: ({ event }) => event },
        { type: 'repeat', params: ({ event }) => event },
        { type: 'confirm', params: ({ event }) => event },
      ],
    },
  },
  states: {
    beginning: { always: [{ guard: 'isFirst', target: 'leader' }, { target: 'follower' }] },
    follower: { entry: 'resign', on: { 'patience.lost': 'candidate' } },
    candidate: {
      entry: ['stand', 'askForVotes'],
      always: { guard: 'isElected', target: 'leader' },
      on: {
        'patience.lost': { target: 'candidate', reenter: true },
        'raft.vote': {
          guard: { type: 'isOwnTerm', params: ({ event }) => event },
          actions: { type: 'noteVote', params: ({ event }) => event },
        },
      },
    },
    leader: {
      entry: ['beginOffice', 'replicate'],
      always: {
        guard: and(['isAhead', 'isRepeated']),
        actions: ['commit', 'announceCommitted'],
      },
      on: {
        'patience.lost': 'candidate',
        'member.removed': {
          guard: 'mayChange',
          actions: [{ type: 'remove', params: ({ event }) => event }, 'replicate'],
        },
        'raft.repeated': {
          guard: { type: 'isLast', params: ({ event }) => event },
          actions: { type: 'noteRepeated', params: ({ event }) => event },
        },
      },
    },
  },
});

function grantsVote({ log, term, votedFor }: ServerContext, request: VoteRequest): boolean {
  const isFree = request.term > term || (request.term === term && votedFor === '');
  const own = termOf(log);
  const isUpToDate =
    request.lastTerm > own || (request.lastTerm === own && request.length >= log.length);
  return isFree && isUpToDate;
}

/** The members by the last configuration in a log, committed or not. */
function membersOf(log: readonly Entry[]): readonly string[] {
  return log.at(-1)?.members ?? all;
}

function termOf(log: readonly Entry[]): number {
  return log.at(-1)?.term ?? 0;
}

function isMajority(names: readonly string[], members: readonly string[]): boolean {
  return members.filter((each) => names.includes(each)).length > members.length / 2;
}

/** Whether two entries are one. */
export function isSame(one: Entry, other: Entry | undefined): boolean {
  return one.term === other?.term && one.members.join() === other.members.join();
}

function withName(names: readonly string[], name: string): readonly string[] {
  return [...new Set([...names, name])].toSorted();
}
