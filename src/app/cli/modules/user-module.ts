/** Somebody's own system, from a module in JavaScript or TypeScript. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { messageOf, SimulationError } from '../../../core/errors.ts';
import type { System } from '../../../runtime/system.ts';
import { isSimulationError } from '../failure.ts';
import type { Params, Scenario } from '../scenario.ts';
import type { PageScript } from './bundle.ts';
import { isSystem, scenarioIn } from './module-exports.ts';

/** Whether a scenario is named by a file. */
export function isModulePath(name: string): boolean {
  return /\.[cm]?[jt]s$/.test(name);
}

/**
 * Loads a system, `export default defineSystem(…)`, or a scenario with parameters,
 * `export const scenario = { description, params, make }`; each of them under either name.
 *
 * @throws {SimulationError} `cli/bad-module`, or what the module's own system is refused for.
 */
export async function loadScenario(path: string): Promise<Scenario> {
  const loaded = await load(path);
  const scenario = scenarioIn(loaded);
  if (scenario !== undefined) return checked(path, scenario);
  throw new SimulationError(
    'cli/bad-module',
    `"${path}" exports no system${inWords(loaded)}. Write export default defineSystem({ … }), ` +
      'or export const scenario = { params, make }.',
  );
}

async function load(path: string): Promise<Readonly<Record<string, unknown>>> {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-'));
  try {
    // Only whoever brings a module waits for the compiler.
    const { bundle } = await import('./bundle.ts');
    const file = join(folder, 'module.mjs');
    // Stacks then name the lines that somebody wrote.
    process.setSourceMapsEnabled(true);
    writeFileSync(file, await bundle(resolve(path)));
    const loaded: unknown = await import(pathToFileURL(file).href);
    return typeof loaded === 'object' && loaded !== null ? { ...loaded } : {};
  } catch (thrown) {
    throw isSimulationError(thrown) ? thrown : cannotBeLoaded(path, thrown);
  } finally {
    rmSync(folder, { force: true, recursive: true });
  }
}

/**
 * A script for the page, with all that the module imports.
 *
 * @throws {SimulationError} `cli/bad-module`, for a module that needs what only Node has too.
 */
export async function scriptOf(path: string): Promise<PageScript> {
  const { bundleForPage } = await import('./bundle.ts');
  try {
    return await bundleForPage(resolve(path));
  } catch (thrown) {
    throw cannotBeLoaded(path, thrown);
  }
}

function cannotBeLoaded(path: string, thrown: unknown): SimulationError {
  return new SimulationError(
    'cli/bad-module',
    `"${path}" cannot be loaded: ${messageOf(thrown)}.`,
    { cause: thrown },
  );
}

/** The scenario, whose mistakes are those of the module. */
function checked(path: string, scenario: Scenario): Scenario {
  const { description, params } = scenario;
  const mistake = (what: string): SimulationError =>
    new SimulationError('cli/bad-module', `In the scenario of "${path}", ${what}`);
  if (!isPlainObject(params))
    throw mistake(`params is ${kindOf(params)}. Give an object, { clients: 2 }.`);
  for (const [name, value] of Object.entries(params)) {
    if (!['boolean', 'number', 'string'].includes(typeof value))
      throw mistake(`params.${name} is ${kindOf(value)}. Give a number, a text, true or false.`);
  }
  if (typeof description !== 'string')
    throw mistake(`description is ${kindOf(description)}. Give a text, or nothing.`);
  const make = (given: Params): System => {
    let made: unknown;
    try {
      made = scenario.make(given);
    } catch (thrown) {
      if (isSimulationError(thrown)) throw thrown;
      throw mistake(`make threw: ${messageOf(thrown)}.`);
    }
    if (isSystem(made)) return made;
    throw mistake(`make gave ${kindOf(made)}. Let it return defineSystem({ … }), at once.`);
  };
  return { ...scenario, make };
}

/** What a module exports instead. */
function inWords(loaded: Readonly<Record<string, unknown>>): string {
  const exported = Object.entries(loaded).filter(([name]) => name !== '__esModule');
  if (exported.length === 0) return '';
  return `: its exports are ${exported.map(([name, value]) => `"${name}" (${kindOf(value)})`).join(', ')}`;
}

function kindOf(value: unknown): string {
  if (value instanceof Promise) return 'a promise: await it';
  if (typeof value === 'function') return 'a function: call it';
  if (Array.isArray(value)) return 'a list';
  if (isPlainObject(value))
    return 'actors' in value ? 'an object: give it to defineSystem' : 'an object';
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
