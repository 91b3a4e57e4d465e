/** What a definition must have before it can be made a system: users of JavaScript are not told by types. */
import { invariant } from '../core/errors.ts';
import { faultKinds } from '../kernel/rules.ts';
import type { FaultBudget, Input } from '../kernel/rules.ts';
import type { NetworkOptions } from '../network/network.ts';
import type { Property } from './property.ts';
import type { ActorDefinition, SystemDefinition } from './system.ts';

/** A name that is misspelt would otherwise be as good as left out. */
const definitionKeys = keys<SystemDefinition>({
  actors: true,
  faults: true,
  monitors: true,
  name: true,
  network: true,
  picture: true,
  plan: true,
  properties: true,
  rememberedMax: true,
  remarks: true,
  symmetry: true,
  time: true,
  unhandled: true,
  unknownActors: true,
  within: true,
});

const actorKeys = keys<ActorDefinition>({
  address: true,
  durable: true,
  input: true,
  inputs: true,
  isSteadfast: true,
  machine: true,
  mayFail: true,
  node: true,
});

const inputKeys = keys<Input>({ budget: true, event: true });

const networkKeys = keys<NetworkOptions>({
  latency: true,
  links: true,
  partitions: true,
  rules: true,
  toDownNode: true,
});

const functions = [
  ['picture', "a world's picture, (view) => pictureElement('svg', …)"],
  ['remarks', 'what is told of a run, (system, run) => [...]'],
  ['within', 'a question about a world, (view) => …'],
] as const;

const predicates: Readonly<Record<Property['type'], readonly string[]>> = {
  agree: ['observe'],
  agreeAcross: ['observe'],
  always: ['holds'],
  atQuiescence: ['holds'],
  deadlockFree: ['isDone'],
  eventually: ['holds'],
  leadsTo: ['from', 'to'],
  never: ['holds'],
  sometimes: ['holds'],
};

/**
 * Checks the form of a definition.
 *
 * @throws {SimulationError} `runtime/bad-definition`, `runtime/unknown-fault`, `runtime/duplicate-property`.
 */
export function checkDefinition(definition: SystemDefinition): void {
  invariant(
    isRecord(definition),
    'runtime/bad-definition',
    `The definition of a system is ${inWords(definition)}. Give { name, actors }.`,
  );
  const { actors, faults = {}, name, network = {}, properties = [] } = definition;
  requireForm(typeof name === 'string' && name !== '', {
    key: 'name',
    value: name,
    wanted: 'a text',
  });
  requireForm(Array.isArray(actors), { key: 'actors', value: actors, wanted: 'a list of actors' });
  requireKeys('', definition, definitionKeys);
  for (const [index, actor] of actors.entries()) {
    requireForm(isRecord(actor), { key: `actors[${index}]`, value: actor, wanted: 'an actor' });
    checkActor(actor, `actors[${index}]`);
  }
  requireForm(isRecord(network), { key: 'network', value: network, wanted: 'an object' });
  requireKeys('network.', network, networkKeys);
  if (typeof network.links !== 'function')
    requireWord('network.links', network.links, ['fifo', 'unordered', 'persistent']);
  requireWord('network.toDownNode', network.toDownNode, ['lost', 'refused']);
  requireWord('time', definition.time, ['timed', 'untimed']);
  requireWord('unhandled', definition.unhandled, ['consume', 'keep']);
  requireWord('unknownActors', definition.unknownActors, ['error', 'dead-letter']);
  for (const [key, wanted] of functions) {
    const value = definition[key];
    requireForm(value === undefined || typeof value === 'function', { key, value, wanted });
  }
  checkFaultKinds(faults);
  checkProperties(properties);
}

/**
 * Checks that faults have names that mean something.
 *
 * @throws {SimulationError} `runtime/unknown-fault`.
 */
export function checkFaultKinds(faults: FaultBudget): void {
  for (const kind of Object.keys(faults)) {
    invariant(
      faultKinds.some((one) => one === kind),
      'runtime/unknown-fault',
      `There is no fault "${kind}". There are ${faultKinds.join(', ')}.`,
    );
  }
}

/**
 * Checks the form of properties, and that each has a name of its own.
 *
 * @throws {SimulationError} `runtime/bad-definition`, `runtime/duplicate-property`.
 */
export function checkProperties(properties: readonly Property[]): void {
  requireForm(Array.isArray(properties), {
    key: 'properties',
    value: properties,
    wanted: 'a list of properties',
  });
  const names = new Set<string>();
  for (const [index, property] of properties.entries()) {
    const asked = isRecord(property) ? predicates[property.type] : undefined;
    const isOne = asked?.every((key) => typeof Reflect.get(property, key) === 'function') === true;
    const wanted =
      'a property: always(name, holds), never(…), atQuiescence(…) and their like make one';
    requireForm(isOne, { key: `properties[${index}]`, value: property, wanted });
    requireForm(typeof property.name === 'string' && property.name.trim() !== '', {
      key: `properties[${index}].name`,
      value: property.name,
      wanted: 'a text that says what holds',
    });
    invariant(
      !names.has(property.name),
      'runtime/duplicate-property',
      `Two properties are called "${property.name}". Give each a name of its own.`,
    );
    names.add(property.name);
  }
}

function checkActor(actor: ActorDefinition, at: string): void {
  const place = typeof actor.address === 'string' ? `${at} ("${actor.address}")` : at;
  requireForm(typeof actor.address === 'string', {
    key: `${at}.address`,
    value: actor.address,
    wanted: 'a name',
  });
  const machine: unknown = actor.machine;
  const key = `${place}.machine`;
  requireForm(isLogic(machine), { key, value: machine, wanted: 'an XState machine' });
  requireKeys(`${place}.`, actor, actorKeys);
  const { durable = [], inputs = [] } = actor;
  const wanted = 'a list of keys of its context';
  requireForm(
    isListOf(durable, (name) => typeof name === 'string'),
    {
      key: `${place}.durable`,
      value: durable,
      wanted,
    },
  );
  for (const flag of ['isSteadfast', 'mayFail'] as const) {
    requireForm(actor[flag] === undefined || actor[flag], {
      key: `${place}.${flag}`,
      value: actor[flag],
      wanted: 'true, or nothing',
    });
  }
  requireForm(Array.isArray(inputs), {
    key: `${place}.inputs`,
    value: inputs,
    wanted: `a list of inputs, [${inputExample}]`,
  });
  for (const [index, input] of inputs.entries()) checkInput(input, `${place}.inputs[${index}]`);
}

const inputExample = "{ event: { type: 'work.found' }, budget: 1 }";

function checkInput(input: Input, key: string): void {
  requireForm(isRecord(input), { key, value: input, wanted: `an input, ${inputExample}` });
  requireKeys(`${key}.`, input, inputKeys);
  const { budget, event } = input;
  requireForm(isRecord(event), { key: `${key}.event`, value: event, wanted: anEvent });
  const { type } = event;
  requireForm(typeof type === 'string', { key: `${key}.event.type`, value: type, wanted: anEvent });
  requireForm(budget === undefined || (Number.isSafeInteger(budget) && budget >= 0), {
    key: `${key}.budget`,
    value: budget,
    wanted: 'how often it may come, or nothing where there is no limit',
  });
}

const anEvent = "an event, { type: 'work.found' }";

function isListOf(value: unknown, isOne: (member: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isOne);
}

function keys<Options>(all: Readonly<Record<keyof Options, true>>): readonly string[] {
  return Object.keys(all);
}

function requireKeys(place: string, value: object, known: readonly string[]): void {
  for (const key of Object.keys(value)) {
    invariant(
      known.includes(key),
      'runtime/bad-definition',
      `In the definition of a system, ${place}${key} means nothing. ` +
        `Known are: ${known.join(', ')}.`,
    );
  }
}

function requireWord(key: string, value: unknown, words: readonly unknown[]): void {
  const wanted = words.map((word) => `"${String(word)}"`).join(' or ');
  requireForm(value === undefined || words.includes(value), { key, value, wanted });
}

interface Expected {
  readonly key: string;
  readonly value: unknown;
  readonly wanted: string;
}

function requireForm(condition: boolean, { key, value, wanted }: Expected): void {
  invariant(
    condition,
    'runtime/bad-definition',
    `In the definition of a system, ${key} is ${inWords(value)}. Give ${wanted}.`,
  );
}

function isLogic(value: unknown): boolean {
  return isRecord(value) && 'transition' in value && typeof value['transition'] === 'function';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function inWords(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (isRecord(value)) return Array.isArray(value) ? 'a list' : 'an object';
  return typeof value === 'function' ? 'a function' : String(value);
}
