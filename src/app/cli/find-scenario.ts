/** A scenario by its name. Clusters take long to load: so only for who asks for them. */
import { invariant, SimulationError } from '../../core/errors.ts';
import { nearestWords } from '../../core/nearest.ts';
import { isModulePath, loadScenario } from './modules/user-module.ts';
import type { Scenario } from './scenario.ts';
import { protocolScenarios } from './scenarios/protocols.ts';

/**
 * The scenario of that name, or that a module exports.
 *
 * @throws {SimulationError} `cli/unknown-scenario`, `cli/bad-module`, and all that `loadScenario` throws.
 */
export async function findScenario(name: string): Promise<Scenario> {
  if (isModulePath(name)) return loadScenario(name);
  const protocol = Object.hasOwn(protocolScenarios, name) ? protocolScenarios[name] : undefined;
  if (protocol !== undefined) return protocol;
  const { scenarios } = await import('./scenarios.ts');
  const known = Object.hasOwn(scenarios, name) ? scenarios[name] : undefined;
  if (known !== undefined) return known;
  invariant(
    !/[\\/]|\.[a-z]+$/i.test(name),
    'cli/bad-module',
    `"${name}" is no module: a system of your own comes from a file that ends in .ts, .js, .mts, .mjs, .cts or ` +
      '.cjs. A trace is replayed with orrery replay.',
  );
  const names = Object.keys(scenarios);
  throw new SimulationError(
    'cli/unknown-scenario',
    `There is no scenario "${name}".${nearestWords(name, names)} All ${names.length} are listed by orrery list; ` +
      'a module of your own is given by its path, as ./my-system.ts.',
  );
}
