/** One call for all ways to look at a system. */
import { observeSystem } from '../../runtime/system.ts';
import type { System } from '../../runtime/system.ts';
import { variantOf } from '../../runtime/variant.ts';
import { look } from './look.ts';
import { requireSense } from './options.ts';
import type { CheckOptions } from './options.ts';
import { propertiesOf } from './properties.ts';
import type { Report } from './report.ts';
import { watchProperties } from './vacuity.ts';
import { judged } from './violations.ts';

const rememberedMaxDefault = 100_000;

/**
 * Checks a system: all its worlds, or some of its runs. What breaks a property is made small, and made
 * twice, to see whether something hidden has a say. Nothing is written.
 *
 * @throws {SimulationError} `explore/unknown-strategy`, `explore/unknown-property`,
 * `runtime/unknown-fault`, `explore/bad-option`, `explore/property-threw`, or whatever the system's own
 * mistake is.
 */
export function check(system: System, options: CheckOptions = {}): Report {
  requireSense(options);
  const definition = variantOf(system.definition, options);
  const properties = propertiesOf(definition, options.properties);
  const watched = watchProperties(properties);
  // What is watched is computed once: a system that tells what it does is slow to ask again.
  const observed = observeSystem({ rememberedMax: rememberedMaxDefault, ...definition });
  const seen = look({ properties: watched.properties, system: observed.system }, options);
  // What shrinking tries is not what was looked at.
  const coverage = observed.coverage();
  return {
    ...seen,
    coverage,
    properties,
    reached: properties.flatMap(({ name }) => (seen.reached.includes(name) ? [name] : [])),
    system: observed.system,
    vacuous: watched.vacuous(seen.vacuous),
    violations: judged(observed.system, seen.violations, {
      properties,
      isMadeSmall: options.shrink !== false,
    }),
  };
}
