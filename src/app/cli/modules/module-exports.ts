/** What a module of somebody's own gives: a system, or a scenario that makes one. */
import type { System } from '../../../runtime/system.ts';
import type { Scenario } from '../scenario.ts';

/** The scenario among the exports of a module, under whichever name; `undefined` where there is none. */
export function scenarioIn(loaded: Readonly<Record<string, unknown>>): Scenario | undefined {
  const exported = [loaded['default'], loaded['scenario'], loaded['system']];
  const scenario = exported.find(isScenario);
  if (scenario !== undefined) return { description: '', params: {}, ...scenario };
  const system = exported.find(isSystem);
  return system && { description: system.name, make: () => system, params: {} };
}

function isScenario(value: unknown): value is Pick<Scenario, 'make'> & Partial<Scenario> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'make' in value &&
    typeof value.make === 'function'
  );
}

/** Whether something is what `defineSystem` makes. */
export function isSystem(value: unknown): value is System {
  return (
    typeof value === 'object' &&
    value !== null &&
    'apply' in value &&
    typeof value.apply === 'function' &&
    'mechanics' in value &&
    'definition' in value
  );
}
