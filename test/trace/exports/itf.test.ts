import { ofItf } from '@informalsystems/quint/dist/src/itf.js';
import { expect, test } from 'vitest';
import { assign, setup } from 'xstate';

import { pingPong } from '../../../examples/protocols/ping-pong.ts';
import { defineSystem, itf, runSystem } from '../../../src/index.ts';
import { troubledRun } from './runs.ts';

test('writes a state for each world, with numbers that TLA+ has', () => {
  const system = defineSystem(pingPong({ hits: 1 }));
  const trace = JSON.parse(itf(system, runSystem(system)));
  expect(trace['#meta'].format).toBe('ITF');
  expect(trace.vars).toEqual(['actors', 'clock', 'messages', 'step']);
  expect(trace.states).toHaveLength(3);
  expect(trace.states[1]).toMatchObject({
    '#meta': { index: 1 },
    clock: { '#bigint': '1000' },
    step: 'deliver ball.arrived ping -> pong',
    messages: [{ event: { type: 'ball.arrived' }, from: 'pong', to: 'ping' }],
  });
  expect(trace.states[1].actors['#map'][0][0]).toBe('ping');
});

test('says from where on a lasso comes again', () => {
  const system = defineSystem(pingPong({ hits: 3 }));
  expect(JSON.parse(itf(system, runSystem(system), { loopFrom: 2 })).loop).toBe(2);
});

test('is read by Quint, faults and all', () => {
  for (let seed = 0; seed < 8; seed += 1) {
    const { run, system } = troubledRun(seed);
    const states = ofItf(JSON.parse(itf(system, run)));
    expect(states).toHaveLength(run.steps.length);
    expect(states.every(({ kind }) => kind === 'app')).toBe(true);
  }
});

test('marks what TLA+ has no value for, and keeps odd records apart from cases of a union', () => {
  const odd = setup({
    actions: { change: assign({ empty: {} }) },
  }).createMachine({
    id: 'odd',
    context: { half: 0.5, none: null, 'a key': 1, union: { tag: 'a', value: 1 }, big: { '#b': 2 } },
    entry: 'change',
  });
  const system = defineSystem({ name: 'odd', actors: [{ address: 'odd', machine: odd }] });
  const trace = JSON.parse(itf(system, runSystem(system)));
  expect(Object.fromEntries(trace.states[0].actors['#map'][0][1].context['#map'])).toEqual({
    half: { '#unserializable': '0.5' },
    none: { '#unserializable': 'null' },
    'a key': { '#bigint': '1' },
    union: {
      '#map': [
        ['tag', 'a'],
        ['value', { '#bigint': '1' }],
      ],
    },
    big: { '#map': [['#b', { '#bigint': '2' }]] },
    empty: { '#map': [] },
  });
  expect(ofItf(trace)).toHaveLength(1);
});
