/** How a mistake reaches the person who made it: one message, no stack. */
import { messageOf, SimulationError } from '../../core/errors.ts';
import { plain } from '../../trace/words.ts';

/** An error with a code; one that another copy of this package threw counts too. */
export function isSimulationError(thrown: unknown): thrown is SimulationError {
  return (
    thrown instanceof SimulationError ||
    (thrown instanceof Error && thrown.name === 'SimulationError' && 'code' in thrown)
  );
}

/** What is said of an error, and its code. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** The failure to report, its message in one line. */
export function failureOf(thrown: unknown): Failure {
  if (isSimulationError(thrown)) return { code: thrown.code, message: inOneLine(thrown.message) };
  return {
    code: 'cli/unexpected',
    message: inOneLine(`Something went wrong that Orrery did not foresee: ${messageOf(thrown)}`),
  };
}

/** What a compiler reports has several lines, and what a file held may hold anything. */
function inOneLine(text: string): string {
  return plain(text.replaceAll(/\s*\n\s*/g, ' ').trim());
}
