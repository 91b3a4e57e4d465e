/** What a definition must have before it can be made a system: users of JavaScript are not told by types. */
import { invariant } from '../core/errors.ts';
import type { Input } from '../kernel/rules.ts';
import { checkProperties } from './check-properties.ts';
import { checkFaults, checkMonitors, checkNetwork, checkPlan } from './check-surroundings.ts';
import {
  inWords,
  isCount,
  isRecord,
  keys,
  membersOf,
  requireForm,
  requireKeys,
  requireTexts,
  requireWord,
} from './definition-form.ts';
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

const functions = [
  ['picture', "a world's picture, (view) => pictureElement('svg', …)"],
  ['remarks', 'what is told of a run, (system, run) => [...]'],
  ['within', 'a question about a world, (view) => …'],
] as const;

/**
 * Checks the form of a definition, each of its fields.
 *
 * @throws {SimulationError} `runtime/bad-definition`, `runtime/unknown-fault`, `runtime/duplicate-property`.
 */
export function checkDefinition(definition: SystemDefinition): void {
  invariant(
    isRecord(definition),
    'runtime/bad-definition',
    `The definition of a system is ${inWords(definition)}. Give { name, actors }.`,
  );
  const { actors, faults = {}, monitors = [], name, network = {}, plan = [] } = definition;
  requireForm(typeof name === 'string' && name !== '', {
    key: 'name',
    value: name,
    wanted: 'a text',
  });
  const all = membersOf('actors', actors, 'a list of actors');
  requireKeys('', definition, definitionKeys);
  for (const [key, actor] of all) {
    requireForm(isRecord(actor), { key, value: actor, wanted: 'an actor' });
    checkActor(actor, key);
  }
  checkNetwork(network);
  requireWord('time', definition.time, ['timed', 'untimed']);
  requireWord('unhandled', definition.unhandled, ['consume', 'keep']);
  requireWord('unknownActors', definition.unknownActors, ['error', 'dead-letter']);
  for (const [key, wanted] of functions) {
    const value = definition[key];
    requireForm(value === undefined || typeof value === 'function', { key, value, wanted });
  }
  const { properties = [], rememberedMax = 0, symmetry = [] } = definition;
  requireForm(isCount(rememberedMax), {
    key: 'rememberedMax',
    value: rememberedMax,
    wanted: 'how many steps are remembered, a whole number',
  });
  const groups = "a list of groups of actors, [['rm1', 'rm2']]";
  for (const [key, group] of membersOf('symmetry', symmetry, groups))
    requireTexts(key, group, "a list of addresses, ['rm1', 'rm2']");
  checkFaults(faults);
  checkPlan(plan);
  checkMonitors(monitors);
  checkProperties(properties);
}

function checkActor(actor: ActorDefinition, at: string): void {
  const { address, durable = [], inputs = [], node } = actor;
  const place = typeof address === 'string' ? `${at} ("${address}")` : at;
  requireForm(typeof address === 'string', {
    key: `${at}.address`,
    value: address,
    wanted: 'a name',
  });
  const machine: unknown = actor.machine;
  const key = `${place}.machine`;
  requireForm(isLogic(machine), { key, value: machine, wanted: 'an XState machine' });
  requireKeys(`${place}.`, actor, actorKeys);
  requireForm(node === undefined || typeof node === 'string', {
    key: `${place}.node`,
    value: node,
    wanted: 'the name of what it fails with, a text',
  });
  requireTexts(`${place}.durable`, durable, 'a list of keys of its context');
  for (const flag of ['isSteadfast', 'mayFail'] as const) {
    const value: unknown = actor[flag];
    requireForm(value === undefined || value === true, {
      key: `${place}.${flag}`,
      value,
      wanted: 'true, or nothing',
    });
  }
  for (const [where, input] of membersOf(
    `${place}.inputs`,
    inputs,
    `a list of inputs, [${inputExample}]`,
  ))
    checkInput(input, where);
}

const inputExample = "{ event: { type: 'work.found' }, budget: 1 }";

function checkInput(input: Input, key: string): void {
  requireForm(isRecord(input), { key, value: input, wanted: `an input, ${inputExample}` });
  requireKeys(`${key}.`, input, inputKeys);
  const { budget, event } = input;
  requireForm(isRecord(event), { key: `${key}.event`, value: event, wanted: anEvent });
  const { type } = event;
  requireForm(typeof type === 'string', { key: `${key}.event.type`, value: type, wanted: anEvent });
  requireForm(budget === undefined || isCount(budget), {
    key: `${key}.budget`,
    value: budget,
    wanted: 'how often it may come, or nothing where there is no limit',
  });
}

const anEvent = "an event, { type: 'work.found' }";

function isLogic(value: unknown): boolean {
  return isRecord(value) && typeof value['transition'] === 'function';
}
