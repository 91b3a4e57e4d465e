/**
 * How Orleans keeps each grain in one place: whoever wants to activate one asks the directory, which registers the
 * first that asks and tells the others who that is. When the directory moves to another silo, its entries
 * have to be there before that silo answers.
 *
 * @see https://github.com/dotnet/orleans/pull/10323: the new owner acknowledged before it had the entries, the old
 * one removed its own, and for a moment there was no registration and a second activation could come
 * about. Its remedy, which is here: nobody answers between.
 */
import { assign, enqueueActions, sendTo, setup } from 'xstate';

import { oneFact, sometimes, withPatterns } from '../../src/index.ts';
import type { SystemDefinition, View } from '../../src/index.ts';

/** Mistakes that can be planted, and what each is. */
export const orleansDirectoryBugs = {
  'answers-before-it-knows': 'the new directory answers before it has the entries of the old one',
} as const;

/** A mistake to plant. */
export type OrleansDirectoryBug = keyof typeof orleansDirectoryBugs;

const hosts = ['host1', 'host2'] as const;

/** The directories `old` and `new`, and two hosts that may activate the grain. */
export function orleansDirectory({
  bug,
}: { readonly bug?: OrleansDirectoryBug } = {}): SystemDefinition {
  const machine =
    bug === undefined
      ? directoryMachine
      : directoryMachine.provide({ guards: { answersUntold: () => true } });
  const definition: SystemDefinition = {
    name: 'orleans-directory',
    actors: [
      {
        address: 'old',
        input: { isOwner: true },
        inputs: [{ budget: 1, event: { type: 'directory.moved' } }],
        machine,
      },
      { address: 'new', input: { isOwner: false }, machine },
      ...hosts.map((name) => ({
        address: name,
        input: { name },
        inputs: [{ budget: 1, event: { type: 'grain.called' } }],
        machine: hostMachine,
      })),
    ],
    network: { links: 'unordered' },
    properties: [sometimes('the directory has moved', (view) => isMoved(view))],
    time: 'untimed',
  };
  return withPatterns(definition, [
    oneFact('who is registered is who is active', [registered, active], { when: 'at rest' }),
  ]);
}

function isMoved(view: View): boolean {
  return view.actor('new')?.value === 'owning';
}

function registered(view: View): readonly unknown[] {
  const entry = view.actor(isMoved(view) ? 'new' : 'old')?.context['entry'];
  return entry === '' ? [] : [entry];
}

function active(view: View): readonly string[] {
  return hosts.filter((name) => view.actor(name)?.value === 'active');
}

interface By {
  readonly by: string;
}

interface DirectoryContext {
  /** Who is registered; empty for nobody. */
  readonly entry: string;
  readonly isOwner: boolean;
  /** Who waits for the entries to come, in the order in which they asked. */
  readonly waiting: readonly string[];
}

type DirectoryEvent =
  | { readonly type: 'directory.moved' }
  | ({ readonly type: 'grain.register' } & By)
  | { readonly type: 'directory.entries'; readonly entry: string };

/**
 * A silo that has the directory, or will have it.
 *
 * `waiting -> owning -> moved`
 */
const directoryMachine = setup({
  types: {
    input: {} as { readonly isOwner: boolean },
    context: {} as DirectoryContext,
    events: {} as DirectoryEvent,
  },
  actions: {
    answer: enqueueActions(({ context: { entry }, enqueue }, { by }: By) => {
      const owner = entry === '' ? by : entry;
      enqueue.assign({ entry: owner });
      const said: Said = { type: 'grain.registered', by: owner };
      enqueue.sendTo(({ system }) => system.get(by), said);
    }),
    answerWaiting: enqueueActions(({ context: { waiting }, enqueue }) => {
      for (const by of waiting) enqueue.raise({ type: 'grain.register', by });
      enqueue.assign({ waiting: [] });
    }),
    handOver: sendTo(
      ({ system }) => system.get('new'),
      ({ context: { entry } }) => ({ type: 'directory.entries', entry }),
    ),
    forward: sendTo(
      ({ system }) => system.get('new'),
      (_, { by }: By) => ({ type: 'grain.register', by }),
    ),
    line: assign(({ context: { waiting } }, { by }: By) => ({ waiting: [...waiting, by] })),
    // Who has registered in the meantime, though nobody should, stays.
    take: assign(({ context }, { entry }: { readonly entry: string }) => ({
      entry: context.entry === '' ? entry : context.entry,
    })),
  },
  guards: {
    // Whether it answers although it has not got the entries: a mistake.
    answersUntold: () => false,
    isOwner: ({ context: { isOwner } }) => isOwner,
  },
}).createMachine({
  id: 'orleans-directory',
  context: ({ input: { isOwner } }) => ({ entry: '', isOwner, waiting: [] }),
  initial: 'waiting',
  states: {
    waiting: {
      always: { guard: 'isOwner', target: 'owning' },
      on: {
        'directory.entries': {
          target: 'owning',
          actions: [{ type: 'take', params: ({ event }) => event }, 'answerWaiting'],
        },
        'grain.register': [
          { guard: 'answersUntold', actions: { type: 'answer', params: ({ event }) => event } },
          { actions: { type: 'line', params: ({ event }) => event } },
        ],
      },
    },
    owning: {
      on: {
        'grain.register': { actions: { type: 'answer', params: ({ event }) => event } },
        'directory.moved': { target: 'moved', actions: 'handOver' },
      },
    },
    moved: {
      on: { 'grain.register': { actions: { type: 'forward', params: ({ event }) => event } } },
    },
  },
});

type Said = { readonly type: 'grain.registered' } & By;

/**
 * A silo that may run the grain.
 *
 * `idle -> registering -> active | elsewhere`
 */
const hostMachine = setup({
  types: {
    input: {} as { readonly name: string },
    context: {} as { readonly name: string },
    events: {} as { readonly type: 'grain.called' } | Said,
  },
  actions: {
    register: sendTo(
      ({ system }) => system.get('old'),
      ({ context: { name } }) => ({ type: 'grain.register', by: name }),
    ),
  },
  guards: { isOwn: ({ context: { name } }, { by }: By) => by === name },
}).createMachine({
  id: 'orleans-host',
  context: ({ input }) => input,
  initial: 'idle',
  states: {
    idle: { on: { 'grain.called': 'registering' } },
    registering: {
      entry: 'register',
      on: {
        'grain.registered': [
          { guard: { type: 'isOwn', params: ({ event }) => event }, target: 'active' },
          { target: 'elsewhere' },
        ],
      },
    },
    active: {},
    elsewhere: {},
  },
});
