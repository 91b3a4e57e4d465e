/**
 * How Dask moves a task from one worker to another that has less to do: the scheduler asks the worker that
 * has the task, and gives it to the other when that says that it has given it up. In the meantime
 * the task may have been released and given to a third, and perhaps be stolen from there.
 *
 * @see https://github.com/dask/distributed/issues/5370 (a confirmation that belongs to an older
 * request, worked out on paper), and https://github.com/dask/distributed/pull/5379, whose remedy this is:
 * each request has an id of its own, like an ETag, and a confirmation without the id of the last counts for nothing.
 */
import { assign, enqueueActions, sendTo, setup } from 'xstate';

import { oneFact, sometimes, withPatterns } from '../../src/index.ts';
import type { SystemDefinition, View } from '../../src/index.ts';

/** What is wrong with it, and how much may happen. */
export interface DaskStealingOptions {
  readonly bug?: DaskStealingBug;
  /** How often the task may be stolen; 2 unless said otherwise. */
  readonly thefts?: number;
}

/** Mistakes that can be planted, and what each is. */
export const daskStealingBugs = {
  'takes-old-confirmations':
    'a confirmation is taken for that of the last request, whatever it confirms',
} as const;

/** A mistake to plant. */
export type DaskStealingBug = keyof typeof daskStealingBugs;

const workers = ['alice', 'bob', 'chuck'] as const;

/** The scheduler, and the workers `alice`, who has the task, `bob` and `chuck`. */
export function daskStealing({ bug, thefts = 2 }: DaskStealingOptions = {}): SystemDefinition {
  const definition: SystemDefinition = {
    name: 'dask-stealing',
    actors: [
      {
        address: 'scheduler',
        inputs: [
          { budget: thefts, event: { type: 'theft.wanted' } },
          { budget: 1, event: { type: 'task.released' } },
        ],
        machine: schedulerWith(bug),
      },
      ...workers.map((name) => ({
        address: name,
        inputs: [{ budget: 1, event: { type: 'task.begun' } }],
        machine: workerMachine,
      })),
    ],
    properties: [sometimes('chuck has it', (view) => view.actor('chuck')?.value === 'having')],
    time: 'untimed',
  };
  const readings = [hasIt, isSaidToHaveIt];
  return withPatterns(definition, [
    oneFact('who is said to have the task has it', readings, { when: 'at rest' }),
  ]);
}

function schedulerWith(bug?: DaskStealingBug): typeof schedulerMachine {
  return bug === undefined
    ? schedulerMachine
    : schedulerMachine.provide({
        guards: {
          isLast: ({ context }) => context.asked !== '',
          isMoved: ({ context }, { gave }) => context.asked !== '' && gave,
        },
      });
}

function hasIt(view: View): readonly string[] {
  return workers.filter((name) => view.actor(name)?.value !== 'without');
}

function isSaidToHaveIt(view: View): readonly unknown[] {
  return [view.actor('scheduler')?.context['on']];
}

interface Answer {
  readonly gave: boolean;
  readonly stimulus: number;
}

interface SchedulerContext {
  /** Who is asked to give the task up; nobody where it is empty. */
  readonly asked: string;
  /** Who has the task. */
  readonly on: string;
  /** The id of the last request. */
  readonly stimulus: number;
}

type SchedulerEvent =
  | { readonly type: 'theft.wanted' | 'task.released' }
  | ({ readonly type: 'steal.answered' } & Answer);

/** The scheduler: it gives the task to the worker after the one that has it. */
const schedulerMachine = setup({
  types: { context: {} as SchedulerContext, events: {} as SchedulerEvent },
  actions: {
    ask: enqueueActions(({ context: { on, stimulus }, enqueue }) => {
      const request = { type: 'steal.requested', stimulus: stimulus + 1 };
      enqueue.assign({ asked: on, stimulus: request.stimulus });
      enqueue.sendTo(({ system }) => system.get(on), request);
    }),
    free: sendTo(({ context: { on }, system }) => system.get(on), { type: 'task.freed' }),
    give: sendTo(({ context: { on }, system }) => system.get(on), { type: 'task.given' }),
    moveOn: assign(({ context: { on } }) => ({ asked: '', on: after(on) })),
    settle: assign({ asked: '' }),
  },
  guards: {
    isFree: ({ context: { asked } }) => asked === '',
    isLast: ({ context }, answer: Answer) => isLast(context, answer),
    isMoved: ({ context }, answer: Answer) => isLast(context, answer) && answer.gave,
  },
}).createMachine({
  id: 'dask-scheduler',
  context: { asked: '', on: 'alice', stimulus: 0 },
  initial: 'beginning',
  states: {
    beginning: { entry: 'give', always: 'balancing' },
    balancing: {
      on: {
        'theft.wanted': { guard: 'isFree', actions: 'ask' },
        'task.released': { actions: ['free', 'moveOn', 'give'] },
        'steal.answered': [
          {
            guard: { type: 'isMoved', params: ({ event }) => event },
            actions: ['moveOn', 'give'],
          },
          { guard: { type: 'isLast', params: ({ event }) => event }, actions: 'settle' },
        ],
      },
    },
  },
});

/**
 * A worker.
 *
 * `without -> having -> executing`, and `without` again when it is told so or has given the task up
 */
const workerMachine = setup({
  types: {
    events: {} as
      | { readonly type: 'task.given' | 'task.freed' | 'task.begun' }
      | { readonly type: 'steal.requested'; readonly stimulus: number },
  },
  actions: {
    answer: sendTo(
      ({ system }) => system.get('scheduler'),
      (_, answer: Answer) => ({ type: 'steal.answered', ...answer }),
    ),
  },
}).createMachine({
  id: 'dask-worker',
  initial: 'without',
  states: {
    without: {
      on: {
        'task.given': 'having',
        'steal.requested': {
          actions: {
            type: 'answer',
            params: ({ event: { stimulus } }) => ({ gave: false, stimulus }),
          },
        },
      },
    },
    having: {
      on: {
        'task.begun': 'executing',
        'task.freed': 'without',
        'steal.requested': {
          target: 'without',
          actions: {
            type: 'answer',
            params: ({ event: { stimulus } }) => ({ gave: true, stimulus }),
          },
        },
      },
    },
    // What has begun is not given up.
    executing: {
      on: {
        'task.freed': 'without',
        'steal.requested': {
          actions: {
            type: 'answer',
            params: ({ event: { stimulus } }) => ({ gave: false, stimulus }),
          },
        },
      },
    },
  },
});

function after(name: string): string {
  const index = workers.findIndex((worker) => worker === name);
  return workers[(index + 1) % workers.length] ?? name;
}

function isLast({ asked, stimulus }: SchedulerContext, answer: Answer): boolean {
  return asked !== '' && answer.stimulus === stimulus;
}
