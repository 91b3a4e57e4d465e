/** What people are told of a run by its own system. */
import { messageOf, SimulationError } from '../core/errors.ts';
import type { Run } from '../kernel/run.ts';
import type { System } from './system.ts';

/**
 * What the system says of a run that has ended; nothing where it says nothing of any.
 *
 * @throws {SimulationError} `runtime/bad-remarks` where it throws, or gives what is no list of texts.
 */
export function remarksOf(system: System, run: Run): readonly string[] {
  const { remarks } = system.definition;
  if (remarks === undefined) return [];
  let said: unknown;
  try {
    said = remarks(system, run);
  } catch (thrown) {
    throw badRemarks(`threw: ${messageOf(thrown)}`, { cause: thrown });
  }
  if (Array.isArray(said) && said.every((line) => typeof line === 'string')) return said;
  throw badRemarks('gave what is no list of texts');
}

function badRemarks(what: string, options?: ErrorOptions): SimulationError {
  return new SimulationError(
    'runtime/bad-remarks',
    `In the definition of a system, remarks ${what}. Let it give a line of text for each remark, [] for none.`,
    options,
  );
}
