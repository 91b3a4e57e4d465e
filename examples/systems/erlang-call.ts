/**
 * How an Erlang process calls another: it sends a request, and looks in its mailbox for the reply, for a time. When the
 * time is over, the reply may still come. A call that takes any reply then takes that of another call; one
 * that takes only its own, by a unique reference, leaves the late reply in its mailbox for ever; since OTP
 * 24 the reference is an alias, which is switched off with the call, so that a late reply is dropped.
 *
 * @see Erlang/OTP, `gen_server:call/3` ("a late reply may arrive in the caller's message queue"), and
 * "Process Aliases" in the Erlang Reference Manual; https://wejn.org/2022/01/beamitude-genserver-call-timeout/
 */
import { assign, emit, sendTo, setup } from 'xstate';

import { atQuiescence, ownAnswers, sometimes, withPatterns } from '../../src/index.ts';
import type { Fact, SystemDefinition, TakenMark } from '../../src/index.ts';

/** What is wrong with it, and how much may happen. */
export interface ErlangCallOptions {
  readonly bug?: ErlangCallBug;
  /** How often the client may call; 2 unless said otherwise. */
  readonly calls?: number;
}

/** Mistakes that can be planted, and what each is. */
export const erlangCallBugs = {
  'takes-any-reply': 'a call takes the first reply that comes, whatever it replies to',
  'keeps-late-replies': 'a late reply stays in the mailbox, and nobody will ever look for it',
} as const;

/** A mistake to plant. */
export type ErlangCallBug = keyof typeof erlangCallBugs;

/** The process `client` and the process `server`. */
export function erlangCall({ bug, calls = 2 }: ErlangCallOptions = {}): SystemDefinition {
  const definition: SystemDefinition = {
    name: 'erlang-call',
    actors: [
      {
        address: 'client',
        inputs: [{ budget: calls, event: { type: 'call.wanted' } }],
        machine: clientWith(bug),
      },
      { address: 'server', machine: serverMachine },
    ],
    properties: [
      atQuiescence('the mailbox is empty', (view) => view.messages().length === 0),
      sometimes('a reply is taken', (view) => view.actor('client')?.context['taken'] === 1),
    ],
    time: 'untimed',
    // What a process does not look for stays in its mailbox.
    unhandled: 'keep',
  };
  const own = ownAnswers('a call takes its own reply', { read: takenIn });
  return withPatterns(definition, [own]);
}

function takenIn(fact: Fact): TakenMark | undefined {
  if (fact.type !== 'emitted' || fact.event.type !== 'reply.taken') return undefined;
  const { answered, asked } = fact.event;
  return { answered: String(answered), asked: String(asked) };
}

function clientWith(bug?: ErlangCallBug): typeof clientMachine {
  switch (bug) {
    case 'takes-any-reply':
      return clientMachine.provide({ guards: { isDropped: () => false, isOwn: () => true } });
    case 'keeps-late-replies':
      return clientMachine.provide({ guards: { isDropped: () => false } });
    default:
      return clientMachine;
  }
}

interface Referred {
  readonly reference: number;
}

interface ClientContext {
  /** The reference of its last call. */
  readonly called: number;
  /** Whether it has taken a reply, as 0 or 1. */
  readonly taken: number;
}

type ClientEvent = { readonly type: 'call.wanted' } | ({ readonly type: 'gen.reply' } & Referred);

/**
 * The process that calls.
 *
 * `idle <-> waiting`
 */
const clientMachine = setup({
  types: {
    context: {} as ClientContext,
    events: {} as ClientEvent,
    emitted: {} as
      | { readonly type: 'reply.dropped' }
      | { readonly type: 'reply.taken'; readonly answered: number; readonly asked: number },
  },
  actions: {
    announceTaken: emit(({ context: { called } }, { reference }: Referred) => ({
      type: 'reply.taken' as const,
      answered: reference,
      asked: called,
    })),
    call: sendTo(
      ({ system }) => system.get('server'),
      ({ context: { called } }) => ({ type: 'gen.call', reference: called }),
    ),
    count: assign(({ context: { called } }) => ({ called: called + 1 })),
    drop: emit({ type: 'reply.dropped' }),
    noteTaken: assign({ taken: 1 }),
  },
  delays: { patience: 1 },
  guards: {
    isDropped: () => true,
    isOwn: ({ context }, { reference }: Referred) => reference === context.called,
  },
}).createMachine({
  id: 'erlang-client',
  context: { called: 0, taken: 0 },
  initial: 'idle',
  states: {
    idle: {
      on: {
        'call.wanted': 'waiting',
        'gen.reply': { guard: 'isDropped', actions: 'drop' },
      },
    },
    waiting: {
      entry: ['count', 'call'],
      after: { patience: 'idle' },
      on: {
        'gen.reply': [
          {
            guard: { type: 'isOwn', params: ({ event }) => event },
            target: 'idle',
            actions: [{ type: 'announceTaken', params: ({ event }) => event }, 'noteTaken'],
          },
          { guard: 'isDropped', actions: 'drop' },
        ],
      },
    },
  },
});

/** The process that is called. */
const serverMachine = setup({
  types: { events: {} as { readonly type: 'gen.call' } & Referred },
  actions: {
    reply: sendTo(
      ({ system }) => system.get('client'),
      (_, { reference }: Referred) => ({ type: 'gen.reply', reference }),
    ),
  },
}).createMachine({
  id: 'erlang-server',
  on: { 'gen.call': { actions: { type: 'reply', params: ({ event }) => event } } },
});
