import type { AutogradContext } from '../../../machines/autograd/container.ts';
import { keyOf } from '../../../machines/autograd/ids.ts';
import type { Call } from '../../../machines/rpc/agent/call.ts';
import { callKey } from '../../../machines/rpc/agent/call.ts';
import type { Agent, WorkerContext } from '../../../machines/rpc/context.ts';
import type { Thread } from '../../../machines/rpc/threads/thread.ts';
import { newThread } from '../../../machines/rpc/threads/thread.ts';
import { rrefId } from '../../../machines/rref/ids.ts';
import type { RRefTables, UserRRef } from '../../../machines/rref/tables.ts';
import {
  deleteIn,
  emptyMap,
  entriesOf,
  hasIn,
  mapOf,
  setIn,
  sizeOf,
  valuesOf,
} from '../../../src/index.ts';
import type { Plant } from './planted.ts';

const strange = rrefId(0, 99);

/** For each invariant something that breaks it. */
export const plants: Readonly<Record<string, Plant>> = {
  P1: tables((rrefs) => ({ forks: setIn(rrefs.forks, strange, mapOf([['w0.98', true]])) })),
  P2: { ...liveUser((user) => ({ ...user, rrefId: strange })), past: { dropped: [strange] } },
  P3: { worker: (worker) => withThread(worker, newThread(worker, 'call-0-7')) },
  P4: endingTwice(),
  P5: agent(({ clientActiveCalls }) => ({ clientActiveCalls: clientActiveCalls + 1 })),
  P6: {
    worker: ({ group }) => ({
      group: {
        ...group,
        gathers: setIn(group.gathers, '["worker0"]0', {
          isProceeding: true,
          objects: { worker0: 1 },
        }),
      },
    }),
  },
  P7: {
    worker: ({ group, pool }) => ({
      group: { ...group, phase: 'stopped' },
      pool: { ...pool, running: 1 },
    }),
  },
  P8: {
    worker: ({ rrefs }) => (hasIn(rrefs.owners, rrefId(0, 0)) ? {} : undefined),
    past: { dropped: [rrefId(0, 0)] },
  },
  P9: contextOfAnother(),
  P10: {
    worker: ({ main }) =>
      main.type === 'returned' ? { main: { type: 'returned', value: 'another' } } : undefined,
  },
  P11: {
    worker: ({ pool }) => ({
      pool: { ...pool, queue: [{ thread: 'call-0-7', type: 'request.taken' }] },
    }),
  },
  P12: { past: { mishap: 'Inconsistent states: …' } },
  P13: {
    worker: ({ group, threads }) =>
      valuesOf(threads).some(({ request }) => request !== undefined)
        ? { group: { ...group, phase: 'new' } }
        : undefined,
  },
  P14: tables((rrefs) => ({ numPendingFutures: rrefs.numPendingFutures + 1 })),
  P15: { worker: ({ pool }) => ({ pool: { ...pool, running: pool.size + 1 } }) },
  P16: creation((user) => ({ ...user, timedOut: true })),
  S1: liveUser((user) => ({ ...user, rrefId: strange })),
  S2: { worker: ({ id, rrefs }) => userOf(rrefs, (user) => ({ ...user, ownerId: id })) },
  S3: {
    worker: ({ rrefs }) => {
      const { confirmedUsers, pendingUsers, users } = rrefs;
      const live = valuesOf(users).find((user) => hasIn(confirmedUsers, user.forkId));
      return live && { rrefs: { ...rrefs, pendingUsers: setIn(pendingUsers, live.forkId, []) } };
    },
  },
  S4: tables((rrefs) => ({ forks: setIn(rrefs.forks, strange, emptyMap<true>()) })),
  S5: liveUser((user) => ({ ...user, rrefId: strange })),
  S6: parent((rrefs, user) => ({
    users: setIn(rrefs.users, user.forkId, { ...user, deletedOnOwner: true }),
  })),
  S7: parent((rrefs, user) => ({ users: deleteIn(rrefs.users, user.forkId) })),
  S8: {
    actors: ({ name, threads }) =>
      Object.fromEntries(
        valuesOf(threads)
          .filter(({ unconfirmed }) => unconfirmed > 0)
          .map((thread) => [`${name}/${thread.name}`, {}]),
      ),
    worker: ({ threads }) =>
      valuesOf(threads).some(({ unconfirmed }) => unconfirmed > 0) ? {} : undefined,
  },
  S9: {
    worker: (worker) => {
      const served = valuesOf(worker.threads).find(({ request }) => request !== undefined);
      return served && withThread(worker, { ...served, name: `${served.name}~1` });
    },
  },
  S10: endingTwice(),
  S11: agent(() => ({ serverActiveCalls: -1 })),
  S12: call(({ result, ...each }) =>
    result?.type === 'response'
      ? { ...each, result: { ...result, message: { ...result.message, from: 7 } } }
      : undefined,
  ),
  S13: call(({ continuation, ...each }) =>
    continuation.type === 'retry-settled'
      ? {
          ...each,
          continuation: { ...continuation, retry: { ...continuation.retry, retryCount: 6 } },
        }
      : undefined,
  ),
  S14: context(({ sendFunctions, ...rest }) => {
    const [send] = valuesOf(sendFunctions);
    if (send === undefined) return undefined;
    const node = { ...send, autogradMessageId: String(7n << 48n) as never };
    return { ...rest, sendFunctions: setIn(sendFunctions, 'i7', node) };
  }),
  S15: context(({ recvFunctions, ...rest }) => {
    const [recv] = valuesOf(recvFunctions);
    if (recv === undefined) return undefined;
    // The id that the sender would give out a thousand messages later.
    const id = String(BigInt(recv.autogradMessageId) + 1_000n);
    const node = { ...recv, autogradMessageId: id as never };
    return { ...rest, recvFunctions: setIn(recvFunctions, keyOf(id), node) };
  }),
  S16: {
    worker: ({ autograd, id }) => {
      const [own] = valuesOf(autograd.contexts);
      // The answer of worker 1 has come, so that worker 1 has got what was sent to it.
      if (id !== 0 || own === undefined || sizeOf(own.recvFunctions) === 0) return undefined;
      const changed = { ...own, knownWorkerIds: [] };
      const contexts = setIn(autograd.contexts, keyOf(own.contextId), changed);
      return { autograd: { ...autograd, contexts } };
    },
  },
  S17: {
    worker: ({ autograd }) =>
      sizeOf(autograd.initializedContextIds) > 0 &&
      valuesOf(autograd.contexts).some(({ graphTask }) => graphTask !== undefined)
        ? { autograd: { ...autograd, initializedContextIds: emptyMap() } }
        : undefined,
  },
  S18: {
    actors: ({ name, passes }) =>
      Object.fromEntries(
        valuesOf(passes).map(({ pass }) => [
          `${name}/${pass.graphTask}`,
          // As many as there are to count, but for one.
          { loops: emptyMap(), task: { awaited: emptyMap(), outstandingTasks: 1 } },
        ]),
      ),
    worker: ({ passes }) => (sizeOf(passes) > 0 ? {} : undefined),
  },
  S19: { past: { repeatedNode: 'MulBackward0' } },
  S20: { past: { repeatedFeed: 'SendRpcBackward' } },
  S21: {
    worker: (worker) => {
      const { threads } = worker;
      return valuesOf(threads).flatMap(({ request, ...thread }) =>
        request?.type === 'BACKWARD_AUTOGRAD_REQ'
          ? withThread(worker, {
              ...thread,
              request: { ...request, autogradMessageId: String(7n << 48n) as never },
            })
          : [],
      )[0];
    },
  },
  S22: contextOfAnother(),
  S23: { past: { contested: 'rpc_prefix_0/RpcGroupManagementToken' } },
  S24: { worker: () => ({ directory: { byId: emptyMap(), byName: emptyMap() } }) },
};

function agent(change: (agent: Agent) => Partial<Agent>): Plant {
  return { worker: ({ agent: now }) => ({ agent: { ...now, ...change(now) } }) };
}

function tables(change: (rrefs: RRefTables) => Partial<RRefTables>): Plant {
  return { worker: ({ rrefs }) => ({ rrefs: { ...rrefs, ...change(rrefs) } }) };
}

function withThread(worker: WorkerContext, thread: Thread): Partial<WorkerContext> {
  return { threads: setIn(worker.threads, thread.name, thread) };
}

function userOf(
  rrefs: RRefTables,
  change: (user: UserRRef) => UserRRef,
  isMeant: (user: UserRRef) => boolean = () => true,
): Partial<WorkerContext> | undefined {
  const user = valuesOf(rrefs.users).find(isMeant);
  return user && { rrefs: { ...rrefs, users: setIn(rrefs.users, user.forkId, change(user)) } };
}

function liveUser(change: (user: UserRRef) => UserRRef): Plant {
  return {
    worker: ({ rrefs }) =>
      userOf(rrefs, change, (user) => user.confirmedByOwner && !user.deletedOnOwner),
  };
}

function parent(change: (rrefs: RRefTables, user: UserRRef) => Partial<RRefTables>): Plant {
  return {
    worker: ({ rrefs }) => {
      const parents = valuesOf(rrefs.pendingChildren);
      const user = valuesOf(rrefs.users).find((each) => parents.includes(each.forkId));
      return user && { rrefs: { ...rrefs, ...change(rrefs, user) } };
    },
  };
}

function call(change: (call: Call) => Call | undefined): Plant {
  return {
    worker: ({ agent: now }) => {
      const [changed] = valuesOf(now.calls).flatMap((each) => change(each) ?? []);
      return (
        changed && { agent: { ...now, calls: setIn(now.calls, callKey(changed.id), changed) } }
      );
    },
  };
}

/** The call that creates a reference is under way, and something is said of the reference already. */
function creation(change: (user: UserRRef) => UserRRef): Plant {
  return {
    worker: ({ agent: { calls }, rrefs }) => {
      const forks = valuesOf(calls).flatMap(({ continuation }) =>
        continuation.type === 'user-rref-confirmed' ? [continuation.forkId] : [],
      );
      return userOf(rrefs, change, (user) => forks.includes(user.forkId));
    },
  };
}

function endingTwice(): Plant {
  return {
    worker: ({ agent: { calls }, pool }) => {
      const [open] = valuesOf(calls);
      if (open === undefined) return undefined;
      const task = { call: open.id, type: 'response.taken' } as const;
      return { pool: { ...pool, queue: [task, task] } };
    },
  };
}

function contextOfAnother(): Plant {
  return {
    worker: (worker) => {
      const { threads } = worker;
      const served = valuesOf(threads).find(({ contextId }) => contextId !== undefined);
      return served?.request && withThread(worker, { ...served, contextId: '7' as never });
    },
  };
}

function context(change: (context: AutogradContext) => AutogradContext | undefined): Plant {
  return {
    worker: ({ autograd }) => {
      for (const [key, each] of entriesOf(autograd.contexts)) {
        const changed = change(each);
        if (changed !== undefined) {
          return { autograd: { ...autograd, contexts: setIn(autograd.contexts, key, changed) } };
        }
      }
      return undefined;
    },
  };
}
