/**
 * Mutual exclusion of Ricart and Agrawala: who wants the critical section asks all others and enters when
 * all have answered; whoever has asked earlier, or is inside, answers only when it has left.
 *
 * @see Ricart and Agrawala, "An Optimal Algorithm for Mutual Exclusion in Computer Networks", 1981.
 */
import { assign, enqueueActions, sendTo, setup } from 'xstate';

import { always, leadsTo, sometimes } from '../../src/index.ts';
import type { ActorDefinition, Property, SystemDefinition, View } from '../../src/index.ts';

/** How large the system is, and what is wrong with it. */
export interface RicartAgrawalaOptions {
  readonly processes: number;
  /** How often each of them wants to enter. */
  readonly entries: number;
  readonly bug?: RicartAgrawalaBug;
}

/** Mistakes that can be planted, and what each is. */
export const ricartAgrawalaBugs = {
  'yields-at-equal-times': 'of two who ask at one time, each lets the other go first',
  'forgets-the-deferred': 'who leaves does not answer those whom it has kept waiting',
} as const;

/** A mistake to plant. */
export type RicartAgrawalaBug = keyof typeof ricartAgrawalaBugs;

/** The processes `p1`, `p2`, …; messages may overtake one another. */
export function ricartAgrawala(options: RicartAgrawalaOptions): SystemDefinition {
  const machine = machineWith(options.bug);
  const names = Array.from({ length: options.processes }, (_, index) => `p${index + 1}`);
  return {
    name: 'ricart-agrawala',
    actors: names.map((name) => ({ ...exclusiveProcess(name, names, options), machine })),
    network: { links: 'unordered' },
    properties: ricartAgrawalaProperties(names),
    time: 'untimed',
  };
}

/** At most one is in the critical section, and whoever waits for it gets there. */
function ricartAgrawalaProperties(names: readonly string[]): readonly Property[] {
  return [
    always(
      'mutual exclusion',
      (view) => names.filter((name) => isIn(name, 'critical')(view)).length <= 1,
    ),
    ...names.map((name) =>
      leadsTo(`${name} enters when it waits`, {
        from: isIn(name, 'waiting'),
        to: isIn(name, 'critical'),
      }),
    ),
    ...names.map((name) => sometimes(`${name} enters`, isIn(name, 'critical'))),
  ];
}

function exclusiveProcess(
  address: string,
  names: readonly string[],
  { entries }: RicartAgrawalaOptions,
): Omit<ActorDefinition, 'machine'> {
  const input: ProcessInput = { name: address, peers: names.filter((name) => name !== address) };
  const inputs = [{ event: { type: 'section.wanted' }, budget: entries }];
  return { address, input, inputs };
}

function machineWith(bug?: RicartAgrawalaBug): typeof exclusiveProcessMachine {
  switch (bug) {
    case 'yields-at-equal-times':
      return exclusiveProcessMachine.provide({
        guards: { isFirst: ({ context }, { clock }) => context.asked < clock },
      });
    case 'forgets-the-deferred':
      return exclusiveProcessMachine.provide({
        actions: { answerDeferred: assign({ deferred: [] }) },
      });
    default:
      return exclusiveProcessMachine;
  }
}

interface ProcessInput {
  readonly name: string;
  readonly peers: readonly string[];
}

interface ProcessContext extends ProcessInput {
  /** How many have answered its request. */
  readonly answers: number;
  /** The time of its last request. */
  readonly asked: number;
  /** The latest time that it has heard of. */
  readonly clock: number;
  /** Who waits for it to leave, in the order of their names. */
  readonly deferred: readonly string[];
}

interface Request {
  readonly clock: number;
  readonly from: string;
}

type ProcessEvent =
  | ({ readonly type: 'mutex.request' } & Request)
  | { readonly type: 'mutex.answer' | 'section.wanted' };

/**
 * A process.
 *
 * `idle -> waiting -> critical -> idle`
 */
export const exclusiveProcessMachine = setup({
  types: {
    input: {} as ProcessInput,
    context: {} as ProcessContext,
    events: {} as ProcessEvent,
  },
  actions: {
    answer: sendTo(({ system }, { from }: Request) => system.get(from), { type: 'mutex.answer' }),
    answerDeferred: enqueueActions(({ context: { deferred }, enqueue }) => {
      for (const peer of deferred) {
        enqueue.sendTo(({ system }) => system.get(peer), { type: 'mutex.answer' });
      }
      enqueue.assign({ deferred: [] });
    }),
    ask: enqueueActions(({ context: { asked, name, peers }, enqueue }) => {
      for (const peer of peers) {
        const request: ProcessEvent = { type: 'mutex.request', clock: asked, from: name };
        enqueue.sendTo(({ system }) => system.get(peer), request);
      }
    }),
    defer: assign(({ context: { deferred } }, { from }: Request) => ({
      deferred: [...deferred, from].toSorted(),
    })),
    noteAnswer: assign({ answers: ({ context }) => context.answers + 1 }),
    noteClock: assign(({ context }, { clock }: Request) => ({
      clock: Math.max(context.clock, clock),
    })),
    setOut: assign(({ context: { clock } }) => ({
      answers: 0,
      asked: clock + 1,
      clock: clock + 1,
    })),
  },
  delays: { stay: 1 },
  guards: {
    isAnswered: ({ context: { answers, peers } }) => answers === peers.length,
    // Of one time, the names decide.
    isFirst: ({ context: { asked, name } }, { clock, from }: Request) =>
      asked < clock || (asked === clock && name < from),
  },
}).createMachine({
  id: 'exclusive-process',
  context: ({ input }) => ({ ...input, answers: 0, asked: 0, clock: 0, deferred: [] }),
  initial: 'idle',
  on: {
    'mutex.request': {
      actions: [
        { type: 'noteClock', params: ({ event }) => event },
        { type: 'answer', params: ({ event }) => event },
      ],
    },
  },
  states: {
    idle: { on: { 'section.wanted': 'waiting' } },
    waiting: {
      entry: ['setOut', 'ask'],
      always: { guard: 'isAnswered', target: 'critical' },
      on: {
        'mutex.answer': { actions: 'noteAnswer' },
        'mutex.request': [
          {
            guard: { type: 'isFirst', params: ({ event }) => event },
            actions: [
              { type: 'noteClock', params: ({ event }) => event },
              { type: 'defer', params: ({ event }) => event },
            ],
          },
          {
            actions: [
              { type: 'noteClock', params: ({ event }) => event },
              { type: 'answer', params: ({ event }) => event },
            ],
          },
        ],
      },
    },
    critical: {
      after: { stay: { target: 'idle', actions: 'answerDeferred' } },
      on: {
        'mutex.request': {
          actions: [
            { type: 'noteClock', params: ({ event }) => event },
            { type: 'defer', params: ({ event }) => event },
          ],
        },
      },
    },
  },
});

function isIn(name: string, value: string): (view: View) => boolean {
  return (view) => view.actor(name)?.value === value;
}
