/** How fast-check's properties run: the same everywhere unless the environment says otherwise. */
import type { Parameters } from 'fast-check';

const seedDefault = 20_240_501;
const runsDefault = 100;

/**
 * Parameters for `fc.assert`: the seed from `ORRERY_SEED` and the number of runs from `ORRERY_RUNS`,
 * where these are set.
 *
 * @param runs how often a property runs where the environment says nothing.
 */
export function fromEnvironment(
  runs = runsDefault,
  environment: Environment = process.env,
): Required<Pick<Parameters, 'numRuns' | 'seed'>> {
  return {
    numRuns: numberIn(environment['ORRERY_RUNS'], runs),
    seed: numberIn(environment['ORRERY_SEED'], seedDefault),
  };
}

/** Variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

function numberIn(text: string | undefined, usual: number): number {
  const given = Number(text ?? usual);
  return Number.isSafeInteger(given) ? given : usual;
}
