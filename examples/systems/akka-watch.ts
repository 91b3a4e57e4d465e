/**
 * How Akka tells that an actor has stopped: whoever watches it gets one `Terminated`. A name may be used again when
 * its bearer has stopped, so a bearer is known by name and by a number of its own (uid).
 *
 * @see Akka, "Actor References, Paths and Addresses", section "Reusing Actor Paths";
 * https://github.com/akka/akka-core/pull/1244, which made the uid part of a reference, and
 * https://github.com/akkadotnet/akka.net/issues/1646, where a remote watcher hears nothing of the end.
 * Notices of death travel beside messages (in Artery, in a stream of their own), so the two may overtake.
 */
import { assign, emit, enqueueActions, sendTo, setup } from 'xstate';

import { allAnswered, ownAnswers, sometimes, withPatterns } from '../../src/index.ts';
import type { AskMark, Fact, SystemDefinition, TakenMark } from '../../src/index.ts';

/** What is wrong with it, and how much may happen. */
export interface AkkaWatchOptions {
  readonly bug?: AkkaWatchBug;
  /** How many bearers the name has, one after the other; 2 unless said otherwise. */
  readonly bearers?: number;
}

/** Mistakes that can be planted, and what each is. */
export const akkaWatchBugs = {
  'knows-names-only': 'a notice of death is taken for that of whoever has the name now',
  'forgets-the-dead': 'whoever watches an actor that has stopped already hears nothing',
} as const;

/** A mistake to plant. */
export type AkkaWatchBug = keyof typeof akkaWatchBugs;

/** The parent that gives the name, one bearer after the other, and the actor that watches them. */
export function akkaWatch({ bearers = 2, bug }: AkkaWatchOptions = {}): SystemDefinition {
  const definition: SystemDefinition = {
    name: 'akka-watch',
    actors: [
      {
        address: 'parent',
        inputs: [{ budget: bearers, event: { type: 'child.wanted' } }],
        machine:
          bug === 'forgets-the-dead'
            ? parentMachine.provide({ actions: { notifyAtOnce: assign({}) } })
            : parentMachine,
      },
      {
        address: 'watcher',
        machine:
          bug === 'knows-names-only'
            ? watcherMachine.provide({ guards: { isMeant: ({ context }) => context.watched > 0 } })
            : watcherMachine,
      },
    ],
    network: { links: 'unordered' },
    properties: [
      sometimes('a bearer is mourned', (view) => view.actor('watcher')?.context['mourned'] === 1),
    ],
    time: 'untimed',
  };
  return withPatterns(definition, [
    ownAnswers('a notice is taken by whom it speaks of', { read: takenIn }),
    allAnswered('whoever watches hears of the end', { facts: ['sent', 'received'], read: askedIn }),
  ]);
}

function takenIn(fact: Fact): TakenMark | undefined {
  if (fact.type !== 'emitted' || fact.event.type !== 'death.taken') return undefined;
  const { answered, asked } = fact.event;
  return { answered: String(answered), asked: String(asked) };
}

function askedIn(fact: Fact): AskMark | undefined {
  if (fact.type !== 'sent' && fact.type !== 'received') return undefined;
  const id = `uid${String(fact.event['uid'])}`;
  if (fact.type === 'sent' && fact.event.type === 'watch') return { ask: 'asked', id };
  if (fact.type === 'received' && fact.event.type === 'terminated') return { ask: 'answered', id };
  return undefined;
}

interface Uid {
  readonly uid: number;
}

interface ParentContext {
  /** The uid of the last bearer of the name; 0 before the first. */
  readonly uid: number;
  readonly isWatched: boolean;
}

type ParentEvent = { readonly type: 'child.wanted' } | ({ readonly type: 'watch' } & Uid);

/**
 * The parent, which gives the name again when its bearer has stopped.
 *
 * `vacant <-> taken`
 */
const parentMachine = setup({
  types: { context: {} as ParentContext, events: {} as ParentEvent },
  actions: {
    introduce: sendTo(
      ({ system }) => system.get('watcher'),
      ({ context: { uid } }) => ({ type: 'child.introduced', uid }),
    ),
    name: assign(({ context: { uid } }) => ({ isWatched: false, uid: uid + 1 })),
    noteWatch: assign({ isWatched: true }),
    notify: enqueueActions(({ context: { isWatched, uid }, enqueue }) => {
      const notice = { type: 'terminated', uid };
      if (isWatched) enqueue.sendTo(({ system }) => system.get('watcher'), notice);
    }),
    notifyAtOnce: sendTo(
      ({ system }) => system.get('watcher'),
      (_, { uid }: Uid) => ({ type: 'terminated', uid }),
    ),
  },
  delays: { life: 1 },
  guards: { isBearer: ({ context }, { uid }: Uid) => uid === context.uid },
}).createMachine({
  id: 'akka-parent',
  context: { isWatched: false, uid: 0 },
  initial: 'vacant',
  on: { watch: { actions: { type: 'notifyAtOnce', params: ({ event }) => event } } },
  states: {
    vacant: { on: { 'child.wanted': 'taken' } },
    taken: {
      entry: ['name', 'introduce'],
      after: { life: { target: 'vacant', actions: 'notify' } },
      on: {
        watch: {
          guard: { type: 'isBearer', params: ({ event }) => event },
          actions: 'noteWatch',
        },
      },
    },
  },
});

interface WatcherContext {
  /** Whether it has heard of an end, as 0 or 1. */
  readonly mourned: number;
  /** The uid of the bearer that it watches; 0 for none. */
  readonly watched: number;
}

/** The actor that watches whoever it is told of last. */
const watcherMachine = setup({
  types: {
    context: {} as WatcherContext,
    events: {} as { readonly type: 'child.introduced' | 'terminated' } & Uid,
    emitted: {} as {
      readonly type: 'death.taken';
      readonly answered: number;
      readonly asked: number;
    },
  },
  actions: {
    announceTaken: emit(({ context: { watched } }, { uid }: Uid) => ({
      type: 'death.taken' as const,
      answered: uid,
      asked: watched,
    })),
    mourn: assign({ mourned: 1, watched: 0 }),
    watch: enqueueActions(({ enqueue }, { uid }: Uid) => {
      enqueue.assign({ watched: uid });
      const request = { type: 'watch', uid };
      enqueue.sendTo(({ system }) => system.get('parent'), request);
    }),
  },
  guards: {
    isNewer: ({ context }, { uid }: Uid) => uid > context.watched,
    isMeant: ({ context }, { uid }: Uid) => uid === context.watched,
  },
}).createMachine({
  id: 'akka-watcher',
  context: { mourned: 0, watched: 0 },
  on: {
    'child.introduced': {
      guard: { type: 'isNewer', params: ({ event }) => event },
      actions: { type: 'watch', params: ({ event }) => event },
    },
    terminated: {
      guard: { type: 'isMeant', params: ({ event }) => event },
      actions: [{ type: 'announceTaken', params: ({ event }) => event }, 'mourn'],
    },
  },
});
