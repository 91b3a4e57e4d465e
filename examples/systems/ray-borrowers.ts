/**
 * How Ray counts references to an object: its owner keeps a list of the processes that borrow it, and asks
 * each of them, with a call that is answered when the borrower has dropped it, to say when that is.
 *
 * @see Ray, `reference_counter.cc`, `WaitForRefRemoved`. The call that comes after the drop:
 * https://github.com/ray-project/ray/issues/18552, and for actors https://github.com/ray-project/ray/pull/9330,
 * whose remedy is here. The borrower that dies before it has told of another:
 * https://github.com/ray-project/ray/pull/9049, which tests that the other then fails and does not hang; the
 * remedy here is Birrell's, who lists each process at the owner before it uses what it has.
 */
import { assign, enqueueActions, sendTo, setup } from 'xstate';

import { atQuiescence, never, sometimes } from '../../src/index.ts';
import type { Property, SystemDefinition, View } from '../../src/index.ts';
import { borrowerMachine, withNames } from './ray-borrower.ts';

/** What is wrong with it, and what may befall it. */
export interface RayBorrowersOptions {
  readonly bug?: RayBorrowersBug;
  /** Whether the first borrower may be killed; not unless said otherwise. */
  readonly deaths?: boolean;
}

/** Mistakes that can be planted, and what each is. */
export const rayBorrowersBugs = {
  'waits-in-vain': 'a borrower that has dropped the object does not answer who asks afterwards',
  'tells-later':
    'a borrower tells the owner of another one only when it is asked, and may be dead by then',
} as const;

/** A mistake to plant. */
export type RayBorrowersBug = keyof typeof rayBorrowersBugs;

const borrowers = ['borrower1', 'borrower2'] as const;

/** The owner, `borrower1`, to whom it lends the object, and `borrower2`, to whom that lends it on. */
export function rayBorrowers({ bug, deaths = false }: RayBorrowersOptions = {}): SystemDefinition {
  const machine = machineWith(bug);
  const [first, second] = borrowers;
  const dropped = { event: { type: 'object.dropped' } };
  const lent = { budget: 1, event: { type: 'object.lent' } };
  const killed = { budget: 1, event: { type: 'process.killed' } };
  return {
    name: 'ray-borrowers',
    actors: [
      { address: 'owner', inputs: [lent, dropped], machine: ownerMachine },
      {
        address: first,
        input: { name: first, next: second },
        inputs: [lent, dropped, ...(deaths ? [killed] : [])],
        machine,
      },
      { address: second, input: { name: second }, inputs: [dropped], machine },
    ],
    properties: rayBorrowersProperties(),
    time: 'untimed',
  };
}

function rayBorrowersProperties(): readonly Property[] {
  return [
    never(
      'freed while somebody uses it',
      (view) => isFreed(view) && borrowers.some((name) => isUsing(view, name)),
    ),
    atQuiescence('lists only who uses it', (view) => {
      const listed = view.actor('owner')?.context['listed'];
      return Array.isArray(listed) && listed.every((name) => isUsing(view, String(name)));
    }),
    sometimes('both use it', (view) => borrowers.every((name) => isUsing(view, name))),
    sometimes('freed', isFreed),
  ];
}

function isUsing(view: View, name: string): boolean {
  const value = view.actor(name)?.value;
  return value === 'holding' || value === 'dropping';
}

function isFreed(view: View): boolean {
  return view.actor('owner')?.value === 'freed';
}

function machineWith(bug?: RayBorrowersBug): typeof borrowerMachine {
  switch (bug) {
    case 'waits-in-vain':
      return borrowerMachine.provide({ actions: { answerAtOnce: assign({ isAwaited: true }) } });
    case 'tells-later':
      return borrowerMachine.provide({ guards: { hasToRegister: () => false } });
    default:
      return borrowerMachine;
  }
}

interface By {
  readonly by: string;
}

interface OwnerContext {
  /** Who borrows the object, as far as the owner knows, in the order of their names. */
  readonly listed: readonly string[];
}

type OwnerEvent =
  | { readonly type: 'object.lent' | 'object.dropped' }
  | ({ readonly type: 'borrow.registered' | 'process.died' } & By)
  | ({ readonly type: 'removal.told'; readonly borrowers: readonly string[] } & By);

/**
 * The owner of the object.
 *
 * `keeping -> letting-go -> freed`
 */
const ownerMachine = setup({
  types: { context: {} as OwnerContext, events: {} as OwnerEvent },
  actions: {
    accept: sendTo(({ system }, { by }: By) => system.get(by), { type: 'borrow.accepted' }),
    awaitRemoval: sendTo(({ system }, { by }: By) => system.get(by), { type: 'removal.awaited' }),
    give: sendTo(
      ({ system }, { by }: By) => system.get(by),
      () => ({ type: 'borrow.given', by: 'owner' }),
    ),
    list: assign(({ context: { listed } }, { by }: By) => ({ listed: withNames(listed, [by]) })),
    listOthers: enqueueActions(
      ({ context: { listed }, enqueue }, others: { readonly borrowers: readonly string[] }) => {
        enqueue.assign({ listed: withNames(listed, others.borrowers) });
        for (const name of others.borrowers) {
          enqueue.sendTo(({ system }) => system.get(name), { type: 'removal.awaited' });
        }
      },
    ),
    refuse: sendTo(({ system }, { by }: By) => system.get(by), { type: 'borrow.refused' }),
    strike: assign(({ context: { listed } }, { by }: By) => ({
      listed: listed.filter((name) => name !== by),
    })),
  },
  guards: { isUnlisted: ({ context: { listed } }) => listed.length === 0 },
}).createMachine({
  id: 'ray-owner',
  context: { listed: [] },
  initial: 'keeping',
  on: {
    'borrow.registered': {
      actions: [
        { type: 'list', params: ({ event }) => event },
        { type: 'accept', params: ({ event }) => event },
        { type: 'awaitRemoval', params: ({ event }) => event },
      ],
    },
    'process.died': { actions: { type: 'strike', params: ({ event }) => event } },
    'removal.told': {
      actions: [
        { type: 'strike', params: ({ event }) => event },
        { type: 'listOthers', params: ({ event }) => event },
      ],
    },
  },
  states: {
    keeping: {
      on: {
        'object.lent': {
          actions: [
            { type: 'list', params: { by: 'borrower1' } },
            { type: 'give', params: { by: 'borrower1' } },
            { type: 'awaitRemoval', params: { by: 'borrower1' } },
          ],
        },
        'object.dropped': 'letting-go',
      },
    },
    'letting-go': { always: { guard: 'isUnlisted', target: 'freed' } },
    freed: {
      on: { 'borrow.registered': { actions: { type: 'refuse', params: ({ event }) => event } } },
    },
  },
});
