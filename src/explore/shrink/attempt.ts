import { SimulationError } from '../../core/errors.ts';

/**
 * What `make` gives, or `undefined` where it comes to a mistake of the system or of a property: a run that
 * does so is another failure than the one that is made smaller, so it is passed over.
 */
export function attempt<Made>(make: () => Made): Made | undefined {
  try {
    return make();
  } catch (thrown) {
    if (thrown instanceof SimulationError) return undefined;
    throw thrown;
  }
}
