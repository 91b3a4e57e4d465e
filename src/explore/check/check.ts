/** One call for all ways to look at a system. */
import { defined } from '../../core/defined.ts';
import type { Property } from '../../runtime/property.ts';
import { observeSystem } from '../../runtime/system.ts';
import type { ObservedSystem, System } from '../../runtime/system.ts';
import { variantOf } from '../../runtime/variant.ts';
import { failureWords, lookTwice } from './look-twice.ts';
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
 * `runtime/unknown-fault`, `explore/bad-option`, `explore/property-threw`, `explore/property-undecided`,
 * `runtime/not-deterministic` for a machine that hides something, or whatever the system's own mistake is.
 */
export function check(system: System, options: CheckOptions = {}): Report {
  requireSense(options);
  const { observed, properties } = prepared(system, options);
  const watched = watchProperties(properties);
  const seen = lookTwice(observed, { options, properties: watched.properties });
  // What shrinking tries is not what was looked at.
  const coverage = observed.coverage();
  return {
    ...seen,
    coverage,
    notes: [...seen.notes, ...observed.failures().map(failureWords)],
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

interface Prepared {
  readonly observed: ObservedSystem;
  readonly properties: readonly Property[];
}

function prepared(system: System, options: CheckOptions): Prepared {
  const definition = {
    ...variantOf(system.definition, options),
    ...defined({ within: options.within ?? system.definition.within }),
  };
  return {
    // What is watched is computed once: a system that tells what it does is slow to ask again.
    observed: observeSystem({ rememberedMax: rememberedMaxDefault, ...definition }),
    properties: propertiesOf(definition, options.properties),
  };
}
