/**
 * Raft: servers elect a leader for each term, and the leader has its log repeated by the others; what a
 * majority has is committed. Clients, snapshots and changes of the membership are left out.
 *
 * @see Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm", 2014, figure 2. A vote
 * that is not given is not answered: a candidate that is behind hears of the new term from its leader.
 */
import { assign } from 'xstate';

import type { ActorDefinition, SystemDefinition } from '../../src/index.ts';
import type { ServerInput, Written } from './raft-messages.ts';
import { raftHistory, raftProperties } from './raft-properties.ts';
import { isCurrent, isFree, isUpToDate, raftServerMachine } from './raft-server.ts';

/** How large the system is, what may befall it, and what is wrong with it. */
export interface RaftOptions {
  /** How often each server may lose its patience and stand for election; their number is that of servers. */
  readonly elections: readonly number[];
  /** How often each server, while it leads, may be asked to take an entry. */
  readonly requests: readonly number[];
  /** How many crashes there may be, each with its restart; none unless said otherwise. */
  readonly crashes?: number;
  /** How many messages may be delivered twice; none unless said otherwise. Any may come late or never. */
  readonly duplicates?: number;
  /** What each server has written down when the system starts; nothing unless said otherwise. */
  readonly begin?: readonly Written[];
  readonly bug?: RaftBug;
}

/** Mistakes that can be planted, and what each is. */
export const raftBugs = {
  'votes-twice': 'a server votes for whoever asks, even if it has voted in that term',
  'forgets-its-vote': 'a server does not write down for whom it has voted, and crashes',
  'ignores-the-log': 'a server votes for candidates whose log is behind its own',
  'commits-older-terms': 'a leader commits what a majority has, of whatever term (figure 8)',
  'gives-up-when-refused': 'a leader does not send what is missing when a follower cannot go on',
} as const;

/** A mistake to plant. */
export type RaftBug = keyof typeof raftBugs;

/**
 * The moment (b) of figure 8: the entry that `s1` took in term 1 is nowhere else, and neither is the one
 * that `s2` took in term 2 by the vote of `s3`.
 */
export const figure8: readonly Written[] = [
  { log: [{ by: 's1', term: 1 }], term: 2 },
  { log: [{ by: 's2', term: 2 }], term: 2, votedFor: 's2' },
  { log: [], term: 2, votedFor: 's2' },
];

/** The servers `s1`, `s2`, … */
export function raft(options: RaftOptions): SystemDefinition {
  const { begin = [], bug, crashes = 0, duplicates = 0, elections } = options;
  const machine = machineWith(bug);
  const names = elections.map((_, index) => `s${index + 1}`);
  const terms = [0, ...begin.map(({ term }) => term)];
  const termMax = elections.reduce((sum, count) => sum + count, Math.max(...terms));
  return {
    name: 'raft',
    actors: names.map((name) => ({ ...server(name, names, options), machine })),
    faults: { crash: crashes, duplicate: duplicates, restart: crashes },
    monitors: [raftHistory()],
    network: { links: 'unordered' },
    properties: raftProperties(names, termMax),
    time: 'untimed',
    unhandled: 'keep',
  };
}

function server(
  address: string,
  names: readonly string[],
  options: RaftOptions,
): Omit<ActorDefinition, 'machine'> {
  const { begin = [], bug, elections, requests } = options;
  const index = names.indexOf(address);
  const peers = names.filter((name) => name !== address);
  const input: ServerInput = { log: [], term: 0, ...begin[index], name: address, peers };
  return {
    address,
    input,
    durable: bug === 'forgets-its-vote' ? ['log', 'term'] : ['log', 'term', 'votedFor'],
    inputs: [
      { event: { type: 'patience.lost' }, budget: elections[index] ?? 0 },
      { event: { type: 'entry.requested' }, budget: requests[index] ?? 0 },
    ],
  };
}

function machineWith(bug?: RaftBug): typeof raftServerMachine {
  switch (bug) {
    case 'votes-twice':
      return raftServerMachine.provide({
        guards: {
          grantsVote: ({ context }, request) =>
            isCurrent(context, request) && isUpToDate(context, request),
        },
      });
    case 'ignores-the-log':
      return raftServerMachine.provide({
        guards: {
          grantsVote: ({ context }, request) =>
            isCurrent(context, request) && isFree(context, request),
        },
      });
    case 'commits-older-terms':
      return raftServerMachine.provide({ guards: { isOfThisTerm: () => true } });
    case 'gives-up-when-refused':
      return raftServerMachine.provide({ actions: { replicateTo: assign({}) } });
    default:
      return raftServerMachine;
  }
}
