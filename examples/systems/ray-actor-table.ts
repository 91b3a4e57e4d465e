/**
 * How Ray's control service makes actors: the driver registers one, the service has a worker start it, and
 * the actor is alive when the worker says so. The driver may have dropped its handle before.
 *
 * @see https://github.com/ray-project/ray/pull/9302 (the two orders), and
 * https://github.com/ray-project/ray/pull/9329, whose remedy this is: when a creation ends, look whether the actor
 * was deleted.
 */
import { emit, sendTo, setup } from 'xstate';

import { atQuiescence, neverBack, sometimes, withPatterns } from '../../src/index.ts';
import type { LifeMark, SystemDefinition } from '../../src/index.ts';

/** Mistakes that can be planted, and what each is. */
export const rayActorTableBugs = {
  'revives-the-deleted':
    'a creation that ends makes the actor alive, even if it was deleted before',
} as const;

/** A mistake to plant. */
export type RayActorTableBug = keyof typeof rayActorTableBugs;

/** The driver, the control service `gcs`, and the worker that starts the actor. */
export function rayActorTable({ bug }: { readonly bug?: RayActorTableBug } = {}): SystemDefinition {
  const machine =
    bug === undefined ? gcsMachine : gcsMachine.provide({ guards: { revives: () => true } });
  const definition: SystemDefinition = {
    name: 'ray-actor-table',
    actors: [
      {
        address: 'driver',
        inputs: [{ event: { type: 'actor.wanted' } }, { event: { type: 'handle.dropped' } }],
        machine: driverMachine,
      },
      { address: 'gcs', machine },
      { address: 'worker', machine: workerMachine },
    ],
    properties: [
      atQuiescence(
        'an actor without handle does not run',
        (view) =>
          view.actor('driver')?.value !== 'dropped' || view.actor('worker')?.value !== 'running',
      ),
      sometimes('an actor is alive', (view) => view.actor('gcs')?.value === 'alive'),
      sometimes('an actor is stopped', (view) => view.actor('worker')?.value === 'stopped'),
    ],
    time: 'untimed',
  };
  return withPatterns(definition, [
    neverBack('a deleted actor never comes back', { read: lifeOf }),
  ]);
}

function lifeOf({
  type,
  ...fact
}: {
  readonly type: string;
  readonly event?: unknown;
}): LifeMark | undefined {
  // cast -- the service announces nothing else
  const { type: what } = (fact.event ?? { type: '' }) as { readonly type: string };
  if (type !== 'emitted') return undefined;
  return { id: 'actor', life: what === 'actor.created' ? 'began' : 'ended' };
}

/**
 * The program that wants an actor, for a time.
 *
 * `idle -> using -> dropped`
 */
const driverMachine = setup({
  types: { events: {} as { readonly type: 'actor.wanted' | 'handle.dropped' } },
  actions: {
    drop: sendTo(({ system }) => system.get('gcs'), { type: 'actor.out-of-scope' }),
    register: sendTo(({ system }) => system.get('gcs'), { type: 'actor.registered' }),
  },
}).createMachine({
  id: 'ray-driver',
  initial: 'idle',
  states: {
    idle: { on: { 'actor.wanted': 'using' } },
    using: { entry: 'register', on: { 'handle.dropped': 'dropped' } },
    dropped: { entry: 'drop' },
  },
});

/**
 * The control service, for one actor.
 *
 * `unknown -> creating -> alive -> deleted`, or `creating -> deleted` and the creation comes too late
 */
const gcsMachine = setup({
  types: {
    events: {} as {
      readonly type: 'actor.registered' | 'actor.started' | 'actor.out-of-scope';
    },
    emitted: {} as { readonly type: 'actor.created' | 'actor.deleted' },
  },
  actions: {
    announceCreated: emit({ type: 'actor.created' }),
    announceDeleted: emit({ type: 'actor.deleted' }),
    start: sendTo(({ system }) => system.get('worker'), { type: 'start.requested' }),
    stop: sendTo(({ system }) => system.get('worker'), { type: 'stop.requested' }),
  },
  guards: {
    // Whether the end of a creation counts for more than that the actor was deleted: a mistake.
    revives: () => false,
  },
}).createMachine({
  id: 'ray-gcs',
  initial: 'unknown',
  states: {
    unknown: { on: { 'actor.registered': 'creating' } },
    creating: {
      entry: 'start',
      on: { 'actor.started': 'alive', 'actor.out-of-scope': 'deleted' },
    },
    alive: {
      entry: 'announceCreated',
      on: { 'actor.out-of-scope': { target: 'deleted', actions: 'stop' } },
    },
    deleted: {
      entry: 'announceDeleted',
      on: { 'actor.started': [{ guard: 'revives', target: 'alive' }, { actions: 'stop' }] },
    },
  },
});

/**
 * The worker that the actor runs on.
 *
 * `idle -> running -> stopped`
 */
const workerMachine = setup({
  types: { events: {} as { readonly type: 'start.requested' | 'stop.requested' } },
  actions: { report: sendTo(({ system }) => system.get('gcs'), { type: 'actor.started' }) },
}).createMachine({
  id: 'ray-actor-worker',
  initial: 'idle',
  states: {
    idle: { on: { 'start.requested': 'running' } },
    running: { entry: 'report', on: { 'stop.requested': 'stopped' } },
    stopped: {},
  },
});
