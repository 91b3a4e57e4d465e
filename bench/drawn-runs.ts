import * as fc from 'fast-check';
import { assign, sendTo, setup } from 'xstate';

import type { SystemDefinition } from '../src/index.ts';
import { built, builtTesting } from './built.ts';
import type { Section } from './section.ts';

const { always, defineSystem } = built;
const { schedules } = builtTesting;

const clients = 4;
const calls = 5;
const runsOurs = 16_000;
const runsTheirs = 400;
const turns = 9;

/** A property over random schedules of chained calls, by draws and by fast-check's scheduler. */
export async function drawnRuns(): Promise<Section> {
  const runs = schedules(defineSystem(chainedCalls()), {
    drawsMax: 2 * clients * calls,
    properties: [always('no more calls than are made', (view) => answersOf(view.actor) <= calls)],
  });
  const ours = (): number => {
    let steps = 0;
    const property = fc.property(runs, (run) => {
      ({ steps } = { steps: steps + run.steps });
      return run.broken === undefined;
    });
    fc.assert(property, { numRuns: runsOurs });
    return steps;
  };
  const rates: { readonly ours: number; readonly theirs: number }[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    const theirs = await rateOf(scheduled);
    rates.push({ ours: await rateOf(async () => Promise.resolve(ours())), theirs });
  }
  const [one, other] = [
    middle(rates.map((rate) => rate.ours)),
    middle(rates.map((rate) => rate.theirs)),
  ];
  const ratio = middle(rates.map((rate) => rate.ours / rate.theirs));
  return {
    title: 'Runs by draws',
    method:
      `A fast-check property over random schedules of ${clients} clients that make ${calls} calls each, one after ` +
      `the other: steps a second (of CPU), by \`schedules\` of \`orrery/testing\` against \`fc.scheduler\`, all ` +
      `of fast-check's work counted. Medians of ${turns} turns; the bar is a ratio of 20.`,
    header: ['system', 'Orrery', 'fc.scheduler', 'ratio'],
    rows: [
      [
        'chained calls',
        `${Math.round(one / 1e3)} k/s`,
        `${Math.round(other / 1e3)} k/s`,
        ratio.toFixed(1),
      ],
    ],
  };
}

function middle(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0;
}

async function rateOf(run: () => Promise<number>): Promise<number> {
  const from = process.cpuUsage();
  const steps = await run();
  const { system, user } = process.cpuUsage(from);
  return steps / ((system + user) / 1e6);
}

/** The same calls as scheduled promises: a request and an answer are a step each. */
async function scheduled(): Promise<number> {
  let steps = 0;
  const property = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
    const answers = Array.from({ length: clients }, () => 0);
    const client = async (index: number): Promise<void> => {
      for (let call = 0; call < calls; call += 1) {
        await scheduler.schedule(Promise.resolve('request'));
        await scheduler.schedule(Promise.resolve('answer'));
        steps += 2;
        answers[index] = (answers[index] ?? 0) + 1;
      }
    };
    const all = Promise.all(answers.map(async (_, index) => client(index)));
    await scheduler.waitFor(all);
    return answers.every((count) => count <= calls);
  });
  await fc.assert(property, { numRuns: runsTheirs });
  return steps;
}

function answersOf(
  actor: (address: string) => { readonly context: Readonly<Record<string, unknown>> } | undefined,
): number {
  return Number(actor('client0')?.context['answers'] ?? 0);
}

/** Clients that call a server, each the next time when it has its answer. */
function chainedCalls(): SystemDefinition {
  const client = setup({
    types: {
      context: {} as { readonly answers: number; readonly name: string },
      input: {} as { readonly name: string },
    },
    actions: {
      call: sendTo(
        ({ system }) => system.get('server'),
        ({ context }) => ({ type: 'request', from: context.name }),
      ),
      count: assign({ answers: ({ context }) => context.answers + 1 }),
    },
    guards: { hasMore: ({ context }) => context.answers < calls - 1 },
  }).createMachine({
    id: 'client',
    context: ({ input }) => ({ answers: 0, name: input.name }),
    entry: 'call',
    on: { answer: [{ guard: 'hasMore', actions: ['count', 'call'] }, { actions: 'count' }] },
  });
  const server = setup({
    actions: {
      answer: sendTo(({ system }, { from }: { readonly from: string }) => system.get(from), {
        type: 'answer',
      }),
    },
  }).createMachine({
    id: 'server',
    on: {
      request: {
        actions: { type: 'answer', params: ({ event }) => ({ from: String(event['from']) }) },
      },
    },
  });
  const names = Array.from({ length: clients }, (_, index) => `client${index}`);
  return {
    name: 'chained-calls',
    actors: [
      { address: 'server', machine: server },
      ...names.map((name) => ({ address: name, input: { name }, machine: client })),
    ],
    time: 'untimed',
  };
}
