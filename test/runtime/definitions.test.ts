/** Whoever writes JavaScript is told what is wrong with a definition. */
import { expect, test } from 'vitest';
import { createMachine } from 'xstate';

import {
  agreeAcross,
  deadlockFree,
  defineSystem,
  leadsTo,
  never,
  operationHistory,
} from '../../src/index.ts';
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
  [
    { properties: [{ name: 'x', type: 'always' }] },
    'properties[0].holds is undefined. Give always(name, holds), where holds is a function of a world',
  ],
  [
    { properties: [deadlockFree('done' as never, (() => true) as never)] },
    'properties[0].isDone is "done". Give deadlockFree(isDone, name), in this order.',
  ],
  [
    { properties: [leadsTo('x', undefined as never)] },
    'properties[0].from is undefined. Give leadsTo(name, { from, to }), where from',
  ],
  [{ properties: { a: never('x', () => false) } }, 'properties is an object. Give a list of prop'],
  [{ properties: null }, 'properties is null. Give a list of properties.'],
  [{ properties: [[]] }, 'properties[0] is a list. Give a property'],
  [
    { properties: [agreeAcross('x', [{}] as never, () => 1)] },
    'properties[0].systems[0] is an object. Give a system that defineSystem(…) made.',
  ],
  [{ monitors: [operationHistory] }, 'monitors[0] is a function. Give what it gives when it is'],
  [{ monitors: { h: operationHistory() } }, 'monitors is an object. Give a list of monitors'],
  [{ monitors: [{ name: 'm' }] }, 'monitors[0].facts is undefined. Give the facts that it is told'],
  [
    { monitors: [{ ...operationHistory(), facts: ['emited'] }] },
    'monitors[0].facts[0] is "emited". Give the facts that it is told, of received, emitted,',
  ],
  [{ monitors: [{ ...operationHistory(), name: 1 }] }, 'monitors[0].name is 1. Give a name, by'],
  [{ monitors: [{ ...operationHistory(), step: {} }] }, 'monitors[0].step is an object. Give a'],
  [
    { monitors: [{ ...operationHistory(), initial: undefined }] },
    'monitors[0].initial is undefined. Give its state before anything happened',
  ],
  [{ monitors: [operationHistory(), operationHistory()] }, 'Two monitors are called "history".'],
  [{ actors: [{ address: 'a', machine, node: 7 }] }, 'actors[0] ("a").node is 7. Give the name of'],
  [
    { actors: [{ address: 'a', machine, mayFail: 'yes' }] },
    'actors[0] ("a").mayFail is "yes". Give true, or nothing.',
  ],
  [{ actors: [[]] }, 'actors[0] is a list. Give an actor.'],
  [{ network: 'fifo' }, `network is "fifo". Give an object, { links: 'fifo'`],
  [{ network: { latency: 5 } }, 'network.latency is 5. Give a list of durations, [ms(1), ms(5)].'],
  [
    { network: { latency: ['5ms'] } },
    'network.latency[0] is "5ms". Give a duration such as ms(5).',
  ],
  [{ network: { rules: {} } }, 'network.rules is an object. Give a list of rules'],
  [{ network: { rules: ['drop'] } }, 'network.rules[0] is "drop". Give a rule'],
  [{ network: { partitions: {} } }, 'network.partitions is an object. Give a list of partitions'],
  [
    { network: { partitions: [{ groups: ['a'], name: 'p' }] } },
    'network.partitions[0].groups[0] is "a". Give a list of nodes',
  ],
  [
    { network: { partitions: [{ groups: [], messages: 'lose', name: 'p' }] } },
    'network.partitions[0].messages is "lose". Give "hold" or "drop".',
  ],
  [{ faults: 1 }, 'faults is 1. Give how many of each kind may come, { drop: 1, crash: 1 }.'],
  [{ faults: { drop: '1' } }, 'faults.drop is "1". Give how many may come, a whole number.'],
  [{ plan: {} }, 'plan is an object. Give a list of faults'],
  [{ plan: [{ fault: { node: 'a', type: 'crash' } }] }, 'plan[0].after is undefined. Give a dur'],
  [{ plan: [{ after: 0, fault: 'crash' }] }, 'plan[0].fault is "crash". Give a fault, { type:'],
  [{ plan: [{ after: 0, fault: { type: 'crahs' } }] }, 'plan[0].fault.type is "crahs". Give "cra'],
  [{ symmetry: ['a', 'b'] }, `symmetry[0] is "a". Give a list of addresses, ['rm1', 'rm2'].`],
  [{ symmetry: true }, 'symmetry is true. Give a list of groups of actors'],
  [{ rememberedMax: 'all' }, 'rememberedMax is "all". Give how many steps are remembered'],
  [{ within: true }, 'within is true. Give a question about a world, (view) => ….'],
  [{ properties: [{ name: 'x', type: 'ever', holds: () => true }] }, 'properties[0] is an object'],
])('%o', (wrong, message) => {
  const definition = { ...fine, ...wrong } as unknown as SystemDefinition;
  expect(errorOf(() => defineSystem(definition))).toContain(message);
});

test('what is fine is fine', () => {
  expect(defineSystem(fine).name).toBe('fine');
});

test.each([
  [undefined, 'undefined. Give { name, actors }.'],
  [[fine], 'a list. Give { name, actors }.'],
  [() => fine, 'a function. Give { name, actors }.'],
])('what is no definition is no system: %o', (wrong, words) => {
  expect(errorOf(() => defineSystem(wrong as never))).toContain(
    `runtime/bad-definition: The definition of a system is ${words}`,
  );
});
