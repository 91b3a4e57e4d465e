/** What is a property, and what of it is a mistake. */
import { invariant } from '../core/errors.ts';
import { isRecord, membersOf, requireForm } from './definition-form.ts';
import type { Property } from './property.ts';

/** What `allOf` joins are functions too. */
function requireParts(question: unknown, key: string): void {
  if (typeof question !== 'function' || !('parts' in question)) return;
  const { parts } = question;
  if (!Array.isArray(parts)) return;
  for (const [index, value] of parts.entries()) {
    const place = `${key}.parts[${index}]`;
    const wanted = 'allOf([…]) functions of a world, (view) => …';
    requireForm(typeof value === 'function', { key: place, value, wanted });
    requireParts(value, place);
  }
}

interface Signature {
  /** What makes one. */
  readonly call: string;
  readonly functions: readonly string[];
}

const signatures: Readonly<Record<Property['type'], Signature>> = {
  agree: { call: 'agree(name, observe)', functions: ['observe'] },
  agreeAcross: { call: 'agreeAcross(name, systems, observe)', functions: ['observe'] },
  always: { call: 'always(name, holds)', functions: ['holds'] },
  atQuiescence: { call: 'atQuiescence(name, holds)', functions: ['holds'] },
  deadlockFree: { call: 'deadlockFree(isDone, name)', functions: ['isDone'] },
  eventually: { call: 'eventually(name, holds)', functions: ['holds'] },
  leadsTo: { call: 'leadsTo(name, { from, to })', functions: ['from', 'to'] },
  never: { call: 'never(name, holds)', functions: ['holds'] },
  sometimes: { call: 'sometimes(name, holds)', functions: ['holds'] },
};

const aProperty =
  'a property: always(name, holds), never(…), atQuiescence(…) and their like make one';

/**
 * Checks the form of properties, and that each has a name of its own.
 *
 * @throws {SimulationError} `runtime/bad-definition`, `runtime/duplicate-property`.
 */
export function checkProperties(properties: readonly Property[]): void {
  const names = new Set<string>();
  for (const [key, property] of membersOf('properties', properties, 'a list of properties')) {
    requireForm(isProperty(property), { key, value: property, wanted: aProperty });
    checkProperty(property, key);
    invariant(
      !names.has(property.name),
      'runtime/duplicate-property',
      `Two properties are called "${property.name}". Give each a name of its own.`,
    );
    names.add(property.name);
  }
}

function isProperty(property: Property): boolean {
  return isRecord(property) && Object.hasOwn(signatures, property.type);
}

function checkProperty(property: Property, key: string): void {
  const { call, functions } = signatures[property.type];
  const { name } = property;
  for (const part of functions) {
    const value: unknown = Reflect.get(property, part);
    const isSwapped = typeof value === 'string' && typeof name === 'function';
    const wanted = isSwapped
      ? `${call}, in this order`
      : `${call}, where ${part} is a function of a world, (view) => …`;
    requireForm(typeof value === 'function', { key: `${key}.${part}`, value, wanted });
    requireParts(value, `${key}.${part}`);
  }
  requireForm(typeof name === 'string' && name.trim() !== '', {
    key: `${key}.name`,
    value: name,
    wanted: 'a text that says what holds',
  });
  if (property.type !== 'agreeAcross') return;
  for (const [place, system] of membersOf(`${key}.systems`, property.systems, 'a list of systems'))
    requireForm(isRecord(system) && 'definition' in system && 'mechanics' in system, {
      key: place,
      value: system,
      wanted: 'a system that defineSystem(…) made',
    });
}
