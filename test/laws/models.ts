import { array, boolean, constantFrom, nat, record } from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { assign, enqueueActions, sendParent, setup } from 'xstate';

import { defineSystem, ms } from '../../src/index.ts';
import type { ActorDefinition, System } from '../../src/index.ts';
import type { FaultKind } from '../../src/kernel/rules.ts';

/** A small system as plain data, so that another process can make it anew. */
export interface Model {
  readonly faults: { readonly [fault in FaultKind]: number };
  readonly links: 'fifo' | 'persistent' | 'unordered';
  /** Each machine is a table; all of them live on one node, or each on its own. */
  readonly machines: readonly (readonly Row[])[];
  readonly isOneNode: boolean;
  readonly latencies: readonly number[];
  readonly time: 'timed' | 'untimed';
  readonly unhandled: 'consume' | 'keep';
}

/** In the state `from`, the event `on` leads to the state `to` and makes the machine do something. */
export interface Row {
  readonly deeds: readonly Deed[];
  readonly from: number;
  readonly on: number;
  readonly to: number;
}

/** One thing done: a message to machine `who`, a timer, or a child that answers once. */
export interface Deed {
  readonly event: number;
  readonly type: 'later' | 'send' | 'spawn';
  readonly who: number;
}

const machineCount = 3;
const stateCount = 3;
/** So often a machine does something before it falls silent, so that runs end. */
const fuel = 4;

/** Any small system. */
export function anyModel(): Arbitrary<Model> {
  const deed = record<Deed>({
    event: nat({ max: 2 }),
    type: constantFrom('send', 'send', 'later', 'spawn'),
    who: nat({ max: machineCount - 1 }),
  });
  const row = record<Row>({
    deeds: array(deed, { maxLength: 2 }),
    from: nat({ max: stateCount - 1 }),
    on: nat({ max: 2 }),
    to: nat({ max: stateCount - 1 }),
  });
  const budget = nat({ max: 1 });
  return record<Model>({
    faults: record({
      crash: budget,
      drop: budget,
      duplicate: budget,
      early: budget,
      partition: budget,
      pause: budget,
      restart: budget,
    }),
    isOneNode: boolean(),
    latencies: constantFrom([1], [1, 2], [0, 5]),
    links: constantFrom('fifo', 'fifo', 'unordered', 'persistent'),
    machines: array(array(row, { minLength: 2, maxLength: 8 }), {
      maxLength: machineCount,
      minLength: machineCount,
    }),
    time: constantFrom('timed', 'untimed'),
    unhandled: constantFrom('consume', 'consume', 'keep'),
  });
}

/** The system that a model describes. */
export function systemOf(model: Model): System {
  const { faults, isOneNode, latencies, links, machines, time, unhandled } = model;
  return defineSystem({
    name: 'model',
    actors: machines.map((rows, index): ActorDefinition => {
      return {
        address: `m${index}`,
        durable: ['fuel'],
        inputs: [{ budget: 1, event: { type: 'e0' } }],
        machine: machineOf(rows, index),
        ...(isOneNode ? { node: 'home' } : {}),
      };
    }),
    faults,
    network: {
      latency: latencies.map(ms),
      links,
      partitions: isOneNode ? [] : [{ groups: [['m0'], ['m1', 'm2']], name: 'p' }],
    },
    time,
    unhandled,
  });
}

const answerer = setup({}).createMachine({
  entry: sendParent({ type: 'e1' }),
  id: 'answerer',
  initial: 'waiting',
  states: { gone: { type: 'final' }, waiting: { after: { 3: 'gone' } } },
});

function machineOf(rows: readonly Row[], index: number): ReturnType<typeof emptyMachine> {
  const states = Array.from({ length: stateCount }, (_, state) => {
    const own = rows.filter(({ from }) => from === state);
    const on = Object.fromEntries(
      own.map(({ deeds, on: event, to }) => [
        `e${event}`,
        {
          actions: [{ type: 'act', params: { deeds } }, 'burn'],
          guard: 'hasFuel',
          target: `s${to}`,
        },
      ]),
    );
    return [`s${state}`, { on }] as const;
  });
  return emptyMachine(`machine-${index}`, Object.fromEntries(states));
}

function emptyMachine(id: string, states: Record<string, object>) {
  return setup({
    types: { context: {} as { readonly fuel: number } },
    actors: { answerer },
    actions: {
      act: enqueueActions(({ enqueue }, { deeds }: { readonly deeds: readonly Deed[] }) => {
        for (const { event, type, who } of deeds) {
          const what = { type: `e${event}` };
          if (type === 'send') enqueue.sendTo(({ system }) => system.get(`m${who}`), what);
          else if (type === 'later') enqueue.raise(what, { delay: who + 1, id: `t${event}` });
          else enqueue.spawnChild('answerer');
        }
      }),
      burn: assign(({ context }) => ({ fuel: context.fuel - 1 })),
    },
    guards: { hasFuel: ({ context }) => context.fuel > 0 },
  }).createMachine({ context: { fuel }, id, initial: 's0', states: states as never });
}
