/**
 * A register that is kept by several servers, any majority of which can serve a request: a server asks
 * the others what is newest, then has a majority record what it is going to answer.
 *
 * @see Attiya, Bar-Noy and Dolev, "Sharing Memory Robustly in Message-Passing Systems", 1995; the
 * example `linearizable-register` of Stateright 0.31, whose model this is: a server is its own first
 * witness at once, without messages to itself.
 */
import { assign, enqueueActions, sendTo, setup } from 'xstate';

import type { ActorDefinition, SystemDefinition } from '../../src/index.ts';
import { isBefore } from './ballot.ts';
import type { Ballot } from './ballot.ts';
import { registerSystem, serverNames, unwritten } from './register-client.ts';
import type { ReadRequest, RegisterReply, WriteRequest } from './register-client.ts';

export { registerProperties as linearizableRegisterProperties } from './register-client.ts';

/** How large the system is, and what is wrong with it. */
export interface LinearizableRegisterOptions {
  readonly clients: number;
  readonly servers: number;
  /** `unordered` unless said otherwise. */
  readonly links?: 'fifo' | 'unordered';
  readonly bug?: LinearizableRegisterBug;
}

/** Mistakes that can be planted, and what each is. */
export const linearizableRegisterBugs = {
  'asks-no-majority': 'a server asks nobody but itself',
  'records-old-values': 'a server records whatever it is told, even if it knows something newer',
} as const;

/** A mistake to plant. */
export type LinearizableRegisterBug = keyof typeof linearizableRegisterBugs;

/** Servers and clients. Two of each have 544 worlds, as in Stateright's example. */
export function linearizableRegister({
  bug,
  clients,
  links = 'unordered',
  servers,
}: LinearizableRegisterOptions): SystemDefinition {
  return registerSystem({
    name: 'linearizable-register',
    clients,
    links,
    servers: serverNames(servers).map((name, _, names) => server(name, names, bug)),
  });
}

function server(
  address: string,
  names: readonly string[],
  bug?: LinearizableRegisterBug,
): ActorDefinition {
  const majority = bug === 'asks-no-majority' ? 1 : Math.floor(names.length / 2) + 1;
  const peers = names.filter((name) => name !== address);
  const machine =
    bug === 'records-old-values'
      ? registerServerMachine.provide({ guards: { isNews: () => true } })
      : registerServerMachine;
  const input: ServerInput = { majority, name: address, peers };
  return { address, input, machine };
}

/** A value with its place in the order of writes. */
interface Version {
  readonly seq: Ballot;
  readonly value: string;
}

/** What a server does for a client. */
interface Task {
  readonly client: string;
  readonly request: number;
  /** What it is to write; absent for a read. */
  readonly writes?: string;
  /** What it has read; absent for a write and while it asks. */
  readonly hasRead?: string;
  /** Who has recorded it, in the order of their names. */
  readonly records: readonly string[];
  /** What servers hold, by name. */
  readonly versions: Readonly<Record<string, Version>>;
}

interface ServerInput {
  readonly majority: number;
  readonly name: string;
  readonly peers: readonly string[];
}

interface ServerContext extends ServerInput {
  readonly task?: Task | undefined;
  readonly version: Version;
}

interface Answer {
  readonly from: string;
  readonly request: number;
}

type RegisterMessage =
  | ({ readonly type: 'register.query' } & Answer)
  | ({ readonly type: 'register.query-reply'; readonly version: Version } & Answer)
  | ({ readonly type: 'register.record'; readonly version: Version } & Answer)
  | ({ readonly type: 'register.record-reply' } & Answer);

/**
 * A server.
 *
 * `idle -> querying -> recording -> idle`
 */
export const registerServerMachine = setup({
  types: {
    input: {} as ServerInput,
    context: {} as ServerContext,
    events: {} as ReadRequest | RegisterMessage | WriteRequest,
  },
  actions: {
    answerClient: enqueueActions(({ context: { task }, enqueue }) => {
      if (task === undefined) return;
      const { client, hasRead, request } = task;
      const reply: RegisterReply =
        hasRead === undefined
          ? { type: 'register.write-reply', request }
          : { type: 'register.read-reply', request, value: hasRead };
      enqueue.sendTo(({ system }) => system.get(client), reply);
    }),
    answerQuery: sendTo(
      ({ system }, { from }: Answer) => system.get(from),
      ({ context: { name, version } }, { request }): RegisterMessage => ({
        type: 'register.query-reply',
        from: name,
        request,
        version,
      }),
    ),
    answerRecord: sendTo(
      ({ system }, { from }: Answer) => system.get(from),
      ({ context: { name } }, { request }): RegisterMessage => ({
        type: 'register.record-reply',
        from: name,
        request,
      }),
    ),
    askForVersions: enqueueActions(({ context: { name, peers, task }, enqueue }) => {
      if (task === undefined) return;
      for (const peer of peers) {
        const query: RegisterMessage = {
          type: 'register.query',
          from: name,
          request: task.request,
        };
        enqueue.sendTo(({ system }) => system.get(peer), query);
      }
    }),
    askToRecord: enqueueActions(({ context: { name, peers, task }, enqueue }) => {
      if (task === undefined) return;
      const { request, versions } = task;
      const version = versions[name];
      if (version === undefined) return;
      for (const peer of peers) {
        const record: RegisterMessage = { type: 'register.record', from: name, request, version };
        enqueue.sendTo(({ system }) => system.get(peer), record);
      }
    }),
    begin: assign(
      (
        { context: { name, version } },
        { client, request, value }: { readonly value?: string } & Omit<ReadRequest, 'type'>,
      ) => ({
        task: {
          client,
          records: [],
          request,
          versions: { [name]: version },
          ...(value === undefined ? {} : { writes: value }),
        },
      }),
    ),
    choose: assign(({ context: { name, task, version } }) => {
      if (task === undefined) return {};
      const newest = newestOf(Object.values(task.versions));
      const { client, request, writes } = task;
      const chosen: Version =
        writes === undefined ? newest : { seq: [newest.seq[0] + 1, name], value: writes };
      return {
        task: {
          client,
          records: [name],
          request,
          versions: { [name]: chosen },
          ...(writes === undefined ? { hasRead: newest.value } : {}),
        },
        version: isBefore(version.seq, chosen.seq) ? chosen : version,
      };
    }),
    end: assign({ task: undefined }),
    forgetVersions: assign(({ context: { task } }) =>
      task === undefined ? {} : { task: { ...task, versions: {} } },
    ),
    noteRecord: assign(({ context: { task } }, { from }: Answer) =>
      task === undefined ? {} : { task: { ...task, records: [...task.records, from].toSorted() } },
    ),
    noteVersion: assign(
      ({ context: { task } }, { from, version }: Answer & { readonly version: Version }) =>
        task === undefined
          ? {}
          : { task: { ...task, versions: { ...task.versions, [from]: version } } },
    ),
    record: assign((_, { version }: { readonly version: Version }) => ({ version })),
  },
  guards: {
    hasMajorityOfRecords: ({ context: { majority, task } }) =>
      task !== undefined && task.records.length >= majority,
    hasMajorityOfVersions: ({ context: { majority, task } }) =>
      task !== undefined && Object.keys(task.versions).length >= majority,
    isAwaited: ({ context: { task } }, { request }: Answer) => task?.request === request,
    isNews: ({ context }, { version }: { readonly version: Version }) =>
      isBefore(context.version.seq, version.seq),
  },
}).createMachine({
  id: 'register-server',
  context: ({ input }) => ({ ...input, version: { seq: [0, input.name], value: unwritten } }),
  initial: 'idle',
  on: {
    'register.query': { actions: { type: 'answerQuery', params: ({ event }) => event } },
    'register.record': [
      {
        guard: { type: 'isNews', params: ({ event }) => event },
        actions: [
          { type: 'record', params: ({ event }) => event },
          { type: 'answerRecord', params: ({ event }) => event },
        ],
      },
      { actions: { type: 'answerRecord', params: ({ event }) => event } },
    ],
  },
  states: {
    idle: {
      entry: 'end',
      on: {
        'register.read-request': {
          target: 'querying',
          actions: { type: 'begin', params: ({ event }) => event },
        },
        'register.write-request': {
          target: 'querying',
          actions: { type: 'begin', params: ({ event }) => event },
        },
      },
    },
    querying: {
      entry: 'askForVersions',
      always: { guard: 'hasMajorityOfVersions', target: 'recording' },
      on: {
        'register.query-reply': {
          guard: { type: 'isAwaited', params: ({ event }) => event },
          actions: { type: 'noteVersion', params: ({ event }) => event },
        },
      },
    },
    recording: {
      entry: ['choose', 'askToRecord', 'forgetVersions'],
      always: { guard: 'hasMajorityOfRecords', target: 'idle', actions: 'answerClient' },
      on: {
        'register.record-reply': {
          guard: { type: 'isAwaited', params: ({ event }) => event },
          actions: { type: 'noteRecord', params: ({ event }) => event },
        },
      },
    },
  },
});

/** Its own is among them, as it was when it began to ask. */
function newestOf(versions: readonly Version[]): Version {
  return versions.reduce((newest, version) =>
    isBefore(newest.seq, version.seq) ? version : newest,
  );
}
