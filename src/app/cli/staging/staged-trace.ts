/** A trace file with the system that it names. */
import { invariant, messageOf, SimulationError } from '../../../core/errors.ts';
import type { System } from '../../../runtime/system.ts';
import { varied } from '../../../runtime/variant.ts';
import { tracedMaker } from '../../../trace/judged.ts';
import { readTrace } from '../../../trace/read.ts';
import type { Trace } from '../../../trace/trace.ts';
import { isSimulationError } from '../failure.ts';
import { readText } from '../files.ts';
import { findScenario } from '../find-scenario.ts';
import { stage } from '../scenario.ts';
import type { Staged } from '../scenario.ts';
import { scenarios } from '../scenarios.ts';

/** A trace and what to replay it on. */
export interface StagedTrace extends Staged {
  /** The file that it was read from. */
  readonly path: string;
  /** The system whose properties are meant: what made the run may be a variant that it is held against. */
  readonly stated: System;
  readonly trace: Trace;
}

/**
 * Reads a trace and makes its system. A trace never says which code to load: the module of a scenario of
 * one's own is named by whoever replays it.
 *
 * @throws {SimulationError} with the name of the file in front, for all that can be wrong with it.
 */
export async function stageTrace(
  path: string,
  modulePath: string | undefined,
): Promise<StagedTrace> {
  const text = readText(path);
  try {
    const trace = readTrace(text);
    const { name, params, variant } = trace.system;
    const staged = stage(name, await findScenario(modulePath ?? builtIn(name)), params);
    const stated = varied(staged.system, variant);
    return { ...staged, path, stated, system: tracedMaker(stated, trace.system), trace };
  } catch (thrown) {
    if (!isSimulationError(thrown)) throw thrown;
    throw new SimulationError(thrown.code, `"${path}": ${messageOf(thrown)}`, { cause: thrown });
  }
}

/** A trace must not say which file to load, so its name is never taken for a path. */
function builtIn(name: string): string {
  invariant(
    Object.hasOwn(scenarios, name),
    'cli/unknown-scenario',
    `it is of "${name}", which is none of the scenarios that "orrery list" lists. ` +
      'If it is a system of your own, name its module: --module ./my-system.ts.',
  );
  return name;
}
