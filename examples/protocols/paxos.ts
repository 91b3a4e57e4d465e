/**
 * Single-decree Paxos as a register that is written once: a server that is asked to write proposes, and
 * what a majority accepts is what all reads give. A server that has decided nothing stays silent.
 *
 * @see Lamport, "Paxos Made Simple", 2001, section 2; the example `paxos` of Stateright 0.31, whose
 * model this is: a proposer is its own first acceptor at once, without messages to itself.
 */
import { assign, enqueueActions, sendTo, setup } from 'xstate';

import type { ActorDefinition, SystemDefinition } from '../../src/index.ts';
import { isBefore, isSame } from './ballot.ts';
import type { Ballot } from './ballot.ts';
import { registerSystem, serverNames } from './register-client.ts';
import type { ReadRequest, RegisterReply, WriteRequest } from './register-client.ts';

export { registerProperties as paxosProperties } from './register-client.ts';

/** How large the system is, and what is wrong with it. */
export interface PaxosOptions {
  readonly clients: number;
  /** Three unless said otherwise. */
  readonly servers?: number;
  readonly bug?: PaxosBug;
}

/** Mistakes that can be planted, and what each is. */
export const paxosBugs = {
  'forgets-promises': 'an acceptor accepts whatever it is asked to, whatever it has promised since',
  'ignores-what-was-accepted': 'a proposer proposes its own value even if one may be decided',
} as const;

/** A mistake to plant. */
export type PaxosBug = keyof typeof paxosBugs;

/**
 * Servers and clients. Three servers and two clients have 16,668 worlds and 32,971 steps; three clients
 * 1,194,428 and 2,420,477, as in Stateright's example.
 */
export function paxos({ bug, clients, servers = 3 }: PaxosOptions): SystemDefinition {
  const machine = machineWith(bug);
  return registerSystem({
    name: 'paxos',
    clients,
    links: 'unordered',
    servers: serverNames(servers).map((name, _, names) => ({ ...server(name, names), machine })),
  });
}

function server(address: string, names: readonly string[]): Omit<ActorDefinition, 'machine'> {
  const peers = names.filter((name) => name !== address);
  const input: PaxosInput = { first: names[0] ?? address, name: address, peers };
  return { address, input };
}

function machineWith(bug?: PaxosBug): typeof paxosServerMachine {
  switch (bug) {
    case 'forgets-promises':
      return paxosServerMachine.provide({ guards: { keepsPromise: () => true } });
    case 'ignores-what-was-accepted':
      return paxosServerMachine.provide({ actions: { adoptLatest: assign({}) } });
    default:
      return paxosServerMachine;
  }
}

/** What a client asked to be written. */
interface Proposal {
  readonly client: string;
  readonly request: number;
  readonly value: string;
}

interface Accepted {
  readonly ballot: Ballot;
  readonly proposal: Proposal;
}

/** What a server says of itself when it promises to accept nothing older. */
interface Promised {
  readonly accepted?: Accepted;
}

interface PaxosInput {
  /** The server that led the round before the first one. */
  readonly first: string;
  readonly name: string;
  readonly peers: readonly string[];
}

interface PaxosContext extends PaxosInput {
  /** What it accepted last. */
  readonly accepted?: Accepted;
  /** Who has accepted what it leads, in the order of their names. */
  readonly acceptors: readonly string[];
  /** The latest ballot that it has heard of. */
  readonly ballot: Ballot;
  /** What was promised to it, by server. */
  readonly promises: Readonly<Record<string, Promised>>;
  /** What it leads. */
  readonly proposal?: Proposal;
}

type PaxosMessage =
  | { readonly type: 'paxos.prepare-request'; readonly ballot: Ballot }
  | (Promised & {
      readonly type: 'paxos.prepare-reply';
      readonly ballot: Ballot;
      readonly from: string;
    })
  | ({ readonly type: 'paxos.accept-request' } & Accepted)
  | { readonly type: 'paxos.accept-reply'; readonly ballot: Ballot; readonly from: string }
  | ({ readonly type: 'paxos.decision' } & Accepted);

type MessageOf<Type> = Extract<PaxosMessage, { readonly type: Type }>;
type Balloted = { readonly ballot: Ballot };
type PrepareReply = Omit<MessageOf<'paxos.prepare-reply'>, 'type'>;
type AcceptReply = Omit<MessageOf<'paxos.accept-reply'>, 'type'>;

/**
 * A server: proposer and acceptor at once.
 *
 * `undecided -> decided`
 */
export const paxosServerMachine = setup({
  types: {
    input: {} as PaxosInput,
    context: {} as PaxosContext,
    events: {} as PaxosMessage | ReadRequest | WriteRequest,
  },
  actions: {
    accept: assign((_, { ballot, proposal }: Accepted) => ({
      accepted: { ballot, proposal },
      ballot,
    })),
    adoptLatest: assign(({ context }) => {
      const last = latest(Object.values(context.promises));
      return last === undefined ? {} : { proposal: last.proposal };
    }),
    answerAccept: sendTo(
      ({ system }, { ballot: [, leader] }: Balloted) => system.get(leader),
      ({ context: { name } }, { ballot }): PaxosMessage => ({
        type: 'paxos.accept-reply',
        ballot,
        from: name,
      }),
    ),
    answerPrepare: sendTo(
      ({ system }, { ballot: [, leader] }: Balloted) => system.get(leader),
      ({ context: { accepted, name } }, { ballot }): PaxosMessage => ({
        type: 'paxos.prepare-reply',
        ballot,
        from: name,
        ...(accepted === undefined ? {} : { accepted }),
      }),
    ),
    answerRead: sendTo(
      ({ system }, { client }: ReadRequest) => system.get(client),
      ({ context: { accepted } }, { request }): RegisterReply => ({
        type: 'register.read-reply',
        request,
        value: accepted?.proposal.value ?? '',
      }),
    ),
    answerWrite: enqueueActions(({ context: { proposal }, enqueue }) => {
      if (proposal === undefined) return;
      const { client, request } = proposal;
      const reply: RegisterReply = { type: 'register.write-reply', request };
      enqueue.sendTo(({ system }) => system.get(client), reply);
    }),
    askToAccept: enqueueActions(({ context: { ballot, peers, proposal }, enqueue }) => {
      if (proposal === undefined) return;
      for (const peer of peers) {
        const request: PaxosMessage = { type: 'paxos.accept-request', ballot, proposal };
        enqueue.sendTo(({ system }) => system.get(peer), request);
      }
    }),
    askToPrepare: enqueueActions(({ context: { ballot, peers }, enqueue }) => {
      for (const peer of peers) {
        const request: PaxosMessage = { type: 'paxos.prepare-request', ballot };
        enqueue.sendTo(({ system }) => system.get(peer), request);
      }
    }),
    acceptOwn: assign(({ context: { ballot, name, proposal } }) =>
      proposal === undefined ? {} : { accepted: { ballot, proposal }, acceptors: [name] },
    ),
    noteAcceptor: assign(({ context: { acceptors } }, { from }: AcceptReply) => ({
      acceptors: [...new Set([...acceptors, from])].toSorted(),
    })),
    notePromise: assign(({ context: { promises } }, { accepted, from }: PrepareReply) => ({
      promises: { ...promises, [from]: accepted === undefined ? {} : { accepted } },
    })),
    promise: assign((_, { ballot }: Balloted) => ({ ballot })),
    propose: assign(
      ({ context: { accepted, ballot, name } }, { client, request, value }: WriteRequest) => ({
        acceptors: [],
        ballot: [ballot[0] + 1, name] as const,
        promises: { [name]: accepted === undefined ? {} : { accepted } },
        proposal: { client, request, value },
      }),
    ),
    tellDecision: enqueueActions(({ context: { ballot, peers, proposal }, enqueue }) => {
      if (proposal === undefined) return;
      for (const peer of peers) {
        const decision: PaxosMessage = { type: 'paxos.decision', ballot, proposal };
        enqueue.sendTo(({ system }) => system.get(peer), decision);
      }
    }),
  },
  guards: {
    completesAcceptors: ({ context }, { ballot, from }: AcceptReply) =>
      isSame(ballot, context.ballot) &&
      isMajority(new Set([...context.acceptors, from]).size, context),
    completesPromises: ({ context }, { ballot, from }: PrepareReply) =>
      isSame(ballot, context.ballot) &&
      isMajority(new Set([...Object.keys(context.promises), from]).size, context),
    hasNoProposal: ({ context }) => context.proposal === undefined,
    isOwnRound: ({ context }, { ballot }: Balloted) => isSame(ballot, context.ballot),
    isNewRound: ({ context }, { ballot }: Balloted) => isBefore(context.ballot, ballot),
    keepsPromise: ({ context }, { ballot }: Balloted) => !isBefore(ballot, context.ballot),
  },
}).createMachine({
  id: 'paxos-server',
  context: ({ input }) => ({ ...input, acceptors: [], ballot: [0, input.first], promises: {} }),
  initial: 'undecided',
  states: {
    undecided: {
      on: {
        'register.write-request': {
          guard: 'hasNoProposal',
          actions: [{ type: 'propose', params: ({ event }) => event }, 'askToPrepare'],
        },
        'paxos.prepare-request': {
          guard: { type: 'isNewRound', params: ({ event }) => event },
          actions: [
            { type: 'promise', params: ({ event }) => event },
            { type: 'answerPrepare', params: ({ event }) => event },
          ],
        },
        'paxos.prepare-reply': [
          {
            guard: { type: 'completesPromises', params: ({ event }) => event },
            actions: [
              { type: 'notePromise', params: ({ event }) => event },
              'adoptLatest',
              'acceptOwn',
              'askToAccept',
            ],
          },
          {
            guard: { type: 'isOwnRound', params: ({ event }) => event },
            actions: { type: 'notePromise', params: ({ event }) => event },
          },
        ],
        'paxos.accept-request': {
          guard: { type: 'keepsPromise', params: ({ event }) => event },
          actions: [
            { type: 'accept', params: ({ event }) => event },
            { type: 'answerAccept', params: ({ event }) => event },
          ],
        },
        'paxos.accept-reply': [
          {
            guard: { type: 'completesAcceptors', params: ({ event }) => event },
            target: 'decided',
            actions: [
              { type: 'noteAcceptor', params: ({ event }) => event },
              'tellDecision',
              'answerWrite',
            ],
          },
          {
            guard: { type: 'isOwnRound', params: ({ event }) => event },
            actions: { type: 'noteAcceptor', params: ({ event }) => event },
          },
        ],
        'paxos.decision': {
          target: 'decided',
          actions: { type: 'accept', params: ({ event }) => event },
        },
      },
    },
    decided: {
      on: {
        'register.read-request': { actions: { type: 'answerRead', params: ({ event }) => event } },
      },
    },
  },
});

/** What the latest of the ballots that led to acceptance had. */
function latest(promises: readonly Promised[]): Accepted | undefined {
  return promises
    .flatMap(({ accepted }) => (accepted === undefined ? [] : [accepted]))
    .toSorted((first, second) => (isBefore(first.ballot, second.ballot) ? 1 : -1))[0];
}

/** Whether it is the majority just now: one more or less is not what is asked. */
function isMajority(count: number, { peers }: PaxosInput): boolean {
  return count === Math.floor((peers.length + 1) / 2) + 1;
}
