/** Whoever writes JavaScript is told what is wrong with a definition. */
import { expect, test } from 'vitest';
import { createMachine } from 'xstate';

import { defineSystem } from '../../src/index.ts';
import type { SystemDefinition } from '../../src/index.ts';
import { errorOf } from './refusals.ts';

const machine = createMachine({});
const fine = { actors: [{ address: 'a', machine }], name: 'fine' };

test.each<[object, string]>([
  [{ name: undefined }, 'name is undefined. Give a text.'],
  [{ actors: undefined }, 'actors is undefined. Give a list of actors.'],
  [{ actors: {} }, 'actors is an object. Give a list of actors.'],
  [{ actors: [{ address: 'a' }] }, 'actors[0] ("a").machine is undefined. Give an XState machine.'],
  [{ actors: [{ address: 'a', machine: {} }] }, 'actors[0] ("a").machine is an object'],
  [{ actors: ['a'] }, 'actors[0] is "a". Give an actor.'],
  [{ netwrok: {} }, 'netwrok means nothing. Known are: actors, faults, monitors, name, network,'],
  [{ actors: [{ address: 'a', inptus: [], machine }] }, 'actors[0] ("a").inptus means nothing.'],
  [
    { actors: [{ address: 'a', inputs: [{ type: 'go' }], machine }] },
    'actors[0] ("a").inputs[0].type means nothing. Known are: budget, event.',
  ],
  [
    { actors: [{ address: 'a', inputs: { event: 'go' }, machine }] },
    'actors[0] ("a").inputs is an object. Give a list of inputs, [{ event: {',
  ],
  [
    { actors: [{ address: 'a', inputs: ['go'], machine }] },
    'actors[0] ("a").inputs[0] is "go". Give an input, { event: {',
  ],
  [
    { actors: [{ address: 'a', inputs: [{ event: { type: 'go' } }, { event: 'go' }], machine }] },
    'actors[0] ("a").inputs[1].event is "go". Give an event, { type:',
  ],
  [
    { actors: [{ address: 'a', inputs: [{ budget: -1, event: { type: 'go' } }], machine }] },
    'actors[0] ("a").inputs[0].budget is -1. Give how often it may come',
  ],
  [
    { actors: [{ address: 'a', inputs: [{ event: { f: [() => 1], type: 'go' } }], machine }] },
    'a.inputs[0].event.f[0] is a function.',
  ],
  [{ actors: [{ machine }] }, 'actors[0].address is undefined. Give a name.'],
  [
    { actors: [{ address: 'a', durable: 'votes', machine }] },
    'actors[0] ("a").durable is "votes". Give a list of keys of its context.',
  ],
  [{ network: { link: 'fifo' } }, 'network.link means nothing. Known are: latency, links,'],
  [{ network: { links: 'lifo' } }, 'network.links is "lifo". Give "fifo" or "unordered" or'],
  [{ network: { toDownNode: 'kept' } }, 'network.toDownNode is "kept". Give "lost" or "refused".'],
  [{ unknownActors: 'ok' }, 'unknownActors is "ok". Give "error" or "dead-letter".'],
  [{ time: 'slow' }, 'time is "slow". Give "timed" or "untimed".'],
  [{ unhandled: true }, 'unhandled is true. Give "consume" or "keep".'],
  [{ faults: { lose: 1 } }, 'no fault "lose". There are drop, duplicate,'],
  [{ faults: { drop: -1 } }, 'The budget of "drop" is -1.'],
  [{ properties: [() => true] }, 'properties[0] is a function. Give a property: always('],
  [
    { properties: [{ holds: () => true, name: ' ', type: 'always' }] },
    'properties[0].name is " ". Give a text that says what holds.',
  ],
  [{ properties: [{ name: 'x', type: 'always' }] }, 'properties[0] is an object. Give a property'],
  [{ properties: [{ name: 'x', type: 'ever', holds: () => true }] }, 'properties[0] is an object'],
])('%o', (wrong, message) => {
  const definition = { ...fine, ...wrong } as unknown as SystemDefinition;
  expect(errorOf(() => defineSystem(definition))).toContain(message);
});

test('what is fine is fine', () => {
  expect(defineSystem(fine).name).toBe('fine');
});
