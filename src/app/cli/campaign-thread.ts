/** A thread that carries out the jobs of a campaign. */
import { createCarrier } from './campaign/carrier.ts';

/** What the pool calls for each task. */
export const carryOut = createCarrier();
