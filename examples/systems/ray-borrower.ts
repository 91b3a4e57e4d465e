/** A process that borrows an object of another, as in Ray: its part of `ray-borrowers.ts`. */
import { assign, enqueueActions, sendTo, setup } from 'xstate';

interface By {
  readonly by: string;
}

interface BorrowerContext {
  /** To whom it has lent the object, and of whom the owner has not heard, in the order of their names. */
  readonly borrowers: readonly string[];
  /** Whether the owner has asked to be told. */
  readonly isAwaited: boolean;
  /** Who has lent it the object. */
  readonly lender: string;
  /** How many of those to whom it lends have not said yet that they have it. */
  readonly lent: number;
  readonly name: string;
  readonly next: string;
}

type BorrowerEvent =
  | { readonly type: 'object.lent' | 'object.dropped' | 'process.killed' }
  | { readonly type: 'borrow.accepted' | 'borrow.refused' | 'borrow.settled' | 'removal.awaited' }
  | ({ readonly type: 'borrow.given' | 'borrow.kept' } & By);

/**
 * A process that borrows the object.
 *
 * `without -> registering -> holding -> dropping -> without`, or `dead`
 */
export const borrowerMachine = setup({
  types: {
    input: {} as { readonly name: string; readonly next?: string },
    context: {} as BorrowerContext,
    events: {} as BorrowerEvent,
  },
  actions: {
    answerAtOnce: sendTo(({ system }) => system.get('owner'), told),
    keep: sendTo(
      ({ system }, { by }: By) => system.get(by),
      ({ context: { name } }) => ({ type: 'borrow.kept', by: name }),
    ),
    lend: enqueueActions(({ context: { lent, name, next }, enqueue }) => {
      enqueue.assign({ lent: lent + 1 });
      const given: BorrowerEvent = { type: 'borrow.given', by: name };
      enqueue.sendTo(({ system }) => system.get(next), given);
    }),
    noteAwaited: assign({ isAwaited: true }),
    noteBorrower: assign(({ context: { borrowers: noted, lent } }, { by }: By) => ({
      borrowers: withNames(noted, [by]),
      lent: lent - 1,
    })),
    noteLender: assign((_, { by }: By) => ({ lender: by })),
    register: sendTo(
      ({ system }) => system.get('owner'),
      ({ context: { name } }) => ({ type: 'borrow.registered', by: name }),
    ),
    reportDeath: sendTo(
      ({ system }) => system.get('owner'),
      ({ context: { name } }) => ({ type: 'process.died', by: name }),
    ),
    settle: assign(({ context: { lent } }) => ({ lent: lent - 1 })),
    settleLender: sendTo(({ context: { lender }, system }) => system.get(lender), {
      type: 'borrow.settled',
    }),
    tell: enqueueActions(({ context, enqueue }) => {
      if (!context.isAwaited) return;
      enqueue.sendTo(({ system }) => system.get('owner'), told({ context }));
      enqueue.assign({ borrowers: [], isAwaited: false });
    }),
  },
  guards: {
    hasNext: ({ context: { next } }) => next !== '',
    hasToRegister: (_, { by }: By) => by !== 'owner',
    isFromOwner: (_, { by }: By) => by === 'owner',
    isSettled: ({ context: { lent } }) => lent === 0,
  },
}).createMachine({
  id: 'ray-borrower',
  context: ({ input: { name, next = '' } }) => ({
    borrowers: [],
    isAwaited: false,
    lender: '',
    lent: 0,
    name,
    next,
  }),
  initial: 'without',
  on: {
    'borrow.kept': { actions: { type: 'noteBorrower', params: ({ event }) => event } },
    'borrow.settled': { actions: 'settle' },
    'process.killed': '.dead',
  },
  states: {
    without: {
      on: {
        'borrow.given': [
          {
            guard: { type: 'hasToRegister', params: ({ event }) => event },
            target: 'registering',
            actions: { type: 'noteLender', params: ({ event }) => event },
          },
          { guard: { type: 'isFromOwner', params: ({ event }) => event }, target: 'holding' },
          { target: 'holding', actions: { type: 'keep', params: ({ event }) => event } },
        ],
        'removal.awaited': { actions: 'answerAtOnce' },
      },
    },
    registering: {
      entry: 'register',
      on: {
        'borrow.accepted': { target: 'holding', actions: 'settleLender' },
        'borrow.refused': { target: 'without', actions: 'settleLender' },
      },
    },
    holding: {
      on: {
        'object.lent': { guard: 'hasNext', actions: 'lend' },
        'object.dropped': 'dropping',
        'removal.awaited': { actions: 'noteAwaited' },
      },
    },
    // What it has lent is on its way, under the protection of its own entry.
    dropping: {
      always: { guard: 'isSettled', target: 'without', actions: 'tell' },
      on: { 'removal.awaited': { actions: 'noteAwaited' } },
    },
    // A call to a dead process fails, which says the same.
    dead: {
      entry: 'reportDeath',
      on: {
        'borrow.kept': {},
        'borrow.settled': {},
        'process.killed': {},
        'removal.awaited': { actions: 'reportDeath' },
      },
    },
  },
});

/** What the owner is told of a borrower that has dropped the object. */
function told({ context: { borrowers: others, name } }: { readonly context: BorrowerContext }): {
  readonly type: 'removal.told';
  readonly by: string;
  readonly borrowers: readonly string[];
} {
  return { type: 'removal.told', borrowers: others, by: name };
}

/** Names in their order, each once. */
export function withNames(names: readonly string[], more: readonly string[]): readonly string[] {
  return [...new Set([...names, ...more])].toSorted();
}
