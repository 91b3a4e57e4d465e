/**
 * Distributed reference counting by listing: the owner of an object keeps a list of who has a reference
 * to it, and collects the object when the list is empty. Who sends a reference on keeps its own until the
 * receiver says that it is listed; who receives one uses it, and says so, only when the owner has listed it.
 *
 * @see Birrell, Evers, Nelson, Owicki and Wobber, "Distributed Garbage Collection for Network Objects",
 * 1993; Moreau, Dickman and Jones, "Birrell's Distributed Reference Listing Revisited", 2005, section 3,
 * whose states these are: nonexistent, nil, OK, ccit (here `leaving`) and ccitnil (`returning`).
 */
import { and, assign, enqueueActions, sendTo, setup } from 'xstate';

import { always, atQuiescence, leadsTo, sometimes } from '../../src/index.ts';
import type { ActorDefinition, Input, Property, SystemDefinition, View } from '../../src/index.ts';

/** How large the system is, and what is wrong with it. */
export interface ReferenceListingOptions {
  /** The number of processes that may get references, apart from the owner. */
  readonly users: number;
  /** How often a process may send each of the others, but for the owner, a reference. */
  readonly copies: number;
  readonly bug?: ReferenceListingBug;
}

/** Mistakes that can be planted, and what each is. */
export const referenceListingBugs = {
  'naive-counting': 'nobody waits for anybody: who receives a reference is to be listed some time',
  'sends-without-waiting': 'who has sent a reference on gives up its own without waiting',
  'confirms-too-early': 'who receives a reference says so before it is listed',
  'forgets-to-confirm': 'who receives a reference never tells whom it has it from',
} as const;

/** A mistake to plant. */
export type ReferenceListingBug = keyof typeof referenceListingBugs;

/** The process `owner`, which has the object, and the processes `user1`, `user2`, … */
export function referenceListing(options: ReferenceListingOptions): SystemDefinition {
  const names = namesOf(options);
  return {
    name: 'reference-listing',
    actors: [owner(names, options), ...names.map((name) => user(name, names, options))],
    network: { links: 'unordered' },
    properties: referenceListingProperties(options),
    time: 'untimed',
  };
}

/** The object stays while anybody has, or is going to have, a reference to it; and no longer. */
function referenceListingProperties(options: ReferenceListingOptions): readonly Property[] {
  const names = namesOf(options);
  const isReferred = (view: View): boolean =>
    names.some((name) => isReference(view.actor(name)?.value)) ||
    view.messages().some(({ event }) => event.type === 'reference.copy');
  const isLetGo = (view: View): boolean =>
    view.actor('owner')?.value !== 'sharing' && !isReferred(view);
  return [
    always('never collected too early', (view) => !(isCollected(view) && isReferred(view))),
    leadsTo('collected when let go', { from: isLetGo, to: isCollected }),
    atQuiescence('lists who has a reference', (view) => {
      const { context } = view.actor('owner') ?? {};
      const having = names.filter((name) => view.actor(name)?.value !== 'without');
      return context?.['listed']?.toString() === having.toString();
    }),
    sometimes('collected', isCollected),
    sometimes('all have one', (view) =>
      names.every((name) => view.actor(name)?.value === 'having'),
    ),
  ];
}

function isCollected(view: View): boolean {
  return view.actor('owner')?.value === 'collected';
}

/** Whether somebody in this state may use a reference, now or as soon as it is listed. */
function isReference(value: unknown): boolean {
  return value === 'having' || value === 'entering' || value === 'returning';
}

function namesOf({ users }: ReferenceListingOptions): readonly string[] {
  return Array.from({ length: users }, (_, index) => `user${index + 1}`);
}

function owner(names: readonly string[], options: ReferenceListingOptions): ActorDefinition {
  const machine = ownerMachine.provide(implementationsOf(options.bug));
  return { address: 'owner', machine, input: { name: 'owner' }, inputs: wishes(names, options) };
}

function user(
  name: string,
  names: readonly string[],
  options: ReferenceListingOptions,
): ActorDefinition {
  const others = names.filter((other) => other !== name);
  const machine = userMachine.provide(implementationsOf(options.bug));
  return { address: name, machine, input: { name }, inputs: wishes(others, options) };
}

/** What the program of a process may want at any time. */
function wishes(others: readonly string[], { copies }: ReferenceListingOptions): readonly Input[] {
  return [
    { event: { type: 'reference.dropped' } },
    ...others.map((to) => ({ event: { type: 'reference.lent', to }, budget: copies })),
  ];
}

function implementationsOf(bug?: ReferenceListingBug): Parameters<typeof userMachine.provide>[0] {
  switch (bug) {
    case 'naive-counting':
      return { guards: { isHasty: () => true, isSettled: () => true } };
    case 'sends-without-waiting':
      return { guards: { isSettled: () => true } };
    case 'confirms-too-early':
      return {
        actions: {
          noteLender: sendTo(({ system }, { from }) => system.get(from), {
            type: 'reference.confirmed',
          }),
        },
      };
    case 'forgets-to-confirm':
      return { actions: { confirmLenders: assign({ lenders: [] }) } };
    default:
      return {};
  }
}

interface From {
  readonly from: string;
}

interface ProcessContext {
  /** Who waits to hear that its reference is listed, in the order of their names. */
  readonly lenders: readonly string[];
  /** How many of the references that it has sent may not be listed yet. */
  readonly lent: number;
  /** Who has a reference, in the order of their names; known to the owner. */
  readonly listed: readonly string[];
  readonly name: string;
}

type ProcessEvent =
  | { readonly type: 'reference.lent'; readonly to: string }
  | { readonly type: 'reference.dropped' }
  | ({ readonly type: 'reference.copy' | 'listing.enter' | 'listing.leave' } & From)
  | { readonly type: 'reference.confirmed' | 'listing.entered' | 'listing.left' };

/** What both the owner and the users can do. */
const processSetup = setup({
  types: {
    input: {} as { readonly name: string },
    context: {} as ProcessContext,
    events: {} as ProcessEvent,
  },
  actions: {
    confirmEntry: sendTo(({ system }, { from }: From) => system.get(from), {
      type: 'listing.entered',
    }),
    confirmLeave: sendTo(({ system }, { from }: From) => system.get(from), {
      type: 'listing.left',
    }),
    confirmLenders: enqueueActions(({ context: { lenders }, enqueue }) => {
      for (const lender of lenders) {
        enqueue.sendTo(({ system }) => system.get(lender), { type: 'reference.confirmed' });
      }
      enqueue.assign({ lenders: [] });
    }),
    enter: sendTo(
      ({ system }) => system.get('owner'),
      ({ context: { name } }): ProcessEvent => ({ type: 'listing.enter', from: name }),
    ),
    leave: sendTo(
      ({ system }) => system.get('owner'),
      ({ context: { name } }): ProcessEvent => ({ type: 'listing.leave', from: name }),
    ),
    lend: enqueueActions(({ context, enqueue }, { to }: { readonly to: string }) => {
      enqueue.assign({ lent: context.lent + 1 });
      const copy: ProcessEvent = { type: 'reference.copy', from: context.name };
      enqueue.sendTo(({ system }) => system.get(to), copy);
    }),
    list: assign(({ context: { listed } }, { from }: From) => ({
      listed: [...new Set([...listed, from])].toSorted(),
    })),
    noteLender: assign(({ context: { lenders } }, { from }: From) => ({
      lenders: [...lenders, from].toSorted(),
    })),
    settle: assign({ lent: ({ context }) => context.lent - 1 }),
    unlist: assign(({ context: { listed } }, { from }: From) => ({
      listed: listed.filter((name) => name !== from),
    })),
  },
  guards: {
    // Whether it uses a reference that is not listed yet: a mistake.
    isHasty: () => false,
    isSettled: ({ context }) => context.lent === 0,
    isUnlisted: ({ context }) => context.listed.length === 0,
  },
});

/**
 * The owner of the object.
 *
 * `sharing -> letting-go -> collected`
 */
export const ownerMachine = processSetup.createMachine({
  id: 'reference-owner',
  context: ({ input: { name } }) => ({ lenders: [], lent: 0, listed: [], name }),
  initial: 'sharing',
  on: {
    'listing.enter': {
      actions: [
        { type: 'list', params: ({ event }) => event },
        { type: 'confirmEntry', params: ({ event }) => event },
      ],
    },
    'listing.leave': {
      actions: [
        { type: 'unlist', params: ({ event }) => event },
        { type: 'confirmLeave', params: ({ event }) => event },
      ],
    },
    'reference.confirmed': { actions: 'settle' },
  },
  states: {
    sharing: {
      on: {
        'reference.lent': { actions: { type: 'lend', params: ({ event }) => event } },
        'reference.dropped': 'letting-go',
      },
    },
    'letting-go': { always: { guard: and(['isSettled', 'isUnlisted']), target: 'collected' } },
    collected: { type: 'final' },
  },
});

/**
 * A process that may get a reference, have it, and give it up, again and again.
 *
 * `without -> entering -> having -> dropping -> leaving -> without`, or back by `returning -> entering`
 */
export const userMachine = processSetup.createMachine({
  id: 'reference-user',
  context: ({ input: { name } }) => ({ lenders: [], lent: 0, listed: [], name }),
  initial: 'without',
  on: {
    'reference.confirmed': { actions: 'settle' },
    'reference.copy': { actions: { type: 'noteLender', params: ({ event }) => event } },
  },
  states: {
    without: {
      on: {
        'reference.copy': {
          target: 'entering',
          actions: { type: 'noteLender', params: ({ event }) => event },
        },
      },
    },
    entering: {
      entry: 'enter',
      always: { guard: 'isHasty', target: 'having' },
      on: { 'listing.entered': 'having' },
    },
    having: {
      entry: 'confirmLenders',
      on: {
        'reference.copy': {
          target: 'having',
          reenter: true,
          actions: { type: 'noteLender', params: ({ event }) => event },
        },
        'reference.lent': { actions: { type: 'lend', params: ({ event }) => event } },
        'reference.dropped': 'dropping',
      },
    },
    // What it has sent is on its way, under the protection of its own entry.
    dropping: {
      always: { guard: 'isSettled', target: 'leaving' },
      on: {
        'reference.copy': {
          target: 'having',
          actions: { type: 'noteLender', params: ({ event }) => event },
        },
      },
    },
    leaving: {
      entry: 'leave',
      on: {
        'reference.copy': {
          target: 'returning',
          actions: { type: 'noteLender', params: ({ event }) => event },
        },
        'listing.left': 'without',
      },
    },
    // It may enter again only when the owner has struck it off, or the two might cross.
    returning: { on: { 'listing.left': 'entering' } },
  },
});
