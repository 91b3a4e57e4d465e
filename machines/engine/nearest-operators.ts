/** What is told of operators that are none. */
import { nearestWords } from '../../src/core/nearest.ts';
import { operators } from './operators.ts';

/** A sentence with the names that come nearest to one that is none, of all operators or of these; or nothing. */
export function nearestOperators(
  given: string,
  names: readonly string[] = [...operators.keys()],
): string {
  return nearestWords(given, names);
}
