/**
 * Lamport's mutual exclusion: who wants the critical section tells all others the time of its request;
 * it enters when all have answered and none that it knows of asked earlier.
 *
 * @see Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System", 1978; the TLA+
 * module `LamportMutex` by Stephan Merz, whose model this is.
 */
import { assign, enqueueActions, sendTo, setup } from 'xstate';

import { always, sometimes } from '../../src/index.ts';
import type { ActorDefinition, ActorView, Property, SystemDefinition } from '../../src/index.ts';

/** How large the system is, and what is wrong with it. */
export interface LamportMutexOptions {
  /** Worlds in which a clock goes further are not looked at. */
  readonly clockMax: number;
  readonly processes: number;
  readonly bug?: LamportMutexBug;
}

/** Mistakes that can be planted, and what each is. */
export const lamportMutexBugs = {
  'ignores-earlier-requests':
    'a process enters as soon as all have answered, whoever asked earlier',
  'does-not-wait-for-answers':
    'a process enters when it knows of no earlier request, although not all have answered',
} as const;

/** A mistake to plant. */
export type LamportMutexBug = keyof typeof lamportMutexBugs;

/**
 * The processes `p1`, `p2`, … and FIFO links between them. Clocks would make the worlds endless, so they
 * are looked at up to `clockMax`, as in the TLA+ module by a constraint. Three processes with clocks up to
 * 6 have 724,274 worlds at a depth of 61 and 2,729,079 steps, as in the TLA+ examples.
 */
export function lamportMutex(options: LamportMutexOptions): SystemDefinition {
  const machine = machineWith(options.bug);
  return {
    name: 'lamport-mutex',
    actors: namesOf(options).map((name, _, names) => ({
      ...mutexProcess(name, names),
      machine,
    })),
    properties: lamportMutexProperties(options),
    time: 'untimed',
    unhandled: 'keep',
    within: (view) =>
      namesOf(options).every((name) => clockOf(view.actor(name)) <= options.clockMax),
  };
}

/** At most one is in the critical section, and each can get there. */
export function lamportMutexProperties(options: LamportMutexOptions): readonly Property[] {
  const names = namesOf(options);
  return [
    always(
      'mutual exclusion',
      (view) => names.filter((name) => view.actor(name)?.value === 'critical').length <= 1,
    ),
    ...names.map((name) =>
      sometimes(`${name} enters`, (view) => view.actor(name)?.value === 'critical'),
    ),
  ];
}

function clockOf(actor: ActorView | undefined): number {
  return Number(actor?.context['clock'] ?? 0);
}

function namesOf({ processes }: LamportMutexOptions): readonly string[] {
  return Array.from({ length: processes }, (_, index) => `p${index + 1}`);
}

function mutexProcess(address: string, names: readonly string[]): Omit<ActorDefinition, 'machine'> {
  const peers = names.filter((name) => name !== address);
  return {
    address,
    input: { name: address, peers } satisfies ProcessInput,
    inputs: [
      { event: { type: 'section.wanted' } },
      { event: { type: 'section.entered' } },
      { event: { type: 'section.left' } },
    ],
  };
}

function machineWith(bug?: LamportMutexBug): typeof mutexProcessMachine {
  switch (bug) {
    case 'ignores-earlier-requests':
      return mutexProcessMachine.provide({
        guards: { isFirst: ({ context }) => isAnswered(context) },
      });
    case 'does-not-wait-for-answers':
      return mutexProcessMachine.provide({
        guards: { isFirst: ({ context }) => isEarliest(context) },
      });
    default:
      return mutexProcessMachine;
  }
}

interface ProcessInput {
  readonly name: string;
  readonly peers: readonly string[];
}

interface ProcessContext extends ProcessInput {
  /** Who has answered its request, in the order of their names. */
  readonly answers: readonly string[];
  readonly clock: number;
  /** The times of the requests that it knows of, its own among them. */
  readonly requests: Readonly<Record<string, number>>;
}

type MutexMessage =
  | { readonly type: 'mutex.request'; readonly clock: number; readonly from: string }
  | { readonly type: 'mutex.answer'; readonly from: string }
  | { readonly type: 'mutex.release'; readonly from: string };

type ProcessEvent =
  | MutexMessage
  | { readonly type: 'section.entered' | 'section.left' | 'section.wanted' };

interface From {
  readonly from: string;
}

interface Request extends From {
  readonly clock: number;
}

/**
 * A process.
 *
 * `idle -> waiting -> critical -> idle`
 */
export const mutexProcessMachine = setup({
  types: {
    input: {} as ProcessInput,
    context: {} as ProcessContext,
    events: {} as ProcessEvent,
  },
  actions: {
    answer: sendTo(
      ({ system }, { from }: From) => system.get(from),
      ({ context: { name } }): MutexMessage => ({ type: 'mutex.answer', from: name }),
    ),
    forgetOwn: assign(({ context: { name, requests } }) => ({
      answers: [],
      requests: without(requests, name),
    })),
    forgetRequest: assign(({ context: { requests } }, { from }: From) => ({
      requests: without(requests, from),
    })),
    noteAnswer: assign(({ context: { answers } }, { from }: From) => ({
      answers: [...new Set([...answers, from])].toSorted(),
    })),
    noteOwn: assign(({ context: { clock, name, requests } }) => ({
      requests: { ...requests, [name]: clock },
    })),
    noteRequest: assign(({ context }, { clock, from }: Request) => ({
      clock: clockAfter(context, clock),
      requests: { ...context.requests, [from]: clock },
    })),
    release: enqueueActions(({ context: { name, peers }, enqueue }) => {
      for (const peer of peers) {
        const message: MutexMessage = { type: 'mutex.release', from: name };
        enqueue.sendTo(({ system }) => system.get(peer), message);
      }
    }),
    request: enqueueActions(({ context: { clock, name, peers }, enqueue }) => {
      for (const peer of peers) {
        const message: MutexMessage = { type: 'mutex.request', clock, from: name };
        enqueue.sendTo(({ system }) => system.get(peer), message);
      }
    }),
  },
  guards: {
    isFirst: ({ context }) => isAnswered(context) && isEarliest(context),
  },
}).createMachine({
  id: 'mutex-process',
  context: ({ input }) => ({ ...input, answers: [], clock: 1, requests: {} }),
  initial: 'idle',
  on: {
    'mutex.request': {
      actions: [
        { type: 'noteRequest', params: ({ event }) => event },
        { type: 'answer', params: ({ event }) => event },
      ],
    },
    'mutex.answer': { actions: { type: 'noteAnswer', params: ({ event }) => event } },
    'mutex.release': { actions: { type: 'forgetRequest', params: ({ event }) => event } },
  },
  states: {
    idle: { on: { 'section.wanted': { target: 'waiting', actions: ['noteOwn', 'request'] } } },
    waiting: { on: { 'section.entered': { guard: 'isFirst', target: 'critical' } } },
    critical: {
      on: {
        // In the model that this follows, to enter is possible as long as nobody is earlier.
        'section.entered': { guard: 'isFirst', target: 'critical' },
        'section.left': { target: 'idle', actions: ['forgetOwn', 'release'] },
      },
    },
  },
});

function clockAfter({ clock }: ProcessContext, told: number): number {
  return Math.max(clock, told) + 1;
}

function isAnswered({ answers, peers }: ProcessContext): boolean {
  return peers.every((peer) => answers.includes(peer));
}

/** Whether no request that it knows of was made earlier; the names decide between equal times. */
function isEarliest({ name, peers, requests }: ProcessContext): boolean {
  const own = requests[name] ?? 0;
  return peers.every((peer) => {
    const other = requests[peer];
    return other === undefined || own < other || (own === other && name < peer);
  });
}

function without(
  requests: Readonly<Record<string, number>>,
  name: string,
): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(requests).filter(([other]) => other !== name));
}
