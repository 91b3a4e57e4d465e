/**
 * A server of Raft.
 *
 * @see Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm", 2014, figure 2.
 */
import { and, assign, emit, enqueueActions, sendTo, setup } from 'xstate';

import type {
  Append,
  Entry,
  RaftAnnouncement,
  RaftMessage,
  Repeated,
  ServerContext,
  ServerEvent,
  ServerInput,
  Signed,
  VoteRequest,
} from './raft-messages.ts';

/**
 * A server.
 *
 * `follower -> candidate -> leader -> follower`
 */
export const raftServerMachine = setup({
  types: {
    input: {} as ServerInput,
    context: {} as ServerContext,
    events: {} as ServerEvent,
    emitted: {} as RaftAnnouncement,
  },
  actions: {
    announceCommitted: emit(({ context: { committed, log, term } }) => ({
      type: 'entries.committed' as const,
      entries: log.slice(0, committed),
      term,
    })),
    announceElected: emit(({ context: { log, term } }) => ({
      type: 'leader.elected' as const,
      log,
      term,
    })),
    askForVotes: enqueueActions(({ context: { log, name, peers, term }, enqueue }) => {
      for (const peer of peers) {
        const request: RaftMessage = {
          type: 'raft.vote-request',
          from: name,
          lastTerm: termAt(log, log.length),
          length: log.length,
          term,
        };
        enqueue.sendTo(({ system }) => system.get(peer), request);
      }
    }),
    confirm: sendTo(
      ({ system }, { from }: Append) => system.get(from),
      ({ context: { name, term } }, { after, entries }): RaftMessage => ({
        type: 'raft.repeated',
        from: name,
        length: after + entries.length,
        term,
      }),
    ),
    beginOffice: assign(({ context: { log, peers } }) => ({
      repeated: Object.fromEntries(peers.map((peer) => [peer, 0])),
      sent: Object.fromEntries(peers.map((peer) => [peer, log.length])),
      votes: [],
    })),
    commit: assign(({ context }) => ({ committed: repeatedByMajority(context) })),
    endOffice: assign({ repeated: {}, sent: {}, votes: [] }),
    followCommitted: assign(({ context }, { after, committed, entries }: Append) => ({
      committed: Math.max(context.committed, Math.min(committed, after + entries.length)),
    })),
    noteRefused: assign(({ context: { sent } }, { from, length }: Repeated) => ({
      sent: { ...sent, [from]: length - 1 },
    })),
    noteRepeated: assign(({ context: { repeated, sent } }, { from, length }: Repeated) => ({
      repeated: { ...repeated, [from]: length },
      sent: { ...sent, [from]: length },
    })),
    noteTerm: assign(({ context }, { term }: Signed) =>
      term > context.term ? { term, votedFor: undefined } : {},
    ),
    noteVote: assign(({ context: { votes } }, { from }: Signed) => ({
      votes: [...new Set([...votes, from])].toSorted(),
    })),
    refuse: sendTo(
      ({ system }, { from }: Append) => system.get(from),
      ({ context: { name, term } }, { after }): RaftMessage => ({
        type: 'raft.refused',
        from: name,
        length: after,
        term,
      }),
    ),
    repeat: assign(({ context: { log } }, { after, entries }: Append) => ({
      log: merged(log, after, entries),
    })),
    replicate: enqueueActions(({ context, enqueue }) => {
      for (const peer of context.peers) {
        enqueue.sendTo(({ system }) => system.get(peer), appendFor(context, peer));
      }
    }),
    replicateTo: sendTo(
      ({ system }, { from }: Repeated) => system.get(from),
      ({ context }, { from }) => appendFor(context, from),
    ),
    sendVote: sendTo(
      ({ system }, { from }: VoteRequest) => system.get(from),
      ({ context: { name, term } }): RaftMessage => ({ type: 'raft.vote', from: name, term }),
    ),
    stand: assign(({ context: { name, term } }) => ({
      term: term + 1,
      votedFor: name,
      votes: [name],
    })),
    takeEntry: assign(({ context: { log, name, term } }) => ({
      log: [...log, { by: name, term }],
    })),
    vote: assign((_, { from }: Signed) => ({ votedFor: from })),
  },
  guards: {
    continuesLog: ({ context }, append: Append) =>
      isCurrent(context, append) &&
      context.log.length >= append.after &&
      termAt(context.log, append.after) === append.afterTerm,
    grantsVote: ({ context }, request: VoteRequest) =>
      isCurrent(context, request) && isFree(context, request) && isUpToDate(context, request),
    hasMajority: ({ context: { peers, votes } }) => votes.length > (peers.length + 1) / 2,
    isAhead: ({ context }) => repeatedByMajority(context) > context.committed,
    isAwaited: ({ context: { sent, term } }, reply: Repeated) =>
      reply.term === term && reply.length === sent[reply.from],
    isCurrent: ({ context }, message: Signed) => isCurrent(context, message),
    isLonger: ({ context: { repeated, term } }, reply: Repeated) =>
      reply.term === term && reply.length > (repeated[reply.from] ?? 0),
    isNewTerm: ({ context }, { term }: Signed) => term > context.term,
    isOfThisTerm: ({ context }) =>
      termAt(context.log, repeatedByMajority(context)) === context.term,
    isOwnTerm: ({ context }, { term }: Signed) => term === context.term,
  },
}).createMachine({
  id: 'raft-server',
  context: ({ input }) => ({ ...input, committed: 0, repeated: {}, sent: {}, votes: [] }),
  initial: 'follower',
  on: {
    'raft.vote-request': [
      {
        guard: { type: 'grantsVote', params: ({ event }) => event },
        target: '.follower',
        actions: [
          { type: 'noteTerm', params: ({ event }) => event },
          { type: 'vote', params: ({ event }) => event },
          { type: 'sendVote', params: ({ event }) => event },
        ],
      },
      {
        guard: { type: 'isNewTerm', params: ({ event }) => event },
        target: '.follower',
        actions: { type: 'noteTerm', params: ({ event }) => event },
      },
    ],
    'raft.append': [
      {
        guard: { type: 'continuesLog', params: ({ event }) => event },
        target: '.follower',
        actions: [
          { type: 'noteTerm', params: ({ event }) => event },
          { type: 'repeat', params: ({ event }) => event },
          { type: 'followCommitted', params: ({ event }) => event },
          'announceCommitted',
          { type: 'confirm', params: ({ event }) => event },
        ],
      },
      {
        guard: { type: 'isCurrent', params: ({ event }) => event },
        target: '.follower',
        actions: [
          { type: 'noteTerm', params: ({ event }) => event },
          { type: 'refuse', params: ({ event }) => event },
        ],
      },
    ],
  },
  states: {
    follower: { entry: 'endOffice', on: { 'patience.lost': 'candidate' } },
    candidate: {
      entry: ['stand', 'askForVotes'],
      always: { guard: 'hasMajority', target: 'leader' },
      on: {
        'patience.lost': { target: 'candidate', reenter: true },
        'raft.vote': {
          guard: { type: 'isOwnTerm', params: ({ event }) => event },
          actions: { type: 'noteVote', params: ({ event }) => event },
        },
      },
    },
    leader: {
      entry: ['beginOffice', 'announceElected', 'replicate'],
      always: {
        guard: and(['isAhead', 'isOfThisTerm']),
        actions: ['commit', 'announceCommitted', 'replicate'],
      },
      on: {
        'entry.requested': { actions: ['takeEntry', 'replicate'] },
        'raft.repeated': {
          guard: { type: 'isLonger', params: ({ event }) => event },
          actions: { type: 'noteRepeated', params: ({ event }) => event },
        },
        'raft.refused': {
          guard: { type: 'isAwaited', params: ({ event }) => event },
          actions: [
            { type: 'noteRefused', params: ({ event }) => event },
            { type: 'replicateTo', params: ({ event }) => event },
          ],
        },
      },
    },
  },
});

/** Whether what a message says is not out of date. */
export function isCurrent({ term }: ServerContext, message: Signed): boolean {
  return message.term >= term;
}

/** Whether a server has not voted for another candidate in that term. */
export function isFree({ term, votedFor }: ServerContext, request: VoteRequest): boolean {
  return request.term > term || votedFor === undefined || votedFor === request.from;
}

/** Whether a candidate's log goes at least as far as the server's own. */
export function isUpToDate({ log }: ServerContext, { lastTerm, length }: VoteRequest): boolean {
  const own = termAt(log, log.length);
  return lastTerm > own || (lastTerm === own && length >= log.length);
}

/** The term of the last of the first `length` entries. */
function termAt(log: readonly Entry[], length: number): number {
  return log[length - 1]?.term ?? 0;
}

function appendFor({ committed, log, name, sent, term }: ServerContext, peer: string): RaftMessage {
  const after = sent[peer] ?? 0;
  return {
    type: 'raft.append',
    after,
    afterTerm: termAt(log, after),
    committed,
    entries: log.slice(after),
    from: name,
    term,
  };
}

/** How many entries of a leader's log are in more than half of all logs. */
function repeatedByMajority({ log, peers, repeated }: ServerContext): number {
  const lengths = [log.length, ...Object.values(repeated)].toSorted((one, two) => two - one);
  return lengths[Math.floor((peers.length + 1) / 2)] ?? 0;
}

/** A log that goes on as told; what was told before, and arrives late, takes nothing away. */
function merged(log: readonly Entry[], after: number, entries: readonly Entry[]): readonly Entry[] {
  const differs = entries.findIndex((entry, index) => log[after + index]?.term !== entry.term);
  return differs < 0 ? log : [...log.slice(0, after + differs), ...entries.slice(differs)];
}
