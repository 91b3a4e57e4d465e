import type { ClusterSetting, SwitchName } from '../../../actors/index.ts';
import { defineSystem, search, zero } from '../../../src/index.ts';
import type { SystemDefinition } from '../../../src/index.ts';

/** A program in which the hardened protocol with one switch on breaks an invariant, whatever the order. */
export interface SwitchCase {
  readonly breaks: string;
  readonly make: (setting: ClusterSetting) => SystemDefinition;
  readonly setting: ClusterSetting;
}

// More than it takes to find any of the bugs; without one, most programs have fewer worlds than that.
const statesMaxOfBug = 30_000;
const statesMaxWithout = 8_000;

/** The invariants that break with the switch on, of those that are asked for; all of them unless told. */
export function brokenWith(
  { make, setting }: SwitchCase,
  { isOn, name, only }: SwitchedSearch,
): readonly string[] {
  const switches = { ...setting.switches, [name]: isOn };
  const statesMax = isOn ? statesMaxOfBug : statesMaxWithout;
  const definition = make({
    network: { latency: [zero] },
    poolSize: 1,
    profile: 'hardened',
    ...setting,
    switches,
  });
  const properties = (definition.properties ?? []).filter(
    (property) => only === undefined || property.name === only,
  );
  const { violations } = search(defineSystem(definition), { properties, statesMax });
  return violations.map(({ property }) => property);
}

/** How a case is looked at. */
export interface SwitchedSearch {
  readonly isOn: boolean;
  readonly name: SwitchName;
  readonly only?: string;
}
