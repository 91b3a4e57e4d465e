/** One call for all ways to look at a system. */
import { defined } from '../../core/defined.ts';
import { failsNever } from '../../runtime/fails-never.ts';
import type { Failure } from '../../runtime/failures.ts';
import type { Property } from '../../runtime/property.ts';
import { observeSystem } from '../../runtime/system.ts';
import type { ObservedSystem, System } from '../../runtime/system.ts';
import { variantOf } from '../../runtime/variant.ts';
import type { Violation } from '../violation.ts';
import { failureWords, lookTwice } from './look-twice.ts';
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
 * twice, to see whether something hidden has a say. Nothing is written. That an actor fails is a violation, too,
 * unless it is one that may (`mayFail`), or some properties alone are asked for.
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
  const failures = observed.failures();
  const failing = failingIn(observed.system, { failures, options });
  return {
    ...seen,
    coverage,
    notes: [...seen.notes, ...failures.map(failureWords)],
    properties: [...properties, ...failing.properties],
    reached: properties.flatMap(({ name }) => (seen.reached.includes(name) ? [name] : [])),
    system: observed.system,
    vacuous: watched.vacuous(seen.vacuous),
    violations: judged(observed.system, [...seen.violations, ...failing.violations], {
      properties: [...properties, ...failing.properties],
      isMadeSmall: options.shrink !== false,
    }),
  };
}

interface Failing {
  readonly properties: readonly Property[];
  readonly violations: readonly Violation[];
}

/**
 * Runs in which actors fail that were seen to, though nobody said that they may. That they do not is no property
 * that every check looks at: it would cost all of them, and so it is looked at where it is known to be broken.
 */
function failingIn(
  system: System,
  { failures, options }: { readonly failures: readonly Failure[]; readonly options: CheckOptions },
): Failing {
  const { actors } = system.definition;
  const mistaken = failures.filter(({ actor }) =>
    actors.some(({ address, mayFail }) => address === actor && mayFail !== true),
  );
  // Whoever asks for some properties wants to know of those.
  if (mistaken.length === 0 || options.properties !== undefined)
    return { properties: [], violations: [] };
  const asked = mistaken.map(({ actor }) => failsNever(actor));
  // A crew is manned for one search.
  const { crew: _, ...alone } = options;
  const { violations } = look({ properties: asked, system }, alone);
  const isBroken = ({ name }: Property): boolean =>
    violations.some(({ property }) => property === name);
  return { properties: asked.filter(isBroken), violations };
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
