/** What a definition must have before it can be made a system: users of JavaScript are not told by types. */
import { invariant } from '../core/errors.ts';
import type { FaultBudget } from '../kernel/rules.ts';
import type { Property } from './property.ts';
import type { SystemDefinition } from './system.ts';

const faultKinds: readonly string[] = [
  'drop',
  'duplicate',
  'crash',
  'restart',
  'pause',
  'partition',
] satisfies readonly (keyof FaultBudget)[];

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
  const { actors, faults = {}, name, properties = [], time, unhandled } = definition;
  requireForm(typeof name === 'string' && name !== '', {
    key: 'name',
    value: name,
    wanted: 'a text',
  });
  requireForm(Array.isArray(actors), { key: 'actors', value: actors, wanted: 'a list of actors' });
  for (const [index, actor] of actors.entries()) {
    const machine: unknown = actor.machine;
    const place = `actors[${index}]${typeof actor.address === 'string' ? ` ("${actor.address}")` : ''}`;
    const key = `${place}.machine`;
    requireForm(isLogic(machine), { key, value: machine, wanted: 'an XState machine' });
  }
  requireWord('time', time, ['timed', 'untimed']);
  requireWord('unhandled', unhandled, ['consume', 'keep']);
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
      faultKinds.includes(kind),
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
    invariant(
      !names.has(property.name),
      'runtime/duplicate-property',
      `Two properties are called "${property.name}". Give each a name of its own.`,
    );
    names.add(property.name);
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
