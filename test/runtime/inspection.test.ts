import { createInspector } from '@statelyai/inspect';
import type { StatelyInspectionEvent } from '@statelyai/inspect';
import { expect, test, vi } from 'vitest';
import { createActor } from 'xstate';
import type { InspectionEvent } from 'xstate';
import { sendParent, setup } from 'xstate';

import { pingPong } from '../../examples/protocols/ping-pong.ts';
import { defineSystem, getIn, inspection, runSystem } from '../../src/index.ts';
import { troubledRun } from '../trace/exports/runs.ts';

/** What Stately's inspector makes of the events of a run. */
async function inspected(
  feed: (observe: (event: InspectionEvent) => void) => void,
): Promise<readonly StatelyInspectionEvent[]> {
  const seen: StatelyInspectionEvent[] = [];
  const inspector = createInspector({ send: (event) => seen.push(event) });
  let sent = 0;
  feed((event) => {
    if (event.type !== '@xstate.action') sent += 1;
    inspector.inspect.next?.(event);
  });
  await vi.waitFor(() => {
    expect(seen).toHaveLength(sent);
  });
  return seen;
}

test('shows Stately’s inspector the actors, their machines, events and snapshots of a run', async () => {
  const system = defineSystem(pingPong({ hits: 1 }));
  const seen = await inspected((observe) =>
    runSystem(system, { onStep: inspection(system, observe) }),
  );
  const brief = seen.map((event) => `${event.type} ${event.sessionId}`);
  expect(brief.slice(0, 3)).toEqual([
    '@xstate.actor ping-pong',
    '@xstate.actor ping',
    '@xstate.actor pong',
  ]);
  expect(seen[1]).toMatchObject({ parentId: 'ping-pong', rootId: 'ping-pong' });
  expect(seen[1]).toHaveProperty('definition', expect.stringContaining('"states"'));
  const ball = seen.find((event) => event.type === '@xstate.event');
  expect(ball).toMatchObject({
    event: { type: 'ball.arrived' },
    sessionId: 'pong',
    sourceId: 'ping',
  });
});

test('tells of a child below its parent, and of the same events as XState itself', async () => {
  const child = setup({ actions: { greet: sendParent({ type: 'greeting' }) } }).createMachine({
    id: 'child',
    entry: 'greet',
  });
  const parent = setup({ actors: { child } }).createMachine({
    id: 'parent',
    initial: 'waiting',
    invoke: { id: 'kid', src: 'child' },
    states: { waiting: { on: { greeting: 'greeted' } }, greeted: {} },
  });
  const system = defineSystem({ name: 'family', actors: [{ address: 'parent', machine: parent }] });
  const seen = await inspected((observe) =>
    runSystem(system, { onStep: inspection(system, observe) }),
  );
  const kid = seen.find(({ sessionId }) => sessionId === 'parent/kid');
  expect(kid).toMatchObject({ name: 'kid', parentId: 'parent', type: '@xstate.actor' });
  const own: string[] = [];
  createActor(parent, {
    inspect: (event) => {
      if (event.type === '@xstate.event') own.push(event.event.type);
    },
  }).start();
  const told = seen.flatMap((event) => (event.type === '@xstate.event' ? [event.event.type] : []));
  expect(told).toContain('greeting');
  expect(own).toEqual(expect.arrayContaining(told));
  const last = seen.findLast((event) => event.type === '@xstate.snapshot');
  expect(last).toMatchObject({ sessionId: 'parent', snapshot: { value: 'greeted' } });
});

test('goes through every fault', async () => {
  for (let seed = 0; seed < 4; seed += 1) {
    const { run, system } = troubledRun(seed);
    const seen = await inspected((observe) => {
      runSystem(system, { onStep: inspection(system, observe), tape: run.tape });
    });
    expect(seen.length).toBeGreaterThan(run.steps.length / 2);
  }
});

test('tells machines of one id apart', () => {
  const [first, second] = ['first', 'second'].map((state) =>
    setup({}).createMachine({ id: 'twin', initial: state, states: { [state]: {} } }),
  );
  if (first === undefined || second === undefined) throw new Error('there are two');
  const system = defineSystem({
    name: 'twins',
    actors: [
      { address: 'one', machine: first },
      { address: 'two', machine: second },
    ],
  });
  const { world } = system.start();
  const logics = ['one', 'two'].map((address) => getIn(world.actors, address)?.logic ?? '');
  expect(logics.map((name) => system.logicOf(name))).toEqual([first, second]);
  expect(system.logicOf('nobody')).toBeUndefined();
});
