import { SimulationError } from '../../core/errors.ts';
import { checkProperties } from '../../runtime/check-properties.ts';
import type { Property } from '../../runtime/property.ts';
import type { SystemDefinition } from '../../runtime/system.ts';
import type { CheckOptions } from './options.ts';

/**
 * What must hold: all that the system carries, or those that are asked for.
 *
 * @throws {SimulationError} `explore/unknown-property` for a name that it has not.
 */
export function propertiesOf(
  { name, properties = [] }: SystemDefinition,
  asked: CheckOptions['properties'],
): readonly Property[] {
  if (asked === undefined) return properties;
  const found = asked.map((one) => {
    if (typeof one !== 'string') return one;
    const property = properties.find((known) => known.name === one);
    if (property === undefined) throw unknownProperty(name, one, properties);
    return property;
  });
  checkProperties(found);
  return found;
}

function unknownProperty(
  system: string,
  name: string,
  properties: readonly Property[],
): SimulationError {
  const known = properties.map((property) => `"${property.name}"`).join(', ');
  return new SimulationError(
    'explore/unknown-property',
    `"${system}" has no property "${name}". ` +
      (known === '' ? 'It has none.' : `It has ${known}.`),
  );
}
