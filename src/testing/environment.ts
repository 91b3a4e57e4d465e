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
export function fromEnvironment(runs = runsDefault): Pick<Parameters, 'numRuns' | 'seed'> {
  return {
    numRuns: numberIn('ORRERY_RUNS', runs),
    seed: numberIn('ORRERY_SEED', seedDefault),
  };
}

function numberIn(name: string, usual: number): number {
  const given = Number(process.env[name] ?? usual);
  return Number.isSafeInteger(given) ? given : usual;
}
