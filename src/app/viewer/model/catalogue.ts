/** What the page can open by name. */
import { parseProgram } from '../../../../actors/conformance/program.ts';
import type { ConformanceProgram } from '../../../../actors/conformance/program.ts';
import { SimulationError } from '../../../core/errors.ts';
import type { Json } from '../../../trace/trace.ts';
import { scenarioIn } from '../../cli/modules/module-exports.ts';
import type { Scenario } from '../../cli/scenario.ts';
import { scenariosWith } from '../../cli/scenarios/all.ts';

/** Scenarios by name. */
export type Catalogue = Readonly<Record<string, Exhibited>>;

/** A scenario, and whether it is somebody's own. */
export interface Exhibited extends Scenario {
  readonly isOwn?: true;
}

/** The listed scenarios; `lines` are those of the file of recorded programs. */
export function createCatalogue(lines: string): Catalogue {
  return scenariosWith((given) => programIn(lines, given));
}

/**
 * What can be opened when a page brings somebody's own system along, which comes first.
 *
 * @throws {SimulationError} `viewer/bad-module`.
 */
export function withOwn(catalogue: Catalogue, { exports, name }: OwnModule): Catalogue {
  const scenario =
    typeof exports === 'object' && exports !== null ? scenarioIn({ ...exports }) : undefined;
  if (scenario !== undefined) return { ...catalogue, [name]: { ...scenario, isOwn: true } };
  throw new SimulationError(
    'viewer/bad-module',
    'The system that came with this page did not start in this browser. Its console says why.',
  );
}

/** What a module exports, and what traces and addresses call its scenario. */
export interface OwnModule {
  readonly exports: unknown;
  readonly name: string;
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
    `This page knows no scenario "${name}". If it is a system of your own, open it with ` +
      '"orrery open TRACE --module ./my-system.ts"; else open it with the version that recorded it.',
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
