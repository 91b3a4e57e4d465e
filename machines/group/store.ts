import type { AnyActorRef } from 'xstate';
import { enqueueActions, setup } from 'xstate';

import { unreachable } from '../../src/core/errors.ts';
import type { PersistentMap } from '../../src/core/persistent-map.ts';
import { deleteIn, emptyMap, getIn, hasIn, setIn } from '../../src/core/persistent-map.ts';
import type { StoreAnswered, StoreAsked, StoreRequest } from './store-requests.ts';

/** What the store knows. */
export interface Store {
  /** Who has come where not all have come yet. */
  readonly arrivals: PersistentMap<readonly Arrival[]>;
  readonly values: PersistentMap<unknown>;
  /** Who waits for keys, in order. */
  readonly waiting: readonly Waiting[];
}

interface Caller {
  readonly from: string;
  readonly id: string;
}

interface Arrival extends Caller {
  readonly rank: number;
  readonly value: unknown;
}

interface Waiting extends Caller {
  readonly keys: readonly string[];
  readonly wantsValues: boolean;
}

/** The store after an operation, and who is answered what. */
export interface StoreStep {
  readonly answers: readonly (Caller & { readonly value: unknown })[];
  readonly store: Store;
}

/** A store without keys. */
export const emptyStore: Store = Object.freeze({
  arrivals: emptyMap<readonly Arrival[]>(),
  values: emptyMap<unknown>(),
  waiting: [],
});

// No row raises an event, so one event makes one microstep.
const microstepsMax = 4;

/**
 * The store of key and value that the workers of a group meet at: PyTorch's `TCPStore` or `FileStore`. It is
 * reached whatever happens, and forgets nothing.
 */
export const storeMachine = setup({
  types: {
    context: {} as Store,
    events: {} as StoreAsked,
  },
  actions: {
    serve: enqueueActions(({ context, enqueue }, asked: StoreAsked) => {
      const { answers, store } = serveStore(context, asked);
      enqueue.assign(store);
      for (const { from, id, value } of answers) {
        const answer: StoreAnswered = { type: 'store.answered', id, value };
        // cast -- XState's own `system.get` gives `any`
        enqueue.sendTo(({ system }) => system.get(from) as AnyActorRef, answer);
      }
    }),
  },
}).createMachine({
  id: 'store',
  context: emptyStore,
  on: { 'store.asked': { actions: { type: 'serve', params: ({ event }) => event } } },
  options: { maxIterations: microstepsMax },
});

/** Does one operation. */
export function serveStore(store: Store, { from, id, request }: StoreAsked): StoreStep {
  const answer = (value: unknown) => [{ from, id, value }];
  switch (request.type) {
    case 'add': {
      const sum = Number(getIn(store.values, request.key) ?? 0) + request.amount;
      return put(store, { ...request, answers: answer(sum), value: sum });
    }
    case 'arrive':
      return arrive(store, { from, id, request });
    case 'compare-set': {
      const { desired, expected, key } = request;
      const now = getIn(store.values, key);
      if ((now ?? '') !== expected) return { answers: answer(now ?? expected), store };
      return put(store, { answers: answer(desired), key, value: desired });
    }
    case 'delete': {
      const values = deleteIn(store.values, request.key);
      return { answers: answer(hasIn(store.values, request.key)), store: { ...store, values } };
    }
    case 'get':
    case 'wait': {
      const wantsValues = request.type === 'get';
      return wakeWaiting({
        ...store,
        waiting: [...store.waiting, { from, id, keys: request.keys, wantsValues }],
      });
    }
    case 'set':
      return put(store, { ...request, answers: answer(undefined) });
    default:
      return unreachable(request);
  }
}

interface Put {
  readonly answers: StoreStep['answers'];
  readonly key: string;
  readonly value: unknown;
}

function put(store: Store, { answers, key, value }: Put): StoreStep {
  const woken = wakeWaiting({ ...store, values: setIn(store.values, key, value) });
  return { answers: [...answers, ...woken.answers], store: woken.store };
}

/** Answers who waits for keys that are there. */
function wakeWaiting(store: Store): StoreStep {
  const { values } = store;
  const isThere = ({ keys }: Waiting): boolean => keys.every((key) => hasIn(values, key));
  const waiting = store.waiting.filter((each) => !isThere(each));
  const answers = store.waiting.filter(isThere).map(({ from, id, keys, wantsValues }) => ({
    from,
    id,
    value: wantsValues ? keys.map((key) => getIn(values, key)) : undefined,
  }));
  return { answers, store: { ...store, waiting } };
}

interface ArrivalAsked extends Caller {
  readonly request: Extract<StoreRequest, { readonly type: 'arrive' }>;
}

/** The last one that comes lets all go on, and nothing of the meeting is kept. */
function arrive(store: Store, { from, id, request }: ArrivalAsked): StoreStep {
  const { key, rank, size, value } = request;
  const come = [...(getIn(store.arrivals, key) ?? []), { from, id, rank, value }];
  if (come.length < size) {
    return { answers: [], store: { ...store, arrivals: setIn(store.arrivals, key, come) } };
  }
  const inOrder = come.toSorted((a, b) => a.rank - b.rank);
  const values = inOrder.map((each) => each.value);
  return {
    answers: inOrder.map((each) => ({ from: each.from, id: each.id, value: values })),
    store: { ...store, arrivals: deleteIn(store.arrivals, key) },
  };
}
