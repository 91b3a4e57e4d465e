/** What the page can open by name. */
import { parseProgram } from '../../../../actors/conformance/program.ts';
import type { ConformanceProgram } from '../../../../actors/conformance/program.ts';
import { SimulationError } from '../../../core/errors.ts';
import type { Json } from '../../../trace/trace.ts';
import type { Scenario } from '../../cli/scenario.ts';
import { scenariosWith } from '../../cli/scenarios/all.ts';

/** Scenarios by name. */
export type Catalogue = Readonly<Record<string, Scenario>>;

/** The listed scenarios; `lines` are those of the file of recorded programs. */
export function createCatalogue(lines: string): Catalogue {
  return scenariosWith((given) => programIn(lines, given));
}

/**
 * The scenario of that name.
 *
 * @throws {SimulationError} `viewer/unknown-scenario`.
 */
export function scenarioNamed(catalogue: Catalogue, name: string): Scenario {
  const found = Object.hasOwn(catalogue, name) ? catalogue[name] : undefined;
  if (found !== undefined) return found;
  throw new SimulationError(
    'viewer/unknown-scenario',
    `This page knows no scenario "${name}". If it is a system of your own, look at it with ` +
      '"orrery show TRACE --module ./my-system.ts"; else open it with the version that recorded it.',
  );
}

function programIn(lines: string, given: Json | undefined): ConformanceProgram {
  if (typeof given === 'object') return parseProgram(given);
  const programs = lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => parseProgram(JSON.parse(line)));
  const found = programs.find(({ id }) => id === given);
  if (found !== undefined) return found;
  throw new SimulationError(
    'viewer/unknown-program',
    `There is no program ${JSON.stringify(given)} here. There are ${programs.map(({ id }) => id).join(', ')}.`,
  );
}
